// What every voice says of a place over time, a lane each: the heart of the page.
import { useApp } from "../context.js"
import { dayOf, today, writeDay, writeWindow } from "../dates.js"
import { number, t, word } from "../texts.js"
import { classes, html, useMemo, useRef, useState } from "../ui.js"
import { Key, Listing, Tip, useTip } from "./lane-beside.js"
import { Axis, Ground, Inks, labelsOf, Marks } from "./lane-drawing.js"
import { DAY, readMarks, readSpells, scaleOf, SORTS, spanOf, ticksOf, ZOOMS } from "./lane-geometry.js"
import { Heads } from "./lane-heads.js"
import { lanesOf, layOut } from "./lane-layout.js"
import { useRoving } from "./lane-roving.js"
import { LaneTable } from "./lane-table.js"
import { useGestures, useStretch, useWidth } from "./lane-window.js"
import { saySpeaker } from "./told.js"

/** The instant that the lanes are read at: the end of a day, else now. */
const cursorAt = (day, clocks) => (day ? Date.parse(day) + DAY : Date.parse(clocks.valid_at)) - 1

/** The lanes of a place. `history` and `told` are what the API answers of it, `day` is the one that is set. */
export function Lanes({ place, history, told, day }) {
  const { actors, nameActor, tag, set } = useApp()
  const box = useRef(null)
  const width = useWidth(box)
  const cursor = cursorAt(day, history.clocks)
  const read = useMemo(() => readAll(history, told, actors, nameActor), [history, told, actors, tag])
  const span = spanOf(read.spells, read.marks, cursor)
  const view = useStretch({ place, span, cursor, marks: read.marks })
  const scale = scaleOf(view.stretch, Math.max(width, 1))
  const { rows, height } = useMemo(() => layOut(read.lanes, scale), [read, ...view.stretch, width])
  const roving = useRoving({ box, rows, marks: read.marks, show: view.show, stretch: view.stretch })
  const pick = (x) => set({ valid_at: dayToSet(scale.at(x)) })
  const pointer = usePointer(box, scale, useGestures(box, { scale, move: view.move, stretchAt: view.stretchAt, pick }))
  const tip = useTip()
  const [listing, list] = useState(null)
  const ticks = useMemo(() => ticksOf(scale), [...view.stretch, width, tag])
  const drawing = useDrawing({ rows, height, scale, ticks, parties: read.parties, stop: roving.stop, tip, list })
  const at = pointer.at ?? cursor
  return html`<section class="lanes" aria-label=${t("lanes.title")}>
    <${Tools} at=${at} hovered=${pointer.at !== null} view=${view} />
    <p class="unseen" id="lanes-help">${t("lanes.help")}</p>
    <div class="dated">
      <${Axis} ticks=${ticks} />
      <div
        class="field"
        ref=${box}
        style=${{ height: `${height}px` }}
        onKeyDown=${(event) => tip.keys(event) || roving.keys(event)}
        ...${pointer.handlers}
      >
        ${width > 0 && drawing}
        <${Heads} rows=${rows} disagreements=${read.disagreements} at=${at} />
        <${Cursor} x=${scale.x(cursor)} ghost=${pointer.x} width=${width} height=${height} />
        <${Tip} tip=${tip} width=${width} />
      </div>
    </div>
    ${listing && html`<${Listing} members=${listing} close=${() => list(null)} />`}
    <${Key} parties=${read.parties} sorts=${SORTS.filter((sort) => read.marks.some((mark) => mark.sort === sort))} />
    <${LaneTable} history=${history} voices=${read.lanes.map(({ voice }) => voice).filter(Boolean)} />
  </section>`
}

/** The SVG, drawn anew only when something in it changes: not as the cursor moves. */
function useDrawing({ rows, height, scale, ticks, parties, stop, tip, list }) {
  const { nameActor, parties: marks, dark, tag, open } = useApp()
  const say = (members) => sayMarks(members, nameActor)
  const openMarks = (members) => (members.length === 1 ? open("development", members[0].id) : list(members))
  const own = { stop, say, open: openMarks, enter: tip.enter, leave: tip.leave }
  return useMemo(
    () => html`<svg
      class="drawing"
      width=${scale.width}
      height=${height}
      role="group"
      aria-label=${t("lanes.marks")}
      aria-describedby="lanes-help"
    >
      <${Inks} parties=${parties} marks=${marks} dark=${dark} />
      <${Ground} ...${{ rows, height, scale, ticks, parties, marks, dark }} />
      ${rows.map((row) => html`<${Marks} key=${row.voice ?? row.sort} row=${row} ...${own} />`)}
    </svg>`,
    [rows, stop, marks, dark, tag],
  )
}

/** What a mouse points at, as an instant and a place: null where there is none; and all that the field listens to. */
function usePointer(box, scale, gestures) {
  const [x, setX] = useState(null)
  const track = (event) => {
    if (event.pointerType === "mouse") setX(event.clientX - box.current.getBoundingClientRect().left)
    gestures.onPointerMove(event)
  }
  const handlers = { ...gestures, onPointerMove: track, onPointerLeave: () => setX(null) }
  return { x, at: x === null ? null : scale.at(x), handlers }
}

/** The line at the clock, and a thin line where the mouse points. */
const Cursor = ({ x, ghost, width, height }) => {
  const line = (name, at, high) =>
    html`<div class=${name} style=${{ transform: `translateX(${at}px)`, height: `${high}px` }}></div>`
  return html`
    ${x >= 0 && x <= width && line("cursor", x, height + 4)} ${ghost !== null && line("ghost", ghost, height)}
  `
}

/** Everything that is drawn, whatever stretch of time is shown. */
function readAll(history, told, actors, nameActor) {
  const marks = readMarks(told)
  const bare = lanesOf(history, marks, (id) => actors.get(id)?.kind)
  const lanes = bare.map((lane) => ({ ...lane, labels: lane.sort === "others" ? [] : labelsOf(lane, nameActor) }))
  const spells = lanes.flatMap((lane) => lane.spells)
  const named = spells.flatMap(({ shares, holder }) => [...Object.keys(shares ?? {}), holder])
  const parties = [...new Set(named.filter(Boolean))].sort()
  return { marks, lanes, spells, parties, disagreements: readSpells(history.disagreements) }
}

const dayToSet = (at) => {
  const date = dayOf(Math.floor(at / DAY))
  return date >= today() ? null : date
}

const sayMark = ({ told }, nameActor) =>
  [word("kinds", told.kind), saySpeaker(told, nameActor), writeWindow(told.occurred), told.summary]
    .filter(Boolean)
    .join(", ")

function sayMarks(members, nameActor) {
  const [first, ...others] = members
  if (!others.length) return sayMark(first, nameActor)
  const n = members.length
  return t("lanes.together", { n, count: number(n), when: writeWindow(first.told.occurred) })
}

/** The day that is read off, and how much of time is shown. */
function Tools({ at, hovered, view }) {
  return html`<div class="tools">
    <p class=${classes("read", hovered && "hovered")}>${t("lanes.at", { day: writeDay(at) })}</p>
    <div class="zooms" role="group" aria-label=${t("lanes.zoom")}>
      ${Object.keys(ZOOMS).map(
        (zoom) => html`<button aria-pressed=${view.zoom === zoom} onClick=${() => view.choose(zoom)}>
          ${t(`lanes.zooms.${zoom}`)}
        </button>`,
      )}
    </div>
  </div>`
}
