// What changed since: a date on the known clock, or a position of the log, to compare with.
import { useApp } from "../context.js"
import { t } from "../texts.js"
import { html, useEffect, useState } from "../ui.js"

/** What `settings.since` says, as parameters of a comparison; null when there is nothing to compare with. */
export function againstOf(since) {
  if (!since) return null
  return since[0] === "@" ? { against_log_position: Number(since.slice(1)) } : { against_known_at: since }
}

const draftOf = (since) =>
  since?.[0] === "@" ? { date: "", log: since.slice(1) } : { date: since ?? "", log: "" }

/** What is typed stays until it is sent, whatever is drawn anew meanwhile; one of the two, not both. */
export function SinceForm() {
  const { settings, set } = useApp()
  const [draft, setDraft] = useState(draftOf(settings.since))
  useEffect(() => setDraft(draftOf(settings.since)), [settings.since])
  const compare = (event) => {
    event.preventDefault()
    const { date, log } = event.target.elements // as they are: the draft may be one drawing behind
    const since = log.value ? `@${log.value}` : date.value
    if (since) set({ since, open: "compare" })
  }
  const type = (name, other) => (event) => {
    const { value } = event.target
    setDraft((former) => ({ [name]: value, [other]: value ? "" : former[other] }))
  }
  return html`<form class="since" onSubmit=${compare}>
    <fieldset>
      <legend>${t("compare.since")}</legend>
      <label>
        <span>${t("compare.date")}</span>
        <input type="date" name="date" value=${draft.date} onInput=${type("date", "log")} />
      </label>
      <label>
        <span>${t("compare.position")}</span>
        <input type="number" name="log" min="0" step="1" value=${draft.log} onInput=${type("log", "date")} />
      </label>
      <button>${t("compare.compare")}</button>
    </fieldset>
  </form>`
}
