import { html } from "../ui.js"

export const Claim = ({ id }) => html`<h2 tabindex="-1">Claim ${id}</h2>`
