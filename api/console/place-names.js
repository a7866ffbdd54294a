// Names of places that are mentioned by id alone. Each is asked for once.
import { ask } from "./ask.js"
import { nameOf } from "./names.js"
import { html, useEffect, useState } from "./ui.js"

const asked = new Map()

/** The place with an id, as it is now. */
export function loadPlace(id) {
  if (!asked.has(id)) {
    const coming = ask(`v1/locations/${encodeURIComponent(id)}`)
    coming.catch(() => asked.delete(id))
    asked.set(id, coming)
  }
  return asked.get(id)
}

/** The same for a component; null until it is there, or while there is no id. */
export function usePlace(id) {
  const [place, setPlace] = useState(null)
  useEffect(() => {
    let gone = false
    if (id) loadPlace(id).then((found) => gone || setPlace(found), () => {})
    return () => {
      gone = true
    }
  }, [id])
  return place?.id === id ? place : null
}

/** The name of a place; its id until that is known. */
export function PlaceName({ id }) {
  const place = usePlace(id)
  return html`${place ? nameOf(place) : id}`
}
