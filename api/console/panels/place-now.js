// A place as it is at the clocks: who says what, who disagrees, what else is reported.
import { useApp } from "../context.js"
import { writeInstant, writeWindow } from "../dates.js"
import { To } from "../links.js"
import { partyColour } from "../palette.js"
import { sayGap, sayShares } from "../shares.js"
import { number, t } from "../texts.js"
import { html } from "../ui.js"
import { Because } from "./told.js"

const short = { short: true }
const sinceWhen = (instant) => t("dates.since", { from: writeInstant(instant, short) })

/** What each voice says of it, with the colours of those that it says hold it. */
export function Positions({ state, known }) {
  const { nameActor, parties, dark } = useApp()
  if (!state.positions.length) {
    return html`<h3>${t("place.positions")}</h3>
      <p class="quiet">${t("place.no_positions")}</p>`
  }
  return html`<h3>${t("place.positions")}</h3>
    <ul class="facts">
      ${state.positions.map(
        ({ voice, shares, since, certain, previous, because }) => html`<li key=${voice} data-voice=${voice}>
          <span class="swatches" aria-hidden="true">
            ${Object.keys(shares)
              .sort()
              .map((party) => html`<i style=${{ background: partyColour(parties, party, dark) }}></i>`)}
          </span>
          <div>
            <p>
              <${To} what="actor" id=${voice}>${nameActor(voice)}<//>${" "}
              <strong>${sayShares(shares, nameActor)}</strong>
            </p>
            <p class="quiet">
              ${sinceWhen(since)}${!certain && html`, ${t("place.uncertain")}`}
              ${previous && html`; ${t("place.before", { said: sayShares(previous.shares, nameActor) })}`}
            </p>
            <${Because} ids=${because} known=${known} voice=${voice} />
          </div>
        </li>`,
      )}
    </ul>`
}

/** The pairs that disagree: over what, since when, who moved last. */
export function Disagreements({ state, known }) {
  const { nameActor } = useApp()
  if (!state.disagreements.length) return null
  return html`<h3>${t("place.disagreements")}</h3>
    <ul class="facts">
      ${state.disagreements.map(({ between: [one, other], party, gap, since, moved_last, because }) => {
        const values = { one: nameActor(one), other: nameActor(other), party: nameActor(party), gap: sayGap(gap) }
        const moved = { voice: nameActor(moved_last.voice), when: writeInstant(moved_last.since, short) }
        return html`<li key=${`${one} ${other}`} data-between=${`${one} ${other}`}>
          <span class="sign" aria-hidden="true">≠</span>
          <div>
            <p><strong>${t("place.between", values)}</strong> ${t("place.over", values)}</p>
            <p class="quiet">${sinceWhen(since)}; ${t("place.moved_last", moved)}</p>
            <${Because} ids=${because} known=${known} />
          </div>
        </li>`
      })}
    </ul>`
}

/** Encirclements, supply cuts, fighting, presences, the last visit, the population. */
export function Conditions({ state, known }) {
  const { nameActor } = useApp()
  const facts = [...standing(state, nameActor), ...single(state, nameActor)]
  if (!facts.length) return null
  return html`<h3>${t("place.also")}</h3>
    <ul class="facts">
      ${facts.map(
        ({ what, whom, by, when, because }) => html`<li key=${because.join()} data-condition=${what}>
          <span class="sign" aria-hidden="true">·</span>
          <div>
            <p><strong>${t(`place.conditions.${what}`)}</strong>${whom && `: ${whom}`}</p>
            <p class="quiet">${[by, when].filter(Boolean).join("; ")}</p>
            <${Because} ids=${because} known=${known} />
          </div>
        </li>`,
      )}
    </ul>`
}

/** What stands until it is lifted: who says so and how, since when, and when it was last reported. */
function standing({ encirclements, supply_cuts, presences, fighting }, nameActor) {
  const nameVoice = (voice) => (voice ? nameActor(voice) : t("development.nobody"))
  const says = ({ voice, mode }) =>
    t(mode === "inferred" ? "place.inferred_by" : "place.says", { voice: nameVoice(voice) })
  const lasts = ({ since, last_reported }) => {
    const [from, last] = [writeInstant(since, short), writeInstant(last_reported, short)]
    return from === last ? t("dates.since", { from }) : t("place.since_reported", { from, last })
  }
  const fact = (what, each, whom) => ({ what, whom, by: says(each), when: lasts(each), because: each.because })
  const encircled = ({ force, encircled_by: by, strength, area }) => {
    const whom = by ? t("place.encircled", { force: nameActor(force), by: nameActor(by) }) : nameActor(force)
    return [whom, strength, area].filter(Boolean).join(", ")
  }
  const of = ({ force }) => force && nameActor(force)
  return [
    ...encirclements.map((each) => fact("encirclement", each, encircled(each))),
    ...supply_cuts.map((each) => fact("supply_cut", each, of(each))),
    ...presences.map((each) => fact("presence", each, of(each))),
    ...(fighting
      ? [
          {
            ...fact("fighting", fighting, ""),
            by: t("place.say", { voices: fighting.voices.map(nameActor).join(", "), n: fighting.voices.length }),
          },
        ]
      : []),
  ]
}

function single({ last_visit, population }, nameActor) {
  const facts = []
  if (last_visit) {
    const { visitor, office, purpose, occurred, because } = last_visit
    const whom = [nameActor(visitor), office].filter(Boolean).join(", ")
    facts.push({ what: "visit", whom, by: purpose, when: writeWindow(occurred), because })
  }
  if (population) {
    const { count, as_of_text, occurred, because } = population
    facts.push({ what: "population", whom: number(count), by: as_of_text, when: writeWindow(occurred), because })
  }
  return facts
}
