// Search among all places, in any script, by any of their names.
import { ask } from "./ask.js"
import { Combobox } from "./combobox.js"
import { useApp } from "./context.js"
import { foundAs } from "./matching.js"
import { nameOf } from "./names.js"
import { markOf } from "./palette.js"
import { sayStatus } from "./panels/places.js"
import { PlaceName, usePlace } from "./place-names.js"
import { Symbol } from "./symbols.js"
import { language, t } from "./texts.js"
import { html } from "./ui.js"

const MOST = 10

export function Search() {
  const { pick } = useApp()
  return html`<div class="search" role="search">
    <${PlaceSearch}
      id="search"
      aria-label=${t("search.label")}
      placeholder=${t("search.label")}
      choose=${({ id }) => pick(id)}
    />
  </div>`
}

/** A field in which a place is found at the clocks, also one that has no point; `choose(place)` takes it. */
export function PlaceSearch(more) {
  const { clocks, fresh } = useApp()
  const asking = async (q, signal) =>
    (await ask("v1/locations", { q, limit: MOST, ...clocks, ...fresh }, { signal })).items
  return html`<${Combobox}
    asking=${asking}
    draw=${(place, typed) => html`<${Found} place=${place} typed=${typed} />`}
    ...${more}
  />`
}

function Found({ place, typed }) {
  const { parties, nameActor, dark } = useApp()
  return html`<${Symbol} mark=${markOf(place, parties)} faint=${!place.certain} dark=${dark} />
    <span class="found">
      <span>${nameOf(place)}</span>
      <${As} place=${place} typed=${typed} />
      <span class="quiet">
        ${t(`search.kind.${place.kind}`)}${place.part_of && html`, <${PlaceName} id=${place.part_of} />`}
      </span>
    </span>
    <span class="quiet">${sayStatus(place, nameActor)}</span>`
}

/** By what it was found, when that is not the name it goes by here. Aliases are not in lists: the place has them. */
function As({ place, typed }) {
  const named = foundAs(place, nameOf(place), typed)
  const known = usePlace(named === undefined ? place.id : null)
  const found = named === undefined && known ? foundAs(known, nameOf(place), typed) : named
  if (found === null) return null
  if (found === undefined) return html`<span class="quiet">${t("search.alike")}</span>`
  if (!found.tag) return html`<span class="quiet">${t("search.as", { name: found.name })}</span>`
  const tongue = new Intl.DisplayNames(language(), { type: "language" }).of(found.tag)
  return html`<span class="quiet">${t("search.as_in", { name: found.name, tongue })}</span>`
}
