// Every panel there is, by the word that opens it. A new one is a file in this folder and an entry here.
// All but the list of places are loaded when they are first opened: the first view waits for none of them.
import { useLayoutEffect, useState } from "../ui.js"
import { Places } from "./places.js"

const LOADS = Object.freeze({
  actor: async () => (await import("./actor.js")).Actor,
  claim: async () => (await import("./claim.js")).Claim,
  compare: async () => (await import("./compare.js")).Compare,
  correct: async () => (await import("./editorial.js")).Correct,
  development: async () => (await import("./development.js")).Development,
  disagreements: async () => (await import("./disagreements.js")).Disagreements,
  key: async () => (await import("./key.js")).Key,
  legend: async () => (await import("./legend.js")).Legend,
  news: async () => (await import("./news.js")).News,
  place: async () => (await import("./place.js")).Place,
  places: async () => Places,
  report: async () => (await import("./report.js")).Report,
  retract: async () => (await import("./editorial.js")).Retract,
})

const loaded = new Map([["places", Places]])

/** Whether there is such a panel. */
export const isPanel = (name) => Object.hasOwn(LOADS, name ?? "")

/** A panel, for a component; null until it is loaded. Each is drawn with `id` (of what was opened), `places` (those of
 * the map), `day` (that is shown while the map plays, else null), `news`, and `asked` (the map's answer). */
export function usePanel(name) {
  const [, redraw] = useState(0)
  useLayoutEffect(() => {
    if (loaded.has(name)) return
    LOADS[name]().then((panel) => {
      loaded.set(name, panel)
      redraw((times) => times + 1)
    })
  }, [name])
  return loaded.get(name) ?? null
}
