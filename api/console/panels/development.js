// One development in full: who says what, when it was so and when it was public, on what evidence, and its record.
import { useAnswer } from "../answers.js"
import { useApp } from "../context.js"
import { writeWindow } from "../dates.js"
import { To } from "../links.js"
import { Asked } from "../problem.js"
import { controlOf, sayShares } from "../shares.js"
import { number, t, word } from "../texts.js"
import { html } from "../ui.js"
import { Cite } from "./cite.js"
import { sortOf } from "./lane-geometry.js"
import { PlaceLink } from "./place-link.js"
import { Revisions } from "./revisions.js"
import { Grades, Sources } from "./sources.js"

const FIELDS = ["force", "encircled_by", "strength", "area", "visitor", "office", "purpose", "count", "as_of_text"]
  .concat(["medium", "geolocated", "weapon", "legend"])
const ACTORS = new Set(["force", "encircled_by", "visitor"])

export function Development({ id }) {
  const { clocks, fresh } = useApp()
  const asked = useAnswer(`v1/developments/${id}`, { ...clocks, ...fresh })
  return html`<article class="development" data-development=${asked.data?.id}>
    <h2 tabindex="-1">${asked.data ? word("kinds", asked.data.kind) : id}</h2>
    <${Asked} asked=${asked}>${(told) => html`<${Told} told=${told} />`}<//>
  </article>`
}

const Told = ({ told }) => html`
  ${told.retracted && html`<p class="problem">${t("development.retracted", { reason: told.reason })}</p>`}
  ${told.summary && html`<p class="lead">${told.summary}</p>`}
  <${Particulars} told=${told} />
  <h3>${t("development.sources")}</h3>
  <${Sources} sources=${told.sources} />
  <${Grades} told=${told} />
  <${Revisions} told=${told} />
  ${!told.retracted && html`<${Actions} told=${told} />`}
  <${Cite} path=${`v1/developments/${told.id}`} moment=${told.clocks} />
`

const Fact = ({ name, children }) => html`<div><dt>${name}</dt><dd>${children}</dd></div>`

/** Who, when, where, and what the kind adds, each where there is any. */
function Particulars({ told }) {
  const { nameActor } = useApp()
  const control = controlOf(told)
  return html`<dl class="particulars">
    <${Fact} name=${t("development.by")}>
      ${told.by ? html`<${To} what="actor" id=${told.by}>${nameActor(told.by)}<//>` : t("development.nobody")}
      ${told.voice && told.voice !== told.by && html`, <${WithVoice} id=${told.voice} />`}
    <//>
    ${control && html`<${Fact} name=${t("development.says")}><strong>${sayShares(control, nameActor)}</strong><//>`}
    ${told.claim &&
    html`<${Fact} name=${t("development.answers")}><${To} what="claim" id=${told.claim}>${told.claim}<//><//>`}
    <${Fact} name=${t("development.occurred")}>
      ${writeWindow(told.occurred)}${told.during === "throughout" && html`, ${t("development.throughout")}`}
      <${Expression} when=${told.occurred} />
      ${told.when_text &&
      html`<span class="quiet words">${t("development.own_time", { words: `“${told.when_text}”` })}</span>`}
    <//>
    <${Fact} name=${t("development.reported")}>${writeWindow(told.reported)} <${Expression} when=${told.reported} /><//>
    <${Fact} name=${t("development.at")}>
      ${told.at.map((place, index) => html`${index > 0 && ", "}<${PlaceLink} key=${place} id=${place} />`)}
    <//>
    ${told.part && html`<${Fact} name=${t("development.part")}>${told.part}<//>`}
    ${told.manner && html`<${Fact} name=${t("development.manner")}>“${told.manner}”<//>`}
    ${FIELDS.filter((field) => told[field] !== null && told[field] !== undefined).map(
      (field) => html`<${Fact} name=${t(`development.fields.${field}`)}>${sayField(field, told[field], nameActor)}<//>`,
    )}
    ${sortOf(told.kind) === "claim" &&
    html`<${Fact} name=${t("claim.outcome")}><${To} what="claim" id=${told.id}>${t("development.claim_of")}<//><//>`}
  </dl>`
}

/** The date as it was recorded, where its words leave anything out. */
const Expression = ({ when }) =>
  /^\d{4}(-\d{2}){0,2}$/.test(when.edtf ?? "") ? null : html`<code class="quiet" title="EDTF">${when.edtf}</code>`

/** "with the voice of Ukraine", the name a link, wherever the language has it in the sentence. */
function WithVoice({ id }) {
  const { nameActor } = useApp()
  const [before, after] = t("development.voice", { voice: "\n" }).split("\n")
  return html`${before}<${To} what="actor" id=${id}>${nameActor(id)}<//>${after}`
}

function sayField(field, value, nameActor) {
  if (ACTORS.has(field)) return html`<${To} what="actor" id=${value}>${nameActor(value)}<//>`
  if (field === "legend") {
    return value.version ? t("development.legend_version", value) : value.category
  }
  if (typeof value === "boolean") return t(value ? "development.yes" : "development.no")
  return typeof value === "number" ? number(value) : value
}

/** What an editor may do with it. */
function Actions({ told }) {
  const { open } = useApp()
  return html`<p class="actions">
    <button onClick=${() => open("correct", told.id)}>${t("development.correct")}</button>
    <button onClick=${() => open("retract", told.id)}>${t("development.retract")}</button>
  </p>`
}
