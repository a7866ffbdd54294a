// Where everything lies in the lanes of a place: time along the way, shares across it. Nothing here draws.

export const DAY = 86_400_000
export const ZOOMS = Object.freeze({ all: null, year: 365 * DAY, quarter: 92 * DAY })

const NARROWEST = 3 * DAY
const ROOM = 0.03 // of the span, before and after all that is told; but no more than
const MOST_ROOM = 10 * DAY

/** Sorts of developments, the first first where several are of one time. */
export const SORTS = Object.freeze(["claim", "denial", "answer", "assessment", "happening"])

const SORT_OF = Object.freeze({
  "occupation-claimed": "claim",
  "recapture-claimed": "claim",
  "advance-claimed": "claim",
  "withdrawal-announced": "claim",
  "claim-denied": "denial",
  "claim-confirmed": "answer",
  "claim-repeated": "answer",
  "claim-renounced": "answer",
  "control-assessed": "assessment",
  "control-reported": "assessment",
})

const rank = ({ sort }) => SORTS.indexOf(sort)

/** Which shape a kind of development has: claim, denial, answer, assessment, happening. */
export const sortOf = (kind) => SORT_OF[kind] ?? "happening"

/** An instant of the API in milliseconds; what has no end lasts for ever. */
const instant = (text, otherwise) => (text === null || text === undefined ? otherwise : Date.parse(text))

/** Spells as `{from, to, ...}` in milliseconds, in order; the last may have no end. */
export const readSpells = (spells) =>
  spells.map((spell) => ({ ...spell, from: instant(spell.from, -Infinity), to: instant(spell.to, Infinity) }))

/** Developments as marks, `{id, sort, voice, from, to, told}`, in the order of time. `from` and `to` are the ends of
 * the window: a mark never stands in its middle. */
export const readMarks = (developments) =>
  developments
    .map((told) => ({
      id: told.id,
      sort: sortOf(told.kind),
      voice: told.voice,
      from: instant(told.occurred.earliest, -Infinity),
      to: instant(told.occurred.latest, Infinity),
      told,
    }))
    .toSorted(
      (one, other) =>
        one.from - other.from || one.to - other.to || rank(one) - rank(other) || (one.id < other.id ? -1 : 1),
    )

/** The spell that lies at an instant; null where there is none. */
export const spellAt = (spells, at) => spells.find(({ from, to }) => from <= at && at < to) ?? null

/** From when to when anything is told, with the cursor in it: `[from, to]`. */
export function spanOf(spells, marks, cursor) {
  let [from, to] = [cursor, cursor]
  for (const each of [...spells, ...marks]) {
    for (const end of [each.from, each.to]) {
      if (!Number.isFinite(end)) continue
      if (end < from) from = end
      if (end > to) to = end
    }
  }
  const room = Math.min(Math.max((to - from) * ROOM, DAY), MOST_ROOM)
  return [from - room, to + room]
}

/** A stretch of that length around an instant, moved into the span where that is longer. */
export function around(cursor, length, [first, last]) {
  if (length === null || length >= last - first) return [first, last]
  const from = Math.min(Math.max(cursor - length / 2, first), last - length)
  return [from, from + length]
}

/** The closest of the zooms that shows at least half of all marks around the cursor. */
export function fittingZoom(marks, cursor, span) {
  const shown = ([from, to]) => marks.filter((mark) => mark.from < to && mark.to > from).length
  const fits = (zoom) => shown(around(cursor, ZOOMS[zoom], span)) * 2 >= Math.max(marks.length, 1)
  return ["quarter", "year"].find(fits) ?? "all"
}

/** A stretch made longer or shorter by a factor, so that `at` stays where it is. */
export function stretched([from, to], factor, at, [first, last]) {
  const length = Math.min(Math.max((to - from) * factor, NARROWEST), last - first)
  return around(at + (length * (0.5 - (at - from) / (to - from))), length, [first, last])
}

/** A stretch moved by some time, within the span. */
export const moved = ([from, to], by, span) => around((from + to) / 2 + by, to - from, span)

/** The place of an instant in a width, and the instant of a place. */
export function scaleOf([from, to], width) {
  const each = width / (to - from)
  return { x: (at) => (at - from) * each, at: (x) => from + x / each, width, from, to }
}

const UNITS = [
  ...[1, 2, 7].map((count) => ({ unit: "day", count, length: count * DAY })),
  ...[1, 3].map((count) => ({ unit: "month", count, length: count * 30.4 * DAY })),
  ...[1, 2, 5, 10, 50].map((count) => ({ unit: "year", count, length: count * 365.25 * DAY })),
]

const MONDAY = 4 * DAY // of the epoch, which began on a Thursday

/** The first tick at or after an instant, and the one after another. */
function tickFrom(at, { unit, count }) {
  if (unit === "day") {
    const [step, first] = [count * DAY, count === 7 ? MONDAY : 0]
    return Math.ceil((at - first) / step) * step + first
  }
  const date = new Date(at)
  const months = unit === "year" ? 12 * count : count
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth()
  const begun = Math.floor(month / months) * months
  const start = Date.UTC(Math.floor(begun / 12), begun % 12)
  return start >= at ? start : Date.UTC(Math.floor((begun + months) / 12), (begun + months) % 12)
}

/** Ticks at least `apart` wide from each other: `{at, x, unit, year}`. `year` is true where a year is to be written
 * under the tick: at the first, and at the first of every year. */
export function ticksOf(scale, apart = 52) {
  const rule = UNITS.find(({ length }) => scale.x(scale.from + length) >= apart) ?? UNITS.at(-1)
  const ticks = []
  let year = null
  for (let at = tickFrom(scale.from, rule); at < scale.to; at = tickFrom(at + 1, rule)) {
    const own = new Date(at).getUTCFullYear()
    ticks.push({ at, x: scale.x(at), unit: rule.unit, year: own !== year && rule.unit !== "year" })
    year = own
  }
  return ticks
}

/** A position as bands in a lane of height 1: `{party, hangs, base, solid, reach}`. A band stands on `base`, is solid
 * as far as the share surely goes and fades as far as it may. The first party stands on the ground and the last
 * hangs from the top, in all lanes alike; those between stand on what is below them. */
export function bandsOf(shares, parties) {
  let ground = 0
  return parties
    .filter((party) => Object.hasOwn(shares, party))
    .map((party) => {
      const { min, max } = shares[party]
      const hangs = parties.length > 1 && party === parties.at(-1)
      const base = hangs ? 0 : ground
      if (!hangs) ground += min
      return { party, hangs, base, solid: min, reach: Math.min(max, 1 - base) }
    })
}

/** How a spell shows that it is not certain: it comes in or goes out over its length, or is faint all along. */
export function fadeOf(spells, index) {
  const [before, spell, after] = [spells[index - 1], spells[index], spells[index + 1]]
  if (spell.certain) return null
  const alike = (other) => other?.certain && String(other.because) === String(spell.because)
  if (alike(after)) return "in"
  return alike(before) ? "out" : "faint"
}

/** Spells that follow from the same, as one: `{from, to, shares, because, before, fades}`. `before` is what was said
 * until then, if anything; `fades` are the parts that are not certain, `{from, to, how}`. */
export function boutsOf(spells) {
  const bouts = []
  spells.forEach((spell, index) => {
    if (!Object.keys(spell.shares).length) return
    const { from, to, shares, because } = spell
    let bout = bouts.at(-1)
    if (bout?.to === from && String(bout.because) === String(because)) bout.to = to
    else {
      const before = bout?.to === from ? bout.shares : null
      bouts.push((bout = { from, to, shares, because, before, fades: [] }))
    }
    const how = fadeOf(spells, index)
    if (how) bout.fades.push({ from, to, how })
  })
  return bouts
}

/** What is left of a bout without those of its fades that `are` so. */
export function restOf({ from, to, fades }, are) {
  const rest = []
  let begun = from
  for (const fade of fades.filter(are)) {
    if (fade.from > begun) rest.push({ from: begun, to: fade.from })
    begun = fade.to
  }
  return begun < to ? [...rest, { from: begun, to }] : rest
}

/** Neighbours that say the same as one run, for its label: `{from, to, spell}`. */
export function runsOf(spells, say) {
  const runs = []
  for (const spell of spells) {
    const said = say(spell)
    const last = runs.at(-1)
    if (last && last.said === said && last.to === spell.from) last.to = spell.to
    else runs.push({ from: spell.from, to: spell.to, said, spell })
  }
  return runs
}
