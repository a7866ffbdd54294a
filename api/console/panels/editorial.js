// What editors do to a development: replace it by what is right, or take it back. Nothing is ever lost by it.
import { useAsked } from "../answers.js"
import { ask, post } from "../ask.js"
import { useApp } from "../context.js"
import { changedOf, draftOf, useDraft } from "../forms/drafts.js"
import { assign } from "../forms/faults.js"
import { Field } from "../forms/fields.js"
import { DevelopmentForm } from "../forms/form.js"
import { useOnce } from "../forms/once.js"
import { labelOf } from "../forms/parts.js"
import { Receipt } from "../forms/receipt.js"
import { arrange } from "../forms/schema-fields.js"
import { useSchemas } from "../forms/schemas.js"
import { NeedsRole } from "../holder.js"
import { To } from "../links.js"
import { Asked, Problem } from "../problem.js"
import { listed, t, word } from "../texts.js"
import { html, useState } from "../ui.js"

/** What is recorded now, whatever the clocks of the view: an edit is of the newest revision. */
const load = (id, signal) => ask(`v1/developments/${id}`, {}, { signal })

const Editorial = ({ title, id, children }) => html`<h2 tabindex="-1">${t(title)}</h2>
  <p><${To} what="development" id=${id}>${id}<//></p>
  <${NeedsRole} role="editor">${children}<//>`

export const Correct = ({ id }) => html`<${Editorial} title="editorial.correct" id=${id}><${Correction} id=${id} /><//>`

function Correction({ id }) {
  const schemas = useSchemas()
  const recorded = useAsked((signal) => load(id, signal), [id], id)
  return html`<${Asked} asked=${schemas}>
    ${(told) => html`<${Asked} asked=${recorded}>
      ${(read) =>
        read.retracted
          ? html`<p>${t("editorial.retracted")}</p>`
          : html`<${Correcting} key=${id} read=${read} schemas=${told} />`}
    <//>`}
  <//>`
}

/** The fields of a kind, of all sections of its form. */
const fieldsFor = (kind, { kinds, components }) =>
  Object.values(arrange(kinds.find((each) => each.kind === kind), kinds, components)).flat()

/** The draft of a correction at first. It keeps what it was begun from: that is what it replaces. */
const startOf = (recorded, schemas) => ({
  kind: recorded.kind,
  recorded,
  ...draftOf(recorded, fieldsFor(recorded.kind, schemas)),
})

function Correcting({ read, schemas }) {
  const { id } = read
  const [merged, setMerged] = useState(null)
  const [told, setTold] = useState(null)
  if (told) return html`<${Receipt} what="editorial.corrected" receipt=${told.receipt} at=${told.body.at} />`

  // What was typed stays; where nothing was, what is recorded by now comes in.
  const loadAnew = async ({ draft, set, settle }) => {
    const newest = await load(id)
    const fields = fieldsFor(draft.kind, schemas)
    const start = startOf(newest, schemas)
    const mine = changedOf(draft, fields, draft.recorded)
    const theirs = changedOf(start, fields, draft.recorded)
    set({ ...start, ...Object.fromEntries(mine.map((name) => [name, draft[name]])) })
    setMerged({ theirs, both: theirs.filter((name) => mine.includes(name)) })
    settle()
  }
  const help = ({ status }, form) =>
    status === 412 &&
    html`<p>${t("editorial.faster")}</p>
      <button type="button" onClick=${() => loadAnew(form)}>${t("editorial.load_anew")}</button>`
  const send = (body, once, { reason, recorded: { revision } }) =>
    post(`v1/developments/${id}/corrections`, { reason, body }, { revision, once })
  return html`<p>${t("editorial.correct_intro")}</p>
    ${merged && html`<${Merged} ...${merged} />`}
    <${DevelopmentForm}
      name=${`correct ${id}`}
      start=${startOf(read, schemas)}
      action="editorial.send"
      send=${send}
      done=${(receipt, body) => setTold({ receipt, body })}
      help=${help}
    />`
}

/** What somebody else changed meanwhile, and where what was typed here stands against it. */
const Merged = ({ theirs, both }) => html`<div class="note" role="status">
  <p>${t("editorial.changed", { fields: listed(theirs.map(labelOf)) })}</p>
  ${both.length > 0 && html`<p>${t("editorial.yours", { fields: listed(both.map(labelOf)) })}</p>`}
</div>`

export const Retract = ({ id }) => html`<${Editorial} title="editorial.retract" id=${id}><${Retraction} id=${id} /><//>`

function Retraction({ id }) {
  const [loads, setLoads] = useState(0)
  const recorded = useAsked((signal) => load(id, signal), [id, loads], id)
  return html`<${Asked} asked=${recorded}>
    ${(read) => html`<${Retracting} read=${read} loadAnew=${() => setLoads(loads + 1)} />`}
  <//>`
}

const REASON = Object.freeze({ name: "reason", sort: "long-text", required: true })

function Retracting({ read, loadAnew }) {
  const { nameActor } = useApp()
  const [draft, set, clear] = useDraft(`retract ${read.id}`, {})
  const [problem, setProblem] = useState(null)
  const [told, setTold] = useState(null)
  const once = useOnce()
  if (told) return html`<${Receipt} what="editorial.taken_back" receipt=${told} at=${read.at} />`
  if (read.retracted) return html`<p>${t("editorial.retracted")}</p>`

  const retract = async (event) => {
    event.preventDefault()
    const body = { reason: draft.reason ?? "" }
    const options = { revision: read.revision, once: once(JSON.stringify([body, read.revision])) }
    await post(`v1/developments/${read.id}/retraction`, body, options).then((receipt) => {
      clear()
      setTold(receipt)
    }, setProblem)
  }
  const faults = assign(problem?.errors ?? [], ["reason"])
  const renew = () => {
    setProblem(null)
    loadAnew()
  }
  return html`<p>
      <strong>${word("kinds", read.kind)}</strong>${read.by && `, ${nameActor(read.by)}`}
      ${read.summary && html`<br />${read.summary}`}
    </p>
    <p>${t("editorial.retract_intro")}</p>
    <form class="form" onSubmit=${retract} novalidate>
      <${Field} field=${REASON} value=${draft.reason} set=${(reason) => set({ reason })} form=${{ draft, faults }} />
      ${problem && !faults.has("reason") && html`<${Problem} problem=${problem} />`}
      ${problem?.status === 412 &&
      html`<p>${t("editorial.faster")}</p>
        <button type="button" onClick=${renew}>${t("editorial.load_anew")}</button>`}
      <div class="buttons"><button class="main">${t("editorial.retract_now")}</button></div>
    </form>`
}
