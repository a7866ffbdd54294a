import { html } from "../ui.js"

export const Disagreements = ({ id }) => html`<h2 tabindex="-1">Disagreements ${id}</h2>`
