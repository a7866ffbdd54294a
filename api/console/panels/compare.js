import { html } from "../ui.js"

export const Compare = ({ id }) => html`<h2 tabindex="-1">Compare ${id}</h2>`
