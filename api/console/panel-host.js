// The panel beside the map: what was opened last, over the place that is chosen, over the list of places.
import { useApp } from "./context.js"
import { isPanel, usePanel } from "./panels/catalogue.js"
import { openedOf } from "./settings.js"
import { t } from "./texts.js"
import { html, useEffect, useRef } from "./ui.js"

export function PanelHost({ places, day, news, asked }) {
  const { settings, open, set, tag } = useApp()
  const element = useRef(null)
  const { what, id } = openedOf(settings)
  const name = isPanel(what) ? what : settings.place ? "place" : "places"
  const Panel = usePanel(name)
  const key = `${name}:${name === "place" ? settings.place : id}`
  const close = () => (isPanel(what) ? open(null) : set({ place: null }))

  // Who opens something by keyboard is led to it: so a panel keeps one heading from its first drawing on. One
  // that gave way to another when the answer came would take the focus with it.
  const former = useRef(key)
  useEffect(() => {
    if (former.current === key || Panel === null) return
    element.current.querySelector("h2")?.focus({ preventScroll: true })
    element.current.scrollTop = 0
    former.current = key
  }, [key, Panel])

  const leave = ({ key: pressed, target }) => {
    if (pressed === "Escape" && name !== "places" && !target.closest("input, select, textarea")) close()
  }
  return html`<aside class="panel" id="panel" ref=${element} aria-label=${t("shell.panel")} tabindex="-1" onKeyDown=${leave}>
    ${name !== "places" &&
    html`<button class="close" onClick=${close}>
      <span aria-hidden="true">←</span> ${t(name !== "place" && settings.place ? "shell.back" : "shell.close")}
    </button>`}
    ${Panel === null
      ? html`<p class="quiet" role="status">${t("shell.loading")}</p>`
      : html`<${Panel}
          key=${`${key}:${tag}`}
          id=${name === "place" ? settings.place : id}
          places=${places}
          day=${day}
          news=${news}
          asked=${asked}
        />`}
  </aside>`
}
