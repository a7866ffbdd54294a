import { html } from "../ui.js"

export const Correct = ({ id }) => html`<h2 tabindex="-1">Correct ${id}</h2>`
export const Retract = ({ id }) => html`<h2 tabindex="-1">Retract ${id}</h2>`
