import { html } from "../ui.js"

export const Key = ({ id }) => html`<h2 tabindex="-1">Key ${id}</h2>`
