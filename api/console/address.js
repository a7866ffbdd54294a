// Settings and address of the page, each kept like the other.
import { readSettings, writeSettings } from "./settings.js"

const QUIET_MS = 200

/** Ties a store of settings to the address. Steps to another place or panel can be gone back from; what a
 * slider or the map passes over cannot, and is written when it rests. */
export function tieToAddress(settings) {
  let last = settings.get()
  let resting = null

  const write = (how) => {
    clearTimeout(resting)
    const search = writeSettings(settings.get())
    if (search !== location.search) history[how](null, "", `${location.pathname}${search}`)
  }

  settings.subscribe((now) => {
    const stepped = now.place !== last.place || now.open !== last.open
    last = now
    if (stepped) return write("pushState")
    clearTimeout(resting)
    resting = setTimeout(write, QUIET_MS, "replaceState")
  })
  addEventListener("popstate", () => {
    clearTimeout(resting)
    last = readSettings(location.search)
    settings.set(last)
  })
}
