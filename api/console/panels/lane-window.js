// Which stretch of time the lanes show: zoom, moving along, and the keys and gestures for it.
import { useEffect, useRef, useState } from "../ui.js"
import { around, fittingZoom, moved, stretched, ZOOMS } from "./lane-geometry.js"

const DRAG_FROM_PX = 4
const WHEEL = 1.0015

/** What was chosen of the place that was shown last, for whoever comes back to it. */
let kept = { place: null, zoom: null, length: null, centre: 0 }

/** `{stretch, zoom, choose(zoom), show(at), stretchAt(factor, at), move(by)}` for the lanes of a place. The stretch
 * follows the cursor: when that leaves it, it is laid around it anew. */
export function useStretch({ place, span, cursor, marks }) {
  const chosen = (zoom) => ({ place, zoom, length: ZOOMS[zoom], centre: cursor })
  const [own, setOwn] = useState(() => (kept.place === place ? kept : chosen(fittingZoom(marks, cursor, span))))
  const stretch = around(own.centre, own.length, span)
  const set = (next) => setOwn((kept = { ...own, ...next }))

  useEffect(() => {
    if (cursor < stretch[0] || cursor > stretch[1]) set({ centre: cursor })
  }, [cursor])

  return {
    stretch,
    zoom: own.zoom,
    choose: (zoom) => set(chosen(zoom)),
    show: (at) => set({ centre: at }),
    stretchAt: (factor, at) => {
      const [from, to] = stretched(stretch, factor, at, span)
      set({ zoom: null, centre: (from + to) / 2, length: to - from })
    },
    move: (by) => {
      const [from, to] = moved(stretch, by, span)
      set({ centre: (from + to) / 2 })
    },
  }
}

/** How wide an element is, as it changes; 0 before it is there. */
export function useWidth(element) {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const observer = new ResizeObserver(([{ contentRect }]) => setWidth(Math.round(contentRect.width)))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [])
  return width
}

/** Drag to move, Ctrl and wheel to zoom. `pick(x)` is called for a click that was no drag. */
export function useGestures(element, { scale, move, stretchAt, pick }) {
  const now = useRef(null)
  now.current = { scale, move, stretchAt, pick }
  const drag = useRef(null)
  const placeOf = (event) => event.clientX - element.current.getBoundingClientRect().left

  useEffect(() => {
    const wheel = (event) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      now.current.stretchAt(WHEEL ** event.deltaY, now.current.scale.at(placeOf(event)))
    }
    const target = element.current
    target.addEventListener("wheel", wheel, { passive: false })
    return () => target.removeEventListener("wheel", wheel)
  }, [])

  return {
    onPointerDown: (event) => {
      if (event.button === 0) drag.current = { last: event.clientX, begun: false }
    },
    onPointerMove: (event) => {
      const held = drag.current
      if (!held) return
      const by = event.clientX - held.last
      if (!held.begun && Math.abs(by) < DRAG_FROM_PX) return
      if (!held.begun) element.current.setPointerCapture(event.pointerId)
      held.begun = true
      held.last = event.clientX
      const { scale } = now.current
      now.current.move(scale.at(0) - scale.at(by))
    },
    onPointerUp: (event) => {
      const held = drag.current
      drag.current = null
      if (held && !held.begun && !event.target.closest("[data-mark]")) now.current.pick(placeOf(event))
    },
    onPointerCancel: () => (drag.current = null),
  }
}
