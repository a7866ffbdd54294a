// Archiving a document on the spot, so that it can be cited.
import { post } from "../ask.js"
import { today } from "../dates.js"
import { Problem } from "../problem.js"
import { t } from "../texts.js"
import { html, useState } from "../ui.js"
import { noteArchived } from "./documents.js"
import { useDraft, writtenOf } from "./drafts.js"
import { assign } from "./faults.js"
import { Field } from "./fields.js"
import { useOnce } from "./once.js"
import { fieldsOf } from "./schema-fields.js"

const FIRST = ["publisher", "title", "published", "url", "language", "text"]

/** An id for who leaves that to the page: publisher and day, and something to tell it from others of that day. */
const makeId = ({ publisher, published }, once) =>
  [publisher, published && /^\d{4}(-\d\d){0,2}$/.test(published) ? published : today(), once.slice(0, 6)].join("-")

export function Archive({ path, components, done }) {
  const [draft, set, clear] = useDraft(`archive ${path}`, {})
  const [refused, setRefused] = useState(null)
  const [sending, setSending] = useState(false)
  const once = useOnce()
  const fields = fieldsOf(components.DocumentWritten, components)
  const first = FIRST.map((name) => fields.find((field) => field.name === name))
  const rest = fields.filter((field) => !first.includes(field))
  const paths = fields.map(({ name }) => `${path}.new.${name}`)
  const told = (refused?.errors ?? []).map((fault) => ({ ...fault, path: `${path}.new.${fault.path}` }))
  const faults = assign(told, paths)

  const archive = async () => {
    const written = writtenOf(draft, fields) ?? {}
    const name = once(JSON.stringify(written))
    const body = { ...written, id: written.id ?? (written.publisher ? makeId(written, name) : undefined) }
    setSending(true)
    try {
      await post("v1/documents", body, { once: name })
      noteArchived()
      clear()
      done(body.id)
    } catch (problem) {
      setRefused(problem)
    }
    setSending(false)
  }
  const draw = (field) => html`<${Field}
    key=${field.name}
    field=${{ ...field, required: field.required && field.name !== "id" }}
    path=${`${path}.new.${field.name}`}
    value=${draft[field.name]}
    set=${(value) => set({ [field.name]: value })}
    form=${{ draft, faults, components, anchor: today() }}
  />`
  const elsewhere = faults.get("")
  const press = (event) => {
    if (event.key !== "Enter" || event.target.type !== "text") return
    event.preventDefault() // or the form around it would be sent
    archive()
  }
  return html`<div class="group" role="group" aria-label=${t("fields.archive")} onKeyDown=${press}>
    <p class="help">${t("fields.archive_help")}</p>
    ${first.map(draw)}
    <details open=${rest.some(({ name }) => faults.has(`${path}.new.${name}`))}>
      <summary>${t("fields.more")}</summary>
      ${rest.map(draw)}
    </details>
    ${refused && (!refused.errors.length || elsewhere) && html`<${Problem} problem=${refused} />`}
    ${refused?.errors.length > 0 && html`<p class="error" role="alert">${t("fields.archive_refused")}</p>`}
    <button type="button" disabled=${sending} onClick=${archive}>${t("fields.archive_now")}</button>
  </div>`
}
