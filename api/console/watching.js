// Following the log: what came since the page was opened, and how far a view that follows it has to reach.
import { followLog } from "./live.js"
import { useEffect, useRef, useState } from "./ui.js"

const KEPT = 100
const TOGETHER_MS = 200 // many events at once are one question

/** `{news, unseen, connected, reach, seen()}` of the log after a position; nothing is followed while that is
 * null. `reach` is the log position of the newest event, a moment after it came. */
export function useNews(after, pass) {
  const [state, setState] = useState({ news: [], unseen: 0, connected: false, reach: null })
  const soon = useRef(null)
  const start = useRef(null)
  start.current ??= after

  useEffect(() => {
    if (start.current === null) return undefined
    const controller = new AbortController()
    const patch = (change) => setState((former) => ({ ...former, ...change(former) }))
    followLog(start.current, {
      signal: controller.signal,
      connected: (connected) => patch(() => ({ connected })),
      told: (event) => {
        start.current = event.log_position
        pass(event)
        patch(({ news, unseen }) => ({ news: [event, ...news].slice(0, KEPT), unseen: unseen + 1 }))
        soon.current ??= setTimeout(() => {
          soon.current = null
          patch(() => ({ reach: start.current }))
        }, TOGETHER_MS)
      },
    })
    return () => {
      controller.abort()
      clearTimeout(soon.current)
      soon.current = null
    }
  }, [start.current === null])

  return { ...state, seen: () => setState((former) => ({ ...former, unseen: 0 })) }
}
