// What changed since: a date on the known clock, or a position of the log, to compare with.
import { useApp } from "../context.js"
import { t } from "../texts.js"
import { html } from "../ui.js"

/** What `settings.since` says, as parameters of a comparison; null when there is nothing to compare with. */
export function againstOf(since) {
  if (!since) return null
  return since[0] === "@" ? { against_log_position: Number(since.slice(1)) } : { against_known_at: since }
}

export function SinceForm() {
  const { settings, set } = useApp()
  const position = settings.since?.[0] === "@" ? settings.since.slice(1) : ""
  const compare = (event) => {
    event.preventDefault()
    const { date, log } = event.target.elements
    const since = log.value ? `@${log.value}` : date.value
    if (since) set({ since, open: "compare" })
  }
  const alone = (name) => (event) => {
    if (event.target.value) event.target.form.elements[name].value = ""
  }
  return html`<form class="since" onSubmit=${compare}>
    <fieldset>
      <legend>${t("compare.since")}</legend>
      <label>
        <span>${t("compare.date")}</span>
        <input type="date" name="date" value=${position ? "" : settings.since} onInput=${alone("log")} />
      </label>
      <label>
        <span>${t("compare.position")}</span>
        <input type="number" name="log" min="0" step="1" value=${position} onInput=${alone("date")} />
      </label>
      <button>${t("compare.compare")}</button>
    </fieldset>
  </form>`
}
