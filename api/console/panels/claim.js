// A claim: what became of it and by which rule, all that befell it, and from where the reports of it come.
import { useAnswer } from "../answers.js"
import { useApp } from "../context.js"
import { writeInstant, writeWindow } from "../dates.js"
import { To } from "../links.js"
import { Asked } from "../problem.js"
import { controlOf, sayShares } from "../shares.js"
import { number, t, word } from "../texts.js"
import { html } from "../ui.js"
import { Cite } from "./cite.js"
import { PlaceLink } from "./place-link.js"
import { Outcome } from "./place-lists.js"
import { Chain } from "./sources.js"
import { saySpeaker } from "./told.js"

export function Claim({ id }) {
  const { clocks, fresh } = useApp()
  const asked = useAnswer(`v1/claims/${id}`, { ...clocks, ...fresh })
  return html`<article class="claim" data-claim=${asked.data?.id}>
    <h2 tabindex="-1">${asked.data ? word("kinds", asked.data.kind) : t("claim.title")}</h2>
    <${Asked} asked=${asked}>${(claim) => html`<${Told} claim=${claim} />`}<//>
  </article>`
}

function Told({ claim }) {
  const { nameActor } = useApp()
  return html`${claim.summary && html`<p class="lead">${claim.summary}</p>`}
    <p>
      ${t("claim.made", { by: saySpeaker(claim, nameActor) })}${" "}
      <strong>${sayShares(controlOf(claim), nameActor)}</strong>
    </p>
    <p class="quiet">
      ${claim.at.map((place, index) => html`${index > 0 && ", "}<${PlaceLink} key=${place} id=${place} />`)};${" "}
      ${writeWindow(claim.occurred)}${sayPublic(claim)}
    </p>
    <p><${To} what="development" id=${claim.id}>${t("claim.development")}<//></p>
    <h3>${t("claim.outcome")}</h3>
    <${Judged} outcome=${claim.outcome} />
    <h3>${t("claim.lifecycle")}</h3>
    <ol class="lifecycle">
      ${claim.entries.map((entry) => {
        const key = `${entry.log_position} ${entry.what} ${entry.development}`
        return html`<${Entry} key=${key} entry=${entry} />`
      })}
    </ol>
    <${Reports} claim=${claim} />
    <${Cite} path=${`v1/claims/${claim.id}`} moment=${claim.clocks} />`
}

/** When it was public, where that is not when it was so. */
const sayPublic = ({ occurred, reported }) =>
  occurred.edtf === reported.edtf ? "" : `, ${t("claim.public", { when: writeWindow(reported) })}`

function Judged({ outcome: { value, rule, assessors } }) {
  const { nameActor } = useApp()
  return html`<p class="judged" data-outcome=${value}>
      <${Outcome} value=${value} /> ${t(`claim.meanings.${value}`)}${" "}
      <span class="quiet">${t("claim.rule", { rule })}</span>
    </p>
    <ul class="plain-list">
      ${assessors.map(({ voice, verdict, development, since, lead_days }) => {
        const said = t(`claim.verdicts.${verdict}`, { voice: nameActor(voice), since: writeInstant(since) })
        return html`<li>
          <${To} what="development" id=${development}>${said}<//>${lead_days !== null && html`; ${sayLead(lead_days)}`}
        </li>`
      })}
    </ul>`
}

/** By how much the claim came before an assessment, or after. */
export function sayLead(days) {
  if (days === 0) return t("claim.lead.same")
  const way = days > 0 ? "before" : "after"
  const count = Math.abs(days)
  if (count < 1) return t(`claim.lead.less_${way}`)
  return t(`claim.lead.${way}`, { n: count, days: number(count, { maximumFractionDigits: 1 }) })
}

/** One thing that befell it; what an editor did has no time of its own but that at which it was recorded. */
function Entry({ entry }) {
  const { nameActor } = useApp()
  const { what, voice, development, occurred, recorded_at, recorded_by, reason, link_type, inbound } = entry
  const editorial = occurred === null
  const said = link_type ? t(`claim.links.${link_type}.${inbound ? "from" : "to"}`) : t(`claim.entries.${what}`)
  return html`<li class=${what} data-entry=${what}>
    <p>
      <strong>${said}</strong>
      ${!editorial && voice && html` ${t("claim.by", { voice: nameActor(voice) })}`}
      ${(link_type || !editorial) && html` <${To} what="development" id=${development}>${development}<//>`}
    </p>
    <p class="quiet">
      ${editorial
        ? t("claim.edited", { who: recorded_by, when: writeInstant(recorded_at) })
        : html`${writeWindow(occurred)}${sayPublic(entry)}`}
      , ${t("clocks.position", { n: number(entry.log_position) })}
    </p>
    ${reason && html`<q>${reason}</q>`}
  </li>`
}

/** "5 reports, 2 origins", and each origin with the ways it came. */
function Reports({ claim: { reports, origins, by_origin } }) {
  const { nameActor } = useApp()
  const count = (key, n) => t(`claim.${key}`, { n, count: number(n) })
  return html`<h3>${t("claim.counted", { reports: count("reports", reports), origins: count("origins", origins) })}</h3>
    ${by_origin.map(
      ({ origin, counted, reports: told }) => html`<section class="origin" key=${origin}>
        <p><strong>${t("claim.origin", { origin: nameActor(origin), reports: count("reports", counted) })}</strong></p>
        ${told.map(
          (report) => html`<div class="source" key=${`${report.document} ${report.development}`}>
            <${Chain} via=${report.via.length ? report.via : [origin]} />
            <p class="quiet">
              ${report.document}, ${t(`development.modes.${report.mode}`)}${sayUncounted(report)}
            </p>
          </div>`,
        )}
      </section>`,
    )}`
}

function sayUncounted({ counted, misattributed_by }) {
  if (misattributed_by) return `; ${t("claim.misattributed", { who: misattributed_by.recorded_by })}`
  return counted ? "" : `; ${t("claim.not_counted")}`
}
