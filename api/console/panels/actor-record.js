// What became of an actor's claims, in numbers that are said beside every bar.
import { useAnswer } from "../answers.js"
import { useApp } from "../context.js"
import { To } from "../links.js"
import { Asked } from "../problem.js"
import { number, t } from "../texts.js"
import { html } from "../ui.js"

/** What may become of a claim, as the API names it, in the order in which it is shown. */
export const OUTCOMES = ["open", "borne-out", "contradicted", "disputed", "renounced", "retracted"]

export const sayOutcome = (outcome) => t(`actor.outcome.${outcome}`)

export function Record({ id }) {
  const { clocks, fresh } = useApp()
  const asked = useAnswer(`v1/actors/${id}/record`, { ...clocks, ...fresh })
  return html`<${Asked} asked=${asked}>
    ${(record) =>
      record.claims === 0
        ? html`<p>${t("actor.no_claims")}</p>`
        : html`<${Outcomes} record=${record} />
            <p>${sayLead(record)}</p>
            ${record.by_actor.length > 1 && html`<${ByActor} record=${record} />`}
            <p class="quiet">${t("actor.rule")} <code>${record.rule}</code>. ${t("actor.rule_says")}</p>`}
  <//>`
}

/** How many claims came to what. The bars repeat what the numbers say. */
function Outcomes({ record }) {
  const most = Math.max(...Object.values(record.outcomes), 1)
  const twice = record.claims - record.distinct
  return html`<table class="bars">
      <caption>
        ${t("actor.counted", { n: record.distinct, count: number(record.distinct) })}
        ${twice > 0 && html` ${t("actor.twice", { n: twice, count: number(twice) })}`}
      </caption>
      <thead class="unseen">
        <tr>
          <th scope="col">${t("actor.outcome_head")}</th>
          <th scope="col">${t("actor.claims")}</th>
        </tr>
      </thead>
      <tbody>
        ${OUTCOMES.map(
          (outcome) => html`<tr>
            <th scope="row">${sayOutcome(outcome)}</th>
            <td class="count">${number(record.outcomes[outcome])}</td>
            <td class="bar" aria-hidden="true">
              <svg viewBox="0 0 100 10" preserveAspectRatio="none">
                <rect width=${(100 * record.outcomes[outcome]) / most} height="10" class=${outcome} />
              </svg>
            </td>
          </tr>`,
        )}
      </tbody>
    </table>
    ${record.outcomes.open > 0 && html`<p class="quiet">${t("actor.open_counts")}</p>`}`
}

/** The median lead in words: by how long half of the claims came before, or after, what bore them out. */
function sayLead({ median_lead_days: days, leads }) {
  if (days === null) return t("actor.no_lead")
  const values = { n: Math.abs(days), days: number(Math.abs(days)), leads: number(leads) }
  const way = days > 0 ? "actor.lead_before" : days < 0 ? "actor.lead_after" : "actor.lead_same"
  return `${t(way, values)} ${t("actor.lead_of", { n: leads, leads: values.leads })}`
}

function ByActor({ record }) {
  const { nameActor } = useApp()
  const used = OUTCOMES.filter((outcome) => record.by_actor.some(({ outcomes }) => outcomes[outcome]))
  return html`<div class="wide" role="region" tabindex="0" aria-label=${t("actor.by_actor")}>
    <table>
      <caption>
        ${t("actor.by_actor")}
      </caption>
      <thead>
        <tr>
          <th scope="col">${t("actor.who")}</th>
          <th scope="col" class="count">${t("actor.claims")}</th>
          ${used.map((outcome) => html`<th scope="col" class="count">${sayOutcome(outcome)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${record.by_actor.map(
          ({ actor, claims, outcomes }) => html`<tr>
            <th scope="row"><${To} what="actor" id=${actor}>${nameActor(actor)}<//></th>
            <td class="count">${number(claims)}</td>
            ${used.map((outcome) => html`<td class="count">${number(outcomes[outcome])}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
