// Names for writes (Idempotency-Key): the same content has the same one, however often it has to be sent.
import { newName } from "../ask.js"
import { useRef } from "../ui.js"

/** A function that names content: anew when it is other content than before. */
export function useOnce() {
  const last = useRef({ content: null, name: null })
  return (content) => {
    if (last.current.content !== content) last.current = { content, name: newName() }
    return last.current.name
  }
}
