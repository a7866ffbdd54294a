import { html } from "../ui.js"

export const Actor = ({ id }) => html`<h2 tabindex="-1">Actor ${id}</h2>`
