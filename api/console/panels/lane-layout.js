// Which lanes a place has, and what lies where in them. Nothing here draws.
import { boutsOf, readSpells } from "./lane-geometry.js"

const KINDS = Object.freeze({ party: 0, assessor: 1, outlet: 2, agency: 3 })
export const HEAD = 24
const BANDS = Object.freeze({ status: 14, voice: 28, others: 0 })
export const TRACK = 16
export const CELL = 16 // the least room for a mark
const FOOT = 10

/** From when to when each voice disagrees with anybody, by voice: stretches that touch are one. */
export function clashesOf(disagreements) {
  const found = new Map()
  for (const { from, to, between } of disagreements.toSorted((one, other) => one.from - other.from)) {
    for (const voice of between) {
      if (!found.has(voice)) found.set(voice, [])
      const last = found.get(voice).at(-1)
      if (last && from <= last.to) last.to = Math.max(last.to, to)
      else found.get(voice).push({ from, to })
    }
  }
  return found
}

/** Lays the marks of a lane that are in sight in tracks: `{marks, tracks}` with `{x, end, track, members}` each. No
 * shape covers another, and none its neighbour's window as long as there is a track left. `members` are many where
 * there is none at all: they share one mark, as wide as a shape. */
export function packMarks(marks, scale, { cell = CELL, most = 5 } = {}) {
  const windows = []
  const shapes = []
  const laid = []
  for (const mark of marks) {
    const x = Math.max(scale.x(mark.from), 0)
    const end = Math.min(Math.max(scale.x(mark.to), x), scale.width)
    if (scale.x(mark.to) < 0 || x > scale.width) continue
    const left = x - cell / 2
    const track = [windows.findIndex((taken) => taken <= left), windows.length < most ? windows.length : -1]
      .concat(shapes.findIndex((taken) => taken <= left))
      .find((found) => found !== -1)
    if (track === undefined) {
      const last = laid.findLast((each) => each.track === most - 1)
      last.members.push(mark)
      last.end = Math.max(last.end, end)
      continue
    }
    shapes[track] = x + cell / 2
    windows[track] = Math.max(shapes[track], end)
    laid.push({ x, end, track, members: [mark] })
  }
  return { marks: laid, tracks: windows.length }
}

/** The lanes of a place, from the top: its status, every voice that says who holds it (parties first, then whoever
 * assesses), and what all others report: `{sort, voice, spells, bouts, marks, clashes}`. `kindOf` tells the kind of
 * an actor. */
export function lanesOf(history, marks, kindOf) {
  const place = (voice) => KINDS[kindOf(voice)] ?? 4
  const clashes = clashesOf(readSpells(history.disagreements))
  const voices = Object.keys(history.voices).toSorted(
    (one, other) => place(one) - place(other) || (one < other ? -1 : 1),
  )
  const own = new Map(voices.map((voice) => [voice, []]))
  const others = []
  for (const mark of marks) (own.get(mark.voice) ?? others).push(mark)
  const lane = (sort, voice, spells, marks) => {
    const bouts = sort === "voice" ? boutsOf(spells) : []
    return { sort, voice, spells, bouts, marks, clashes: clashes.get(voice) ?? [] }
  }
  return [
    lane("status", null, readSpells(history.status), []),
    ...voices.map((voice) => lane("voice", voice, readSpells(history.voices[voice]), own.get(voice))),
    ...(others.length ? [lane("others", null, [], others)] : []),
  ]
}

/** The lanes with what is in sight of them, one under the other: with `top`, `band`, `height`, `under` (where the
 * marks are) and `laid` each; and how high all of them are. */
export function layOut(lanes, scale) {
  let top = 0
  const rows = lanes.map((lane) => {
    const { marks: laid, tracks } = packMarks(lane.marks, scale)
    const band = BANDS[lane.sort]
    const under = top + HEAD + band + (band ? 4 : 0)
    const row = { ...lane, laid, top, band, middle: top + HEAD, under, height: under - top + tracks * TRACK + FOOT }
    top += row.height
    return row
  })
  return { rows, height: top }
}
