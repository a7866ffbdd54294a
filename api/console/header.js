// The head of the page: its name, search, what is new, and how the page looks and speaks.
import { useApp } from "./context.js"
import { Search } from "./search.js"
import { LANGUAGES, number, t } from "./texts.js"
import { classes, html } from "./ui.js"

export function Header({ news }) {
  const { settings, set, open, dark, tag } = useApp()
  const button = (what, label = t(`shell.${what}`)) => html`<button
    class=${classes("plain", settings.open === what && "on")}
    aria-expanded=${settings.open === what}
    onClick=${() => open(settings.open === what ? null : what)}
  >
    ${label}
  </button>`
  const look = t(dark ? "shell.to_light" : "shell.to_dark")
  return html`<header class="head">
    <h1><a href="./" onClick=${(event) => home(event, set)}>Palimpsest</a></h1>
    <${Search} />
    <nav aria-label=${t("shell.sections")}>
      ${button("disagreements")} ${button("report")} ${button("legend")}
      <${Mark} news=${news} />
      <label class="tongue">
        <span class="unseen">${t("shell.language")}</span>
        <select value=${tag} onChange=${({ target }) => set({ lang: target.value })}>
          ${Object.entries(LANGUAGES).map(([each, name]) => html`<option value=${each} lang=${each}>${name}</option>`)}
        </select>
      </label>
      <button class="plain" title=${look} onClick=${() => set({ theme: dark ? "light" : "dark" })}>
        <span aria-hidden="true">${dark ? "☀" : "☾"}</span><span class="unseen">${look}</span>
      </button>
    </nav>
  </header>`
}

function home(event, set) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  set({ place: null, open: null })
}

/** The quiet mark: whether the page hears of what is recorded, and how much came that nobody looked at yet. */
function Mark({ news }) {
  const { settings, open } = useApp()
  const state = news.unseen
    ? t("news.unseen", { n: news.unseen, count: number(news.unseen) })
    : t(news.connected ? "news.connected" : "news.away")
  return html`<button
    class=${classes("plain mark", news.connected && "connected", news.unseen && "new")}
    aria-expanded=${settings.open === "news"}
    title=${state}
    onClick=${() => {
      news.seen()
      open(settings.open === "news" ? null : "news")
    }}
  >
    <span class="lamp" aria-hidden="true"></span>
    <span role="status">${news.unseen ? number(news.unseen) : ""}<span class="unseen">${state}</span></span>
  </button>`
}
