// The form of a development, drawn from the schema of its kind. What is wrong with it the API says.
import { today } from "../dates.js"
import { Asked, Problem } from "../problem.js"
import { t, word } from "../texts.js"
import { html, useEffect, useRef, useState } from "../ui.js"
import { useDocuments } from "./documents.js"
import { useDraft, writtenOf } from "./drafts.js"
import { assign, idOf, pathsOf } from "./faults.js"
import { Field } from "./fields.js"
import { useOnce } from "./once.js"
import { Labelled, labelOf } from "./parts.js"
import { resolveWords } from "./reading.js"
import { arrange } from "./schema-fields.js"
import { useSchemas } from "./schemas.js"

const FAMILIES = ["claim", "answer", "assessment", "happening"]
const REASON = Object.freeze({ name: "reason", sort: "long-text", required: true })

/** A form for one development. `name` is that of its draft, `start` what that is at first. `send(body, once, draft)`
 * sends it and throws what is refused; `done(receipt, body)` is told when it is recorded. In a correction the draft has
 * what it replaces as `recorded`, and a reason is asked for. `help(problem, {draft, set, settle})` is shown with what
 * was refused. */
export const DevelopmentForm = (more) => html`<${Asked} asked=${useSchemas()}>
  ${(schemas) => html`<${Form} schemas=${schemas} ...${more} />`}
<//>`

function Form({ schemas: { kinds, components }, name, start, action, send, done, help }) {
  const [draft, set, clear] = useDraft(name, start)
  const { recorded = null } = draft
  const [refused, setRefused] = useState(null)
  const [sending, setSending] = useState(false)
  const once = useOnce()
  const anchor = useAnchor(draft)
  const kind = kinds.find((each) => each.kind === draft.kind)
  const sections = kind ? arrange(kind, kinds, components) : { main: [], when: [], sources: [], more: [] }
  const fields = Object.values(sections)
    .flat()
    .filter(({ name: each }) => !recorded || each !== "id")
  const paths = ["kind", ...(recorded ? ["reason"] : []), ...pathsOf(fields, draft)]
  const faults = assign(refused?.faults ?? [], paths)

  const submit = async (event) => {
    event.preventDefault()
    if (sending) return
    setSending(true)
    let misread = []
    try {
      const read = await resolveWords(writeBody(draft, kind, fields, recorded), anchor)
      misread = read.faults
      const receipt = await send(read.body, once(JSON.stringify([read.body, draft.reason])), draft)
      setRefused(null)
      clear()
      done(receipt, read.body)
    } catch (problem) {
      setRefused({ problem, faults: join(misread, problem.errors ?? []) })
    }
    setSending(false)
  }

  const form = { draft, anchor, faults, components }
  const draw = (field) => html`<${Field}
    key=${field.name}
    field=${field}
    value=${draft[field.name]}
    set=${(value) => set({ [field.name]: value })}
    form=${form}
  />`
  const more = sections.more.filter((field) => fields.includes(field))
  return html`<form class="form" onSubmit=${submit} novalidate>
    ${refused && html`<${Refusal} refused=${refused} faults=${faults}>
      ${help?.(refused.problem, { draft, set, settle: () => setRefused(null) })}
    <//>`}
    <${KindField} kinds=${kinds} kind=${kind} set=${(value) => set({ kind: value })} faults=${faults.get("kind")} />
    ${recorded && draw(REASON)}
    ${kind &&
    html`${sections.main.map(draw)}
      <fieldset class="section">
        <legend>${t("report.when")}</legend>
        ${sections.when.map(draw)}
        <${Anchor} anchor=${anchor} set=${(relative_to) => set({ relative_to })} />
      </fieldset>
      ${sections.sources.map(draw)}
      <details class="section" open=${more.some((field) => faults.has(field.name))}>
        <summary>${t("fields.more")}</summary>
        ${more.map(draw)}
      </details>
      <div class="buttons">
        <button class="main" disabled=${sending}>${t(sending ? "report.sending" : action)}</button>
      </div>`}
  </form>`
}

/** The day against which words for a time are read: that of the first document cited whose date is known. */
function useAnchor(draft) {
  const documents = useDocuments()
  const dated = (draft.sources ?? []).map(({ document }) => documents?.get(document)?.published).find(Boolean)
  return draft.relative_to || dated || today()
}

/** Words for a time that were changed take the former ones with them. */
function writeBody(draft, kind, fields, recorded) {
  const written = writtenOf(draft, fields, recorded) ?? {}
  const renewed = recorded && written.occurred !== recorded.occurred && written.when_text === recorded.when_text
  return { kind: kind.kind, ...written, ...(renewed ? { when_text: undefined } : {}) }
}

/** What was wrong with dates in words is said as it was found; the rest as the write has it. */
const join = (misread, errors) => {
  const named = errors.map((fault) => ({ ...fault, path: fault.path.replace(/^body\.?/, "") }))
  return [...misread, ...named.filter(({ path }) => !misread.some((fault) => fault.path === path))]
}

/** What was refused, with the way to each field that has to be mended. Focus comes here. */
function Refusal({ refused: { problem, faults: all }, faults, children }) {
  const element = useRef(null)
  useEffect(() => element.current.focus(), [problem])
  const go = (path) => (event) => {
    event.preventDefault()
    const field = document.getElementById(idOf(path))
    for (let around = field.closest("details"); around; around = around.parentElement.closest("details")) {
      around.open = true
    }
    field.focus()
  }
  const name = (path) => labelOf(path.replace(/\[\d+\]/g, "").split(".").at(-1))
  return html`<div class="refusal" role="group" tabindex="-1" ref=${element} aria-labelledby="refusal-title">
    <h3 id="refusal-title">${t(all.length ? "report.to_mend" : "report.refused", { n: all.length })}</h3>
    ${all.length === 0 && html`<${Problem} problem=${problem} />`}
    <ul>
      ${[...faults].map(([path, those]) =>
        those.map(
          ({ message, path: named }) => html`<li>
            ${path
              ? html`<a href=${`#${idOf(path)}`} onClick=${go(path)}>${name(path)}</a>: ${message}`
              : html`${message}${named && html` <code>${named}</code>`}`}
          </li>`,
        ),
      )}
    </ul>
    ${problem.status === 0 && html`<p>${t("report.again")}</p>`} ${children}
  </div>`
}

function KindField({ kinds, kind, set, faults }) {
  const families = FAMILIES.map((family) => [family, kinds.filter((each) => each.family === family)])
  return html`<${Labelled} path="kind" label=${t("report.kind")} required faults=${faults}>
      ${(attributes) => html`<select
        value=${kind?.kind ?? ""}
        onChange=${({ target }) => set(target.value)}
        ...${attributes}
      >
        <option value="" disabled>${t("report.choose")}</option>
        ${families.map(
          ([family, those]) => html`<optgroup label=${t(`report.family.${family}`)}>
            ${those.map((each) => html`<option value=${each.kind}>${word("kinds", each.kind)}</option>`)}
          </optgroup>`,
        )}
      </select>`}
    <//>
    ${kind && html`<${About} kind=${kind} />`}`
}

/** What a kind is, and what comes nearest to it elsewhere, as the API has it. */
function About({ kind: { description, terms } }) {
  const named = Object.entries(terms).filter(([, term]) => term)
  return html`<p class="help" lang="en">${description.split("\n\n")[0]}</p>
    ${named.length > 0 &&
    html`<details class="help">
      <summary>${t("report.terms")}</summary>
      <dl lang="en">
        ${named.map(
          ([name, term]) => html`<dt>${name === "note" ? t("report.note") : name.toUpperCase()}</dt>
            <dd>${term}</dd>`,
        )}
      </dl>
    </details>`}`
}

const Anchor = ({ anchor, set }) => html`<div class="field">
  <label for="anchor">${t("report.anchor")}</label>
  <p class="help" id="anchor-help">${t("report.anchor_help")}</p>
  <input
    id="anchor"
    type="date"
    aria-describedby="anchor-help"
    value=${anchor}
    onChange=${({ target }) => set(target.value)}
  />
</div>`
