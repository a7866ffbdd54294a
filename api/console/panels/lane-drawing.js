// The lanes of a place as SVG: grid, what each voice says as bands, and what was told as marks.
import { partyColour } from "../palette.js"
import { writeTick } from "../dates.js"
import { sayShare, sayShares } from "../shares.js"
import { classes, html } from "../ui.js"
import { bandsOf, restOf, runsOf } from "./lane-geometry.js"
import { CELL, TRACK } from "./lane-layout.js"
import { sayStatus } from "./places.js"

const LETTER = 6.1 // how wide a letter of a label is, about
const SEEN = 3 // how wide a fading must be to be seen as one
const FAR = 4_000 // how far beyond the edges a fading is drawn, so that it stays what it is
const NONE = 0.07 // how high a line stands for none at all

const GLYPHS = Object.freeze({
  claim: { fill: "M-5.5-4.5h11L0 6z" },
  denial: { line: "M-4.2-4.2 4.2 4.2M4.2-4.2-4.2 4.2" },
  answer: { line: "M0-5.2V5.2M-5.2 0H5.2" },
  assessment: { line: "M-4.2-4.2h8.4v8.4h-8.4z" },
  happening: { fill: "M0-4a4 4 0 1 0 .01 0z" },
})

/** The shape of a sort of development, around the origin. */
export const Glyph = ({ sort }) => {
  const { fill, line } = GLYPHS[sort]
  if (fill) return html`<path class="filled" d=${fill} />`
  return html`<path class="halo" d=${line} /><path class="drawn" d=${line} />`
}

const PATTERNS = [
  html`<path d="M-1 7 7-1M-1 1 1-1M5 7 7 5" />`,
  html`<circle cx="1.5" cy="1.5" r="0.9" /><circle cx="4.5" cy="4.5" r="0.9" />`,
  html`<path d="M0 3H6" />`,
  html`<path d="M3 0V6" />`,
]

/** What is referred to by name: for each party its colour fading up and down, a pattern, and fading along time. */
export function Inks({ parties, marks, dark }) {
  const fading = (party, hangs) => {
    const colour = partyColour(marks, party, dark)
    const [y1, y2] = hangs ? [0, 1] : [1, 0]
    return html`<linearGradient id=${`ink-${party}-${hangs ? "down" : "up"}`} x1="0" x2="0" y1=${y1} y2=${y2}>
      <stop offset="0" stop-color=${colour} stop-opacity="0.8" />
      <stop offset="1" stop-color=${colour} stop-opacity="0.04" />
    </linearGradient>`
  }
  const along = (name, from, to) => html`
    <linearGradient id=${`along-${name}`}>
      <stop offset="0" stop-color="#fff" stop-opacity=${from} />
      <stop offset="1" stop-color="#fff" stop-opacity=${to} />
    </linearGradient>
    <mask id=${`fade-${name}`} maskContentUnits="objectBoundingBox">
      <rect width="1" height="1" fill=${`url(#along-${name})`} />
    </mask>`
  return html`<defs>
    ${parties.map((party) => [fading(party, false), fading(party, true)])}
    ${parties.map(
      (party, index) => html`<pattern
        id=${`weave-${party}`}
        class="weave"
        width="6"
        height="6"
        patternUnits="userSpaceOnUse"
      >
        ${PATTERNS[index % PATTERNS.length]}
      </pattern>`,
    )}
    ${along("in", 0.05, 1)} ${along("out", 1, 0.05)} ${along("faint", 0.45, 0.45)}
  </defs>`
}

const round = (number) => Math.round(number * 10) / 10
const box = (x, y, width, height) => `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${-round(width)}z`

/** What a voice says in some pieces of time, `{x, width, shares}`: for each party one outline for all that is sure, one
 * for its pattern, and a fading rectangle for each piece that may be more. Few elements, however many pieces. */
function Ink({ pieces, parties, top, height, marks, dark }) {
  const drawn = new Map(parties.map((party) => [party, { sure: "", all: "", fading: [] }]))
  for (const { x, width, shares } of pieces) {
    for (const { party, hangs, base, solid, reach } of bandsOf(shares, parties)) {
      const from = (share, thick) => (hangs ? top + height * share : top + height * (1 - share - thick))
      const sure = Math.max(solid, reach === 0 ? NONE : 0)
      const into = drawn.get(party)
      if (sure > 0) into.sure += box(x, from(base, sure), width, height * sure)
      if (reach > solid) {
        const way = hangs ? "down" : "up"
        into.fading.push({ x, width, y: from(base + solid, reach - solid), height: height * (reach - solid), way })
      }
      into.all += box(x, from(base, Math.max(sure, reach)), width, height * Math.max(sure, reach))
    }
  }
  return [...drawn].map(
    ([party, { sure, all, fading }]) => html`
      ${sure && html`<path d=${sure} fill=${partyColour(marks, party, dark)} fill-opacity="0.8" />`}
      ${fading.map(({ way, ...place }) => html`<rect ...${place} fill=${`url(#ink-${party}-${way})`} />`)}
      ${all && html`<path d=${all} fill=${`url(#weave-${party})`} />`}
    `,
  )
}

/** What a voice says over time. Where that is not certain for long enough to be seen, it comes in over what was said
 * before, or goes out. */
function VoiceBand({ row, scale, parties, marks, dark }) {
  const place = { parties, top: row.middle, height: row.band, marks, dark }
  const piece = (shares, from, to, beyond = 0) => {
    const x = Math.max(scale.x(from), -beyond)
    return { shares, x, width: Math.max(Math.min(scale.x(to), scale.width + beyond) - x, 1) }
  }
  const wide = ({ from, to }) => scale.x(to) - scale.x(from) >= SEEN
  const visible = ({ from, to }) => scale.x(to) >= 0 && scale.x(from) <= scale.width
  const seen = row.bouts.filter(visible)
  const ground = seen
    .map(({ shares, from, to }) => piece(shares, from, to))
    .map(({ x, width }) => box(x, row.middle, width, row.band))
  const fading = seen.flatMap((bout) =>
    bout.fades.filter((fade) => wide(fade) && visible(fade)).map((fade) => ({ ...fade, bout })),
  )
  const sure = seen.flatMap((bout) =>
    restOf(bout, wide)
      .filter(visible)
      .map(({ from, to }) => piece(bout.shares, from, to)),
  )
  return html`
    <path class="ground" d=${ground.join("")} />
    <${Ink} ...${place} pieces=${sure} />
    ${fading.map(
      ({ how, from, to, bout }) => html`
        ${how === "in" &&
        bout.before &&
        html`<g mask="url(#fade-out)"><${Ink} ...${place} pieces=${[piece(bout.before, from, to, FAR)]} /></g>`}
        <g mask=${`url(#fade-${how})`}><${Ink} ...${place} pieces=${[piece(bout.shares, from, to, FAR)]} /></g>
      `,
    )}
  `
}

/** The spells of a lane that are in sight, with where they begin and end on the screen. */
const inSight = (spells, scale) =>
  spells
    .map((spell) => ({ spell, x: scale.x(spell.from), end: Math.min(scale.x(spell.to), scale.width) }))
    .filter(({ x, end }) => end >= 0 && x <= scale.width)

function StatusBand({ row, scale, marks, dark }) {
  return inSight(row.spells, scale).map(({ spell, x, end }) => {
    const fill = spell.value === "held" ? partyColour(marks, spell.holder, dark) : ""
    return html`<rect
      class=${classes("status", spell.value, !spell.certain && "faint")}
      style=${{ fill }}
      x=${x}
      width=${Math.max(end - x, 1)}
      y=${row.middle}
      height=${row.band}
    />`
  })
}

/** What may stand in the bands of a lane: `{from, to, words}`, the words in full and in short. */
export function labelsOf({ sort, spells }, nameActor) {
  const status = sort === "status"
  const say = status ? sayStatusOf : sayPositionOf
  const shown = status ? spells.filter(({ certain }) => certain) : spells
  const runs = runsOf(shown, (spell) => say(spell, nameActor)[0])
  return runs.map(({ from, to, spell }) => ({ from, to, words: say(spell, nameActor) }))
}

/** The labels, each where its band is wide enough for all of it, or for the short one. */
function Labels({ row, scale }) {
  return row.labels.map(({ from, to, words }) => {
    const [x, end] = [Math.max(scale.x(from), 0), Math.min(scale.x(to), scale.width)]
    const said = words.find((text) => text.length * LETTER + 12 < end - x)
    const y = row.middle + row.band / 2 + 4
    return said && html`<text class=${classes("label", row.sort)} x=${x + 6} y=${y}>${said}</text>`
  })
}

const sayStatusOf = ({ value, holder }, nameActor) => [sayStatus({ status: value, holder, certain: true }, nameActor)]

function sayPositionOf({ shares }, nameActor) {
  const stated = Object.values(shares)
  if (!stated.length) return [""]
  return [sayShares(shares, nameActor), stated.map(sayShare).join(" / ")]
}

/** The dates above the lanes, which stay in sight as the lanes go by under them. */
export const Axis = ({ ticks }) => html`<div class="axis" aria-hidden="true">
  ${ticks.map(
    ({ at, x, unit, year }) => html`<span class="tick" style=${{ left: `${x}px` }}>
      ${writeTick(at, unit)}${year && html`<b>${writeTick(at, "year")}</b>`}
    </span>`,
  )}
</div>`

/** Everything but the marks. It says nothing to a screen reader: the table beside it does. */
export const Ground = ({ rows, height, scale, ticks, parties, marks, dark }) => html`
  <g aria-hidden="true">
    ${rows.map((row) =>
      row.clashes
        .map(({ from, to }) => [Math.max(scale.x(from), 0), Math.min(scale.x(to), scale.width)])
        .filter(([x, end]) => end > x)
        .map(([x, end]) => html`<rect class="clash" x=${x} width=${end - x} y=${row.top} height=${row.height} />`),
    )}
    ${ticks.map(({ x }) => html`<line class="grid" x1=${x} x2=${x} y1="0" y2=${height} />`)}
    ${rows.map((row) => {
      const Band = row.sort === "status" ? StatusBand : VoiceBand
      const y = row.middle + row.band / 2
      return html`<g key=${row.voice ?? row.sort}>
        ${row.sort !== "others" && html`<line class="silence" x1="0" x2=${scale.width} y1=${y} y2=${y} />`}
        <${Band} row=${row} scale=${scale} parties=${parties} marks=${marks} dark=${dark} />
        <${Labels} row=${row} scale=${scale} />
      </g>`
    })}
  </g>
`

/** The marks of a lane. Each is a button; `stop` is the one that the Tab key comes to. */
export const Marks = ({ row, stop, say, open, enter, leave }) =>
  row.laid.map(({ x, end, track, members }) => {
    const [first] = members
    const y = row.under + track * TRACK + TRACK / 2
    const left = x - CELL / 2
    return html`<g
      key=${first.id}
      class="mark"
      role="button"
      tabindex=${first.id === stop ? 0 : -1}
      aria-label=${say(members)}
      data-mark=${first.id}
      onClick=${() => open(members)}
      onPointerEnter=${() => enter(members, x, y)}
      onPointerLeave=${leave}
      onFocus=${() => enter(members, x, y, true)}
      onBlur=${leave}
    >
      ${end - x > CELL / 2 && html`<rect class="window" x=${x} width=${end - x} y=${y - 1.5} height="3" rx="1.5" />`}
      <rect class="hit" x=${left} width=${Math.max(CELL, end - left)} y=${y - CELL / 2} height=${CELL} />
      <g transform=${`translate(${Math.max(x, 6)} ${y})`}>
        ${members.length === 1
          ? html`<${Glyph} sort=${first.sort} />`
          : html`<circle class="many" r="7.5" /><text class="count" y="3.5">${members.length}</text>`}
      </g>
    </g>`
  })
