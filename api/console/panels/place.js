import { html } from "../ui.js"

export const Place = ({ id }) => html`<h2 tabindex="-1">Place ${id}</h2>`
