// What stands above each lane: whose it is, and what it says at the instant that is read off.
import { useApp } from "../context.js"
import { sayShares } from "../shares.js"
import { t } from "../texts.js"
import { html } from "../ui.js"
import { spellAt } from "./lane-geometry.js"
import { HEAD } from "./lane-layout.js"
import { sayStatus } from "./places.js"

export function Heads({ rows, disagreements, at }) {
  const { nameActor } = useApp()
  return rows.map((row) => {
    const spell = spellAt(row.spells, at)
    const lane = row.voice ?? row.sort
    const place = { top: `${row.top}px`, height: `${HEAD}px` }
    return html`<div key=${lane} class="head-of" style=${place} data-lane=${lane}>
      <span class="whose">${row.voice ? nameActor(row.voice) : t(`lanes.${row.sort}`)}</span>
      <span class="says">${sayHead(row, spell, nameActor)}</span>
      <${Against} row=${row} disagreements=${disagreements} at=${at} />
    </div>`
  })
}

function sayHead({ sort }, spell, nameActor) {
  if (sort === "others") return ""
  if (sort === "status") {
    const { value: status, holder, certain } = spell ?? { value: "unknown", holder: null, certain: true }
    return sayStatus({ status, holder, certain }, nameActor)
  }
  if (!spell || !Object.keys(spell.shares).length) return t("lanes.silent")
  const said = sayShares(spell.shares, nameActor)
  return spell.certain ? said : t("status.uncertain", { status: said })
}

/** With whom the voice disagrees. */
function Against({ row, disagreements, at }) {
  const { nameActor } = useApp()
  const others = disagreements
    .filter(({ from, to, between }) => from <= at && at < to && between.includes(row.voice))
    .map(({ between: [one, other] }) => nameActor(one === row.voice ? other : one))
  if (!others.length) return null
  const voices = others.join(", ")
  const said = t("lanes.against", { voices })
  return html`<span class="against" title=${said}>
    <span aria-hidden="true">≠ ${voices}</span><span class="unseen">${said}</span>
  </span>`
}
