// What was recorded while the page is open, the newest first.
import { useApp } from "../context.js"
import { writeInstant } from "../dates.js"
import { number, t, word } from "../texts.js"
import { html } from "../ui.js"

const EDITORIAL = new Set(["corrected", "retracted", "linked"])

export function News({ news }) {
  const { settings, set } = useApp()
  const pinned = settings.log_position !== null
  return html`<h2 tabindex="-1">${t("news.title")}</h2>
    <p class="quiet" role="status">${t(news.connected ? "news.connected" : "news.away")}</p>
    ${pinned &&
    html`<p>${t("news.pinned")} <button onClick=${() => set({ log_position: null })}>${t("clocks.unpin")}</button></p>`}
    ${news.news.length === 0 && html`<p>${t("news.none")}</p>`}
    <ul class="list">
      ${news.news.map((event) => html`<${Item} key=${event.log_position} event=${event} />`)}
    </ul>`
}

function Item({ event }) {
  const { open, pick } = useApp()
  const [sort, id] = event.stream.split(/:(.*)/s)
  const look = { development: () => open("development", id), location: () => pick(id), actor: () => open("actor", id) }[sort]
  const said = EDITORIAL.has(event.topic) ? event.event.reason : (event.event.summary ?? event.event.name ?? event.event.title)
  const words = html`<span>
      <strong>${word("topics", event.topic) === event.topic ? word("kinds", event.topic) : word("topics", event.topic)}</strong>
      ${" "}${said ?? id}
    </span>
    <span class="quiet">${t("clocks.position", { n: number(event.log_position) })}, ${writeInstant(event.recorded_at, { short: true })}</span>`
  return html`<li>${look ? html`<button class="row" onClick=${look}>${words}</button>` : html`<div class="row">${words}</div>`}</li>`
}
