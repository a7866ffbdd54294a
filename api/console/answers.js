// Answers for components: asked when they are first drawn, and again when the question changes.
import { ask } from "./ask.js"
import { useEffect, useLayoutEffect, useRef, useState } from "./ui.js"

/** What `asking(signal)` answers: `{data, problem, loading}`. It is called again when anything in `depends`
 * changes, but not before its answer is there: a slider that is dragged asks as often as the server can answer.
 * `of` names whose answer it is; when that changes, the former one goes at once. */
export function useAsked(asking, depends, of = "") {
  const [told, setTold] = useState({ of, data: null, problem: null, loading: true })
  const flight = useRef(null)

  const take = async (question) => {
    const controller = new AbortController()
    const own = (flight.current = { of, controller, next: null })
    setTold((former) => ({ ...(former.of === of ? former : { of, data: null, problem: null }), loading: true }))
    const outcome = await question(controller.signal).then(
      (data) => ({ data, problem: null }),
      (problem) => ({ data: null, problem }),
    )
    if (controller.signal.aborted) return
    flight.current = null
    setTold({ of, ...outcome, loading: Boolean(own.next) })
    if (own.next) take(own.next)
  }

  // Before it is painted, not after: the first painting takes as long as the answer.
  useLayoutEffect(() => {
    if (flight.current?.of === of) flight.current.next = asking
    else {
      flight.current?.controller.abort()
      take(asking)
    }
  }, depends)
  useEffect(() => () => flight.current?.controller.abort(), [])
  return told.of === of ? told : { data: null, problem: null, loading: true }
}

/** The answer to a question. Nothing is asked while `path` is null. */
export function useAnswer(path, parameters, depends = []) {
  const question = path && JSON.stringify([path, parameters])
  return useAsked(
    (signal) => (path ? ask(path, parameters, { signal }) : Promise.resolve(null)),
    [question, ...depends],
    path ?? "",
  )
}
