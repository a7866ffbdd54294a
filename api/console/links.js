// Links within the page. Each has the address of what it leads to, to be copied or opened beside this one.
import { useApp } from "./context.js"
import { writeSettings } from "./settings.js"
import { html } from "./ui.js"

/** A link to what the page shows with other settings. */
export function Goes({ patch, children, ...more }) {
  const { settings, set } = useApp()
  const go = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    set(patch)
  }
  return html`<a href=${`./${writeSettings({ ...settings, ...patch })}`} onClick=${go} ...${more}>${children}</a>`
}

/** A link that opens something: a development, a claim, an actor. */
export const To = ({ what, id, children }) => html`<${Goes} patch=${{ open: `${what}:${id}` }}>${children}<//>`

/** A link to a place. */
export const ToPlace = ({ id, children }) => html`<${Goes} patch=${{ place: id, open: null }}>${children}<//>`
