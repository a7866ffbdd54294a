// What stands beside and below the lanes: a tip for a mark, a list of marks that lie together, the key to it all.
import { useApp } from "../context.js"
import { partyColour } from "../palette.js"
import { number, t } from "../texts.js"
import { html, useEffect, useRef, useState } from "../ui.js"
import { Glyph } from "./lane-drawing.js"
import { Told } from "./told.js"

const HIDE_MS = 200
const IN_TIP = 5

/** What is shown beside a mark that is pointed at or focused. It stays while the pointer is on it. */
export function useTip() {
  const [shown, show] = useState(null)
  const timer = useRef(null)
  const stay = () => clearTimeout(timer.current)
  useEffect(() => stay, [])
  return {
    shown,
    stay,
    /** Escape puts it away, and does nothing else then. */
    keys: (event) => {
      if (event.key !== "Escape" || !shown) return false
      event.stopPropagation()
      show(null)
      return true
    },
    enter: (members, x, y) => {
      stay()
      show({ members, x, y })
    },
    leave: () => {
      stay()
      timer.current = setTimeout(() => show(null), HIDE_MS)
    },
  }
}

export function Tip({ tip, width }) {
  if (!tip.shown) return null
  const { members, x, y } = tip.shown
  const rest = members.length - IN_TIP
  const beside = x > width / 2 ? { right: `${Math.max(width - x - 24, 0)}px` } : { left: `${Math.max(x - 24, 0)}px` }
  return html`<div
    class="tip"
    role="tooltip"
    style=${{ top: `${y + 12}px`, ...beside }}
    onPointerEnter=${tip.stay}
    onPointerLeave=${tip.leave}
    onPointerDown=${(event) => event.stopPropagation()}
  >
    ${members.slice(0, IN_TIP).map(({ told }) => html`<${Told} told=${told} />`)}
    ${rest > 0 && html`<p class="quiet">${t("lanes.and_more", { n: rest, count: number(rest) })}</p>`}
  </div>`
}

/** What lies under one mark, where several share it. */
export function Listing({ members, close }) {
  const { open } = useApp()
  const heading = useRef(null)
  useEffect(() => heading.current.focus(), [members])
  return html`<div class="listing">
    <h3 tabindex="-1" ref=${heading}>${t("lanes.these", { n: members.length, count: number(members.length) })}</h3>
    <ul class="list">
      ${members.map(
        ({ id, told }) => html`<li key=${id}>
          <button class="row" onClick=${() => open("development", id)}><${Told} told=${told} /></button>
        </li>`,
      )}
    </ul>
    <button onClick=${close}>${t("lanes.close")}</button>
  </div>`
}

/** What colours, patterns and shapes stand for. */
export function Key({ parties, sorts }) {
  const { nameActor, parties: marks, dark } = useApp()
  return html`<ul class="key">
    ${parties.map(
      (party) => html`<li>
        <svg width="22" height="12" aria-hidden="true">
          <rect width="22" height="12" rx="2" fill=${partyColour(marks, party, dark)} fill-opacity="0.8" />
          <rect width="22" height="12" rx="2" fill=${`url(#weave-${party})`} />
        </svg>
        ${nameActor(party)}
      </li>`,
    )}
    ${sorts.map(
      (sort) => html`<li>
        <svg class="glyph" width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
          <${Glyph} sort=${sort} />
        </svg>
        ${t(`lanes.sorts.${sort}`)}
      </li>`,
    )}
    <li><span class="swatch clashing" aria-hidden="true"></span>${t("lanes.clash")}</li>
    <li><span class="swatch fading" aria-hidden="true"></span>${t("lanes.fading")}</li>
  </ul>`
}
