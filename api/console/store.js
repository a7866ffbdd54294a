// The state that parts of the page share: one value, and those who want to hear when it changes.
import { useEffect, useState } from "./ui.js"

/** A store with `get`, `set(patch)` and `subscribe(listener)`, which answers how to stop. */
export function createStore(initial) {
  let value = Object.freeze({ ...initial })
  const listeners = new Set()
  return {
    get: () => value,
    set(patch) {
      const next = { ...value, ...patch }
      if (Object.keys(next).every((name) => Object.is(next[name], value[name]))) return
      value = Object.freeze(next)
      for (const listener of [...listeners]) listener(value)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The value of a store, for a component: it is drawn anew when that changes. */
export function useStore(store) {
  const [value, setValue] = useState(store.get)
  useEffect(() => {
    setValue(store.get())
    return store.subscribe(setValue)
  }, [store])
  return value
}
