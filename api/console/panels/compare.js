// What differs for a place between the clocks and an earlier time, and which developments made it so.
import { useAnswer } from "../answers.js"
import { useApp } from "../context.js"
import { writeDay, writeInstant } from "../dates.js"
import { To } from "../links.js"
import { Asked } from "../problem.js"
import { listed, number, t, word } from "../texts.js"
import { html } from "../ui.js"
import { sayClaim, sayHappening, sayPart } from "./differences.js"
import { Changed } from "./revisions.js"
import { againstOf, SinceForm } from "./since-form.js"

export function Compare() {
  const { settings, clocks, fresh } = useApp()
  const { place, since } = settings
  const against = againstOf(since)
  const path = place && against ? `v1/locations/${place}/compare` : null
  const asked = useAnswer(path, { ...clocks, ...fresh, ...against })
  return html`<article class="compare">
    <h2 tabindex="-1">${t("compare.title")}${asked.data && html`: ${asked.data.name}`}</h2>
    <${SinceForm} />
    ${!place && html`<p>${t("compare.no_place")}</p>`}
    ${place && !against && html`<p>${t("compare.choose")}</p>`}
    ${path && html`<${Asked} asked=${asked}>${(told) => html`<${Comparison} told=${told} since=${since} />`}<//>`}
  </article>`
}

function Comparison({ told, since }) {
  const { nameActor } = useApp()
  const makers = new Map(told.developments.map((maker) => [maker.development, maker]))
  const recorded = since[0] === "@"
  const before = recorded
    ? t("compare.recorded_by", { n: number(told.against.log_position) })
    : t("compare.public_by", { day: writeDay(since) })
  const now = t("compare.public_by", { day: writeInstant(told.clocks.known_at) })
  const difference = (key, what, [one, other], made) =>
    html`<${Difference} key=${key} id=${key} what=${what} before=${one} now=${other} made=${made} makers=${makers} />`
  const none = !told.changes.length && !told.claims.length && !told.happenings.length
  return html`<p class="quiet">${t("compare.sides", { before, now })}</p>
    ${none && html`<p data-same>${t("compare.same")}</p>`}
    <${Section} name="state">
      ${told.changes.map((change) =>
        difference(`${change.aspect} ${change.key}`, sayAspect(change, nameActor), sayPart(change, nameActor), change),
      )}
    <//>
    <${Section} name="claims">
      ${told.claims.map((change) => {
        const link = html`<${To} what="claim" id=${change.id}>${change.id}<//>`
        return difference(change.id, link, sayClaim(change, nameActor), change)
      })}
    <//>
    <${Section} name="happenings">
      ${told.happenings.map((change) => {
        const { kind } = change.value ?? change.against
        return difference(change.id, word("kinds", kind), sayHappening(change), change)
      })}
    <//>`
}

const Section = ({ name, children }) =>
  children.length > 0 && html`<h3>${t(`compare.${name}`)}</h3><ul class="differences">${children}</ul>`

/** Which part of the state it is: "Position of Ukraine", "Encirclement (DeepState, inferred, Russia)". */
function sayAspect({ aspect, key }, nameActor) {
  return t(`compare.aspects.${aspect}`, { key: key.split(" / ").map(nameActor).join(", ") })
}

/** One thing that differs: before, now, and what made it so. */
function Difference({ id, what, before, now, made, makers }) {
  const { nameActor } = useApp()
  return html`<li data-difference=${id}>
    <p><strong>${what}</strong></p>
    <dl class="sides">
      <div><dt>${t("compare.before")}</dt><dd>${before}</dd></div>
      <div><dt>${t("compare.now")}</dt><dd>${now}</dd></div>
    </dl>
    <ul class="makers">
      ${made.made_by.map((id) => html`<${Maker} key=${id} id=${id} ...${makers.get(id)} />`)}
      ${made.described.map((actor) => html`<li>${t("compare.described", { actor: nameActor(actor) })}</li>`)}
    </ul>
  </li>`
}

/** A development that made the difference, why it did, and what was done to it meanwhile. */
const Maker = ({ id, reasons, events }) => html`<li>
  <${To} what="development" id=${id}>${id}<//> ${listed(reasons.map((reason) => t(`compare.reasons.${reason}`)))}
  ${events.map((event) => html`<${Edited} key=${event.log_position} event=${event} />`)}
</li>`

/** What an editor did to it between the two sides. */
function Edited({ event }) {
  if (event.change === "reported") return null
  return html`<div class="edited">
    ${event.reason && html`<q>${event.reason}</q>`}
    <${Changed} changed=${event.changed} />
  </div>`
}
