// Playing the map along valid time: the server's replay, read as it is shown.
import { askLines } from "./ask.js"
import { dayNumber, dayOf, today } from "./dates.js"
import { useEffect, useRef, useState } from "./ui.js"

const TICK_MS = 60
const MOST_TICKS = 500

/** How many days a step takes, so that a span of days is played in a bounded time. */
export const stepOf = (days) => [1, 2, 7, 14, 30].find((step) => days / step <= MOST_TICKS) ?? 90

const paused = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true })
  })

/** Plays from one day to another, both YYYY-MM-DD, at the other clocks. `draw(day, changes, whole)` is called for
 * every step; `changes` are of `GET /v1/map/replay`, `whole` is what is said of all places not named before, in the
 * first step alone. Ends when the last day is shown, or by `signal`. */
export async function playMap(from, to, clocks, { draw, signal }) {
  const [first, last] = [dayNumber(from), dayNumber(to)]
  const step = stepOf(last - first)
  const parameters = { ...clocks, valid_at: null, along: "valid", from: dayOf(first + 1), to, step: `P${step}D` }
  const frames = askLines("v1/map/replay", parameters, { signal })
  const begun = await frames.next()
  let next = await frames.next()
  draw(from, begun.value?.changes ?? [], begun.value?.default ?? null)
  for (let day = first; day < last && !signal.aborted; ) {
    const due = performance.now() + TICK_MS
    day = Math.min(day + step, last)
    const changes = []
    while (!next.done && Date.parse(next.value.t) <= Date.parse(dayOf(day + 1))) {
      changes.push(...next.value.changes)
      next = await frames.next()
    }
    draw(dayOf(day), changes, null)
    await paused(Math.max(0, due - performance.now()), signal)
  }
  await frames.return()
}

/** Places with what a frame says of them: those that are named anew, and all of them as `whole` says first. */
export function changePlaces(places, changes, whole) {
  const changed = new Map(changes.map((change) => [change.id, change]))
  return places.map((place) => {
    const said = changed.get(place.id) ?? whole
    if (!said) return place
    const { status, holder, certain } = said
    return { ...place, properties: { ...place.properties, status, holder, certain } }
  })
}

/** Play and pause, for the page: `{playing, day, places, toggle()}`. `places` are those of the map as they are on
 * the day that is shown, while it plays. It starts at the day that is set, or at the first; where it stops is set. */
export function usePlay({ places, settings, first, set }) {
  const [shown, setShown] = useState(null)
  const run = useRef(null)

  const stop = () => {
    run.current?.abort()
    run.current = null
  }
  const start = async () => {
    const controller = (run.current = new AbortController())
    let drawn = places
    let day = settings.valid_at && settings.valid_at < today() ? settings.valid_at : first
    const draw = (now, changes, whole) => {
      day = now
      if (changes.length || whole) drawn = changePlaces(drawn, changes, whole)
      setShown({ day, places: drawn })
    }
    const clocks = { known_at: settings.known_at, log_position: settings.log_position }
    setShown({ day, places: drawn })
    await playMap(day, today(), clocks, { draw, signal: controller.signal }).catch(() => {})
    set({ valid_at: day >= today() ? null : day })
    setShown(null)
    if (run.current === controller) run.current = null
  }
  useEffect(() => stop, [])
  return {
    playing: shown !== null,
    day: shown?.day ?? null,
    places: shown?.places ?? null,
    toggle: () => (run.current ? stop() : places && start()),
  }
}
