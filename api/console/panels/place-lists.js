// The claims about a place, and all that is told of it, as lists.
import { useApp } from "../context.js"
import { writeWindow } from "../dates.js"
import { controlOf, sayShares } from "../shares.js"
import { number, t } from "../texts.js"
import { html, useState } from "../ui.js"
import { saySpeaker, Told } from "./told.js"

const SHOWN = 30

/** The outcome of a claim as a word, in a frame of its own sort. */
export const Outcome = ({ value }) => html`<span class=${`outcome ${value}`}>${t(`claim.outcomes.${value}`)}</span>`

export function Claims({ claims }) {
  const { nameActor, open } = useApp()
  if (!claims.length) return null
  return html`<h3>${t("place.claims")}</h3>
    <${Long} items=${claims.toReversed()}>
      ${(claim) => html`<li key=${claim.id} data-claim=${claim.id}>
        <button class="row" onClick=${() => open("claim", claim.id)}>
          <span class="told">
            <span class="what"><strong>${sayShares(controlOf(claim), nameActor)}</strong></span>
            <span class="quiet">${saySpeaker(claim, nameActor)}, ${writeWindow(claim.occurred, { short: true })}</span>
          </span>
          <${Outcome} value=${claim.outcome.value} />
        </button>
      </li>`}
    <//>`
}

/** What took effect by an instant, the latest first. `bound` is how much was asked for at most. */
export function Timeline({ told, by, bound }) {
  const { open } = useApp()
  const before = ({ occurred: { earliest } }) => !earliest || Date.parse(earliest) <= Date.parse(by)
  const begun = told.filter(before).toReversed()
  return html`<h3>${t("place.timeline")}</h3>
    ${told.length >= bound && html`<p class="quiet">${t("place.bounded", { n: bound, count: number(bound) })}</p>`}
    ${!begun.length && html`<p class="quiet">${t("place.nothing_told")}</p>`}
    <${Long} items=${begun}>
      ${(each) => html`<li key=${each.id} data-development=${each.id}>
        <button class="row" onClick=${() => open("development", each.id)}><${Told} told=${each} /></button>
      </li>`}
    <//>`
}

/** A list that shows its first items, and more when asked. */
function Long({ items, children }) {
  const [shown, show] = useState(SHOWN)
  const rest = items.length - shown
  return html`<ul class="list">${items.slice(0, shown).map(children)}</ul>
    ${rest > 0 &&
    html`<button onClick=${() => show(shown + 3 * SHOWN)}>
      ${t("place.more", { n: rest, count: number(rest) })}
    </button>`}`
}
