import { html } from "../ui.js"

export const Development = ({ id }) => html`<h2 tabindex="-1">Development ${id}</h2>`
