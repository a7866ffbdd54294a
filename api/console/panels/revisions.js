// All revisions of a development: who made each, when, why, and what it changed.
import { useAnswer } from "../answers.js"
import { useApp } from "../context.js"
import { writeInstant, writeWindow } from "../dates.js"
import { To } from "../links.js"
import { Asked } from "../problem.js"
import { sayShare, sayShares } from "../shares.js"
import { number, t } from "../texts.js"
import { html } from "../ui.js"

export function Revisions({ told }) {
  const { clocks, fresh } = useApp()
  const asked = useAnswer(`v1/developments/${told.id}/revisions`, { ...clocks, ...fresh })
  return html`<h3>${t("development.record")}</h3>
    <${Asked} asked=${asked}>
      ${({ items }) => html`<ol class="revisions">
        ${items.map((each) => html`<${Revision} key=${each.log_position} revision=${each} />`)}
      </ol>`}
    <//>`
}

function Revision({ revision }) {
  const values = {
    change: t(`development.changes.${revision.change}`),
    when: writeInstant(revision.recorded_at),
    who: revision.recorded_by,
    position: number(revision.log_position),
  }
  return html`<li class="revision">
    <span>${t("development.revision", values)}${revision.as_told && html`; ${t("development.as_told")}`}</span>
    ${revision.change !== "reported" && revision.reason && html`<q>${revision.reason}</q>`}
    ${revision.link &&
    html`<span>
      ${t(`development.links.${revision.link.type}`)}${" "}
      <${To} what="development" id=${revision.link.to}>${revision.link.to}<//>
    </span>`}
    <${Changed} changed=${revision.changed} />
  </li>`
}

/** What a correction changed, field by field, from what to what. */
export function Changed({ changed }) {
  const { nameActor } = useApp()
  const entries = Object.entries(changed)
  if (!entries.length) return null
  return html`<ul class="changed">
    ${entries.map(([field, { from, to }]) => {
      const [before, after] = [sayValue(from, nameActor), sayValue(to, nameActor)]
      const plain = before !== null && after !== null && before !== after
      return html`<li>
        <code>${field}</code>${" "}
        ${plain ? html`<del>${before}</del> → <ins>${after}</ins>` : t("development.otherwise")}
      </li>`
    })}
  </ul>`
}

/** A value of a field in a line; null where it is too much for that. */
function sayValue(value, nameActor) {
  if (value === null || value === undefined || value.length === 0) return t("development.empty")
  if (Array.isArray(value)) return value.every((each) => typeof each === "string") ? value.join(", ") : null
  if (typeof value !== "object") return String(value)
  if ("edtf" in value) return `${writeWindow(value)} (${value.edtf})`
  if ("min" in value) return sayShare(value)
  const each = Object.values(value)
  return each.length && each.every((share) => share !== null && typeof share === "object" && "min" in share)
    ? sayShares(value, nameActor)
    : null
}
