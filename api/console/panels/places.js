// The places of the map as a list: the way to them for keyboards and screen readers, and where all begins.
import { useApp } from "../context.js"
import { markOf } from "../palette.js"
import { Problem } from "../problem.js"
import { Symbol } from "../symbols.js"
import { language, number, t, word } from "../texts.js"
import { html, useState } from "../ui.js"

const LOUDEST_FIRST = ["disputed", "divided", "unclear", "held", "unknown"]
const SHOWN = 100

/** What is said of a place in two words. */
export const sayStatus = ({ status, holder, certain }, nameActor) => {
  const said = status === "held" && holder ? t("status.held_by", { holder: nameActor(holder) }) : word("status", status)
  return certain ? said : t("status.uncertain", { status: said })
}

export function Places({ places, asked }) {
  const { parties, nameActor, dark, pick, settings } = useApp()
  const [chosen, choose] = useState(null)
  if (asked.problem) return html`<h2 tabindex="-1">${t("places.title")}</h2><${Problem} problem=${asked.problem} />`

  const counted = LOUDEST_FIRST.map((status) => [status, places.filter(({ properties }) => properties.status === status)])
  const listed = counted
    .filter(([status]) => chosen === null || status === chosen)
    .flatMap(([, those]) =>
      those.toSorted((one, other) => one.properties.name.localeCompare(other.properties.name, language())),
    )
  return html`<h2 tabindex="-1">${t("places.title")}</h2>
    <p>${t("places.intro")}</p>
    <div class="counts" role="group" aria-label=${t("places.by_status")}>
      ${counted.map(
        ([status, those]) =>
          html`<button aria-pressed=${chosen === status} onClick=${() => choose(chosen === status ? null : status)}>
            <strong>${number(those.length)}</strong> ${word("status", status)}
          </button>`,
      )}
    </div>
    <ul class="list">
      ${listed.slice(0, SHOWN).map(
        ({ id, properties }) =>
          html`<li key=${id}>
            <button class="row" aria-current=${settings.place === id} onClick=${() => pick(id)}>
              <${Symbol} mark=${markOf(properties, parties)} faint=${!properties.certain} dark=${dark} />
              <span>${properties.name}</span>
              <span class="quiet">${sayStatus(properties, nameActor)}</span>
            </button>
          </li>`,
      )}
    </ul>
    ${listed.length > SHOWN && html`<p class="quiet">${t("places.more", { n: listed.length - SHOWN, count: number(listed.length - SHOWN) })}</p>`}`
}
