// An actor: who it is, what became of its claims, and those claims.
import { useAnswer } from "../answers.js"
import { useApp } from "../context.js"
import { writeWindow } from "../dates.js"
import { To } from "../links.js"
import { nameOf } from "../names.js"
import { More, usePages } from "../pages.js"
import { PlaceName } from "../place-names.js"
import { Asked } from "../problem.js"
import { sayShare } from "../shares.js"
import { t, word } from "../texts.js"
import { html, useState } from "../ui.js"
import { OUTCOMES, Record, sayOutcome } from "./actor-record.js"

export function Actor({ id }) {
  const { clocks, fresh } = useApp()
  const asked = useAnswer(`v1/actors/${id}`, { ...clocks, ...fresh })
  return html`<h2 tabindex="-1">${asked.data ? nameOf(asked.data) : id}</h2>
    <${Asked} asked=${asked}>${(actor) => html`<${Who} actor=${actor} />`}<//>
    <h3>${t("actor.record")}</h3>
    <${Record} id=${id} />
    <h3>${t("actor.claims")}</h3>
    <${Claims} id=${id} />`
}

function Who({ actor }) {
  const { actors, nameActor } = useApp()
  const voices = [...actors.values()].filter(({ speaks_for }) => speaks_for === actor.id)
  const names = [...new Set(Object.values(actor.names))].filter((name) => name !== nameOf(actor))
  return html`<p>
      ${t(`actor.kind.${actor.kind}`)}${actor.speaks_for &&
      html`. ${t("actor.speaks_for")} <${To} what="actor" id=${actor.speaks_for}>${nameActor(actor.speaks_for)}<//>.`}
    </p>
    ${names.length > 0 && html`<p class="quiet">${t("actor.also", { names: names.join(", ") })}</p>`}
    ${voices.length > 0 &&
    html`<details>
      <summary>${t("actor.voices", { n: voices.length })}</summary>
      <ul>
        ${voices.map((each) => html`<li><${To} what="actor" id=${each.id}>${nameOf(each)}<//></li>`)}
      </ul>
    </details>`}`
}

function Claims({ id }) {
  const [outcome, choose] = useState("")
  return html`<label class="filter">
      ${t("actor.filter")}${" "}
      <select value=${outcome} onChange=${({ target }) => choose(target.value)}>
        <option value="">${t("actor.any_outcome")}</option>
        ${OUTCOMES.map((each) => html`<option value=${each}>${sayOutcome(each)}</option>`)}
      </select>
    </label>
    <${List} key=${`${id} ${outcome}`} id=${id} outcome=${outcome} />`
}

function List({ id, outcome }) {
  const { clocks, fresh } = useApp()
  const asked = usePages(`v1/actors/${id}/claims`, { outcome, ...clocks, ...fresh })
  return html`<${Asked} asked=${asked}>
    ${({ items }) => html`<p role="status" class=${items.length ? "unseen" : ""}>
        ${items.length ? t("actor.shown", { n: items.length }) : t("actor.no_shown")}
      </p>
      <ul class="list">
        ${items.map((claim) => html`<li key=${claim.id}><${Claim} claim=${claim} of=${id} /></li>`)}
      </ul>
      <${More} asked=${asked} />`}
  <//>`
}

function Claim({ claim, of }) {
  const { open, nameActor } = useApp()
  const said = t("actor.held", { holder: nameActor(claim.holder), share: sayShare(claim.share) })
  return html`<button class="row claim" onClick=${() => open("claim", claim.id)}>
    <span>
      <strong>${word("kinds", claim.kind)}</strong>${": "}
      ${claim.at.map((place, index) => html`${index > 0 && ", "}<${PlaceName} id=${place} />`)}${`, ${said}`}
      ${claim.by !== of && html` <span class="quiet">(${nameActor(claim.by)})</span>`}
    </span>
    <span class="quiet">${writeWindow(claim.occurred, { short: true })}: ${sayOutcome(claim.outcome.value)}</span>
    ${claim.summary && html`<span class="summary">${claim.summary}</span>`}
  </button>`
}
