// How much of a place, in words: as the command line says it, and docs/positions.md.
import { number, t } from "./texts.js"

const percent = (part) => number(part, { style: "percent", maximumSignificantDigits: 4 })

const NAMED = [
  ["all", { min: 1, max: 1, min_open: false, max_open: false }],
  ["none", { min: 0, max: 0, min_open: false, max_open: false }],
  ["part", { min: 0, max: 1, min_open: true, max_open: true }],
  ["most", { min: 0.5, max: 1, min_open: false, max_open: true }],
  ["any", { min: 0, max: 1, min_open: false, max_open: false }],
  ["less_than_all", { min: 0, max: 1, min_open: false, max_open: true }],
  ["some_or_all", { min: 0, max: 1, min_open: true, max_open: false }],
]

const same = (one, other) => Object.keys(other).every((field) => (one[field] ?? false) === other[field])

/** A share, `{min, max, min_open, max_open}`, in words: "all", "part", "at least 85%", "1.6% to 5%". */
export function sayShare(share) {
  const [named] = NAMED.find(([, interval]) => same(share, interval)) ?? []
  if (named) return t(`shares.${named}`)
  const { min, max, min_open: above, max_open: below } = share
  const values = { min: percent(min), max: percent(max) }
  if (min === max) return values.min
  const lower = t(above ? "shares.more_than" : "shares.at_least", values)
  const upper = t(below ? "shares.less_than" : "shares.up_to", values)
  if (max === 1 && !below) return lower
  if (min === 0) return above ? t("shares.both", { lower: t("shares.some"), upper }) : upper
  return above || below ? t("shares.both", { lower, upper }) : t("shares.from_to", values)
}

/** Who holds how much, as a voice says it: "Russia: part, Ukraine: part". */
export function sayShares(shares, nameParty) {
  const said = Object.entries(shares).map(([party, share]) =>
    t("shares.of", { party: nameParty(party), share: sayShare(share) }),
  )
  return said.join(", ") || t("shares.nothing")
}

/** How far apart what two voices say is; intervals may touch without having a number in common. */
export const sayGap = (gap) => (gap === 0 ? t("shares.touching") : t("shares.apart", { gap: percent(gap) }))

/** What a development says of control, by party: of a claim its share, of an assessment all of them; else null. */
export function controlOf({ kind, control, holder, share }) {
  if (holder) return { [holder]: share ?? (kind === "withdrawal-announced" ? NAMED[1][1] : NAMED[0][1]) }
  return control && Object.keys(control).length ? control : null
}
