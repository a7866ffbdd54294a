// The way through the marks by keyboard.
import { useLayoutEffect, useRef, useState } from "../ui.js"

/** One stop of the Tab key, and arrows from mark to mark in the order of time. */
export function useRoving({ box, rows, marks, show, stretch }) {
  const [current, setCurrent] = useState(null)
  const wanted = useRef(false)
  const laid = rows.flatMap((row) => row.laid)
  const holder = (id) => laid.find(({ members }) => members.some((member) => member.id === id))
  const stop = (holder(current) ?? laid.toSorted((one, other) => one.x - other.x)[0])?.members[0].id ?? null

  // At once: a mark that goes out of sight takes the focus with it.
  useLayoutEffect(() => {
    if (!wanted.current) return
    wanted.current = false
    box.current.querySelector(`[data-mark="${CSS.escape(stop)}"]`)?.focus()
  })
  const go = (to) => {
    const mark = marks[Math.min(Math.max(to, 0), marks.length - 1)]
    wanted.current = true
    setCurrent(mark.id)
    if (mark.to < stretch[0] || mark.from > stretch[1]) show(Math.max(mark.from, Math.min(mark.to, stretch[0])))
  }
  const keys = (event) => {
    const id = event.target.closest("[data-mark]")?.dataset.mark
    if (!id) return
    const { members } = holder(id)
    const ends = members.map((member) => marks.indexOf(member))
    const ways = {
      ArrowRight: () => go(Math.max(...ends) + 1),
      ArrowLeft: () => go(Math.min(...ends) - 1),
      Home: () => go(0),
      End: () => go(marks.length - 1),
      Enter: () => event.target.dispatchEvent(new MouseEvent("click", { bubbles: true })),
    }
    ways[" "] = ways.Enter
    if (!ways[event.key]) return
    event.preventDefault()
    ways[event.key]()
  }
  return { stop, keys }
}
