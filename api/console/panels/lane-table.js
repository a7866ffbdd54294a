// The lanes as a table: all that they show of positions, in words.
import { useApp } from "../context.js"
import { writeInstant } from "../dates.js"
import { sayShares } from "../shares.js"
import { t } from "../texts.js"
import { html, useState } from "../ui.js"
import { sayStatus } from "./places.js"

/** Voice, what it says, since when and until when; written when it is opened, because it may be long. */
export function LaneTable({ history, voices }) {
  const [open, setOpen] = useState(false)
  return html`<details class="as-table" onToggle=${({ target }) => setOpen(target.open)}>
    <summary>${t("lanes.as_table")}</summary>
    ${open && html`<${Table} history=${history} voices=${voices} />`}
  </details>`
}

function Table({ history, voices }) {
  const { nameActor } = useApp()
  const sayPosition = ({ shares, certain }) => {
    const said = Object.keys(shares).length ? sayShares(shares, nameActor) : t("lanes.silent")
    return certain ? said : t("status.uncertain", { status: said })
  }
  const sayPlace = ({ value, holder, certain }) => sayStatus({ status: value, holder, certain }, nameActor)
  const rows = (name, spells, say) =>
    spells.map(
      (spell) => html`<tr>
        <th scope="row">${name}</th>
        <td>${say(spell)}</td>
        <td>${writeInstant(spell.from, { short: true })}</td>
        <td>${spell.to ? writeInstant(spell.to, { short: true }) : ""}</td>
      </tr>`,
    )
  return html`<div class="wide" tabindex="0" role="region" aria-label=${t("lanes.as_table")}>
    <table>
      <thead>
        <tr>
          ${["voice", "says", "from", "to"].map((column) => html`<th scope="col">${t(`lanes.columns.${column}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows(t("lanes.status"), history.status, sayPlace)}
        ${voices.map((voice) => rows(nameActor(voice), history.voices[voice], sayPosition))}
      </tbody>
    </table>
  </div>`
}
