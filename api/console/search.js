import { html } from "./ui.js"

export const Search = () => html`<div class="search"></div>`
