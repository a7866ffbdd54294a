import { html } from "../ui.js"

export const Report = ({ id }) => html`<h2 tabindex="-1">Report ${id}</h2>`
