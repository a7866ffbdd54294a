// Both sides of a difference in words: `[before, now]`.
import { writeInstant, writeWindow } from "../dates.js"
import { sayGap, sayShares } from "../shares.js"
import { listed, number, t, word } from "../texts.js"
import { sayStatus } from "./places.js"

const short = { short: true }

/** Of a part of the state. Where the words are the same on both sides, what they rest on differs. */
export function sayPart({ aspect, value, against }, nameActor) {
  const sides = [against, value]
  const words = sides.map((side) => (side ? sayAspect(aspect, side, nameActor) : t("compare.nothing")))
  if (words[0] !== words[1]) return words
  return [words[0], t("compare.other_grounds")]
}

function sayAspect(aspect, side, nameActor) {
  switch (aspect) {
    case "status":
      return sayStatus(side, nameActor)
    case "position": {
      const said = sayShares(side.shares, nameActor)
      return side.certain ? said : t("status.uncertain", { status: said })
    }
    case "disagreement":
      return t("place.over", { party: nameActor(side.party), gap: sayGap(side.gap) })
    case "visit":
      return `${nameActor(side.visitor)}, ${writeWindow(side.occurred, short)}`
    case "population":
      return `${number(side.count)}, ${writeWindow(side.occurred, short)}`
    default: {
      const [from, last] = [side.since, side.last_reported].map((instant) => writeInstant(instant, short))
      return from === last ? t("compare.since_when", { from }) : t("compare.reported_last", { from, last })
    }
  }
}

/** Of a claim: what it says and what became of it, and what befell it on one side only. */
export function sayClaim({ value, against, entries, gone }, nameActor) {
  const both = value && against
  return [
    [against, gone],
    [value, entries],
  ].map(([side, befell]) => {
    if (!side) return t("compare.nothing")
    const judges = side.outcome.assessors.map(({ voice }) => nameActor(voice))
    const outcome = t(`claim.outcomes.${side.outcome.value}`)
    return [
      sayShares({ [side.holder]: side.share }, nameActor),
      judges.length ? `${outcome} ${t("claim.by", { voice: listed(judges) })}` : outcome,
      ...(both ? befell.map((entry) => sayEntry(entry, nameActor)).filter(Boolean) : []),
    ].join("; ")
  })
}

/** Of a happening: its sentence, else its kind. */
export function sayHappening({ value, against }) {
  const [before, now] = [against, value].map((side) => {
    if (!side) return t("compare.nothing")
    return side.summary ?? word("kinds", side.kind)
  })
  return [before, before === now ? t("compare.told_otherwise") : now]
}

/** What befell a claim; verdicts stand in its outcome already. */
function sayEntry({ what, voice, occurred, link_type }, nameActor) {
  if (what === "borne-out" || what === "contradicted") return null
  const said = link_type ? t(`development.links.${link_type}`) : t(`claim.entries.${what}`)
  return voice && occurred ? `${said} ${t("claim.by", { voice: nameActor(voice) })}` : said
}
