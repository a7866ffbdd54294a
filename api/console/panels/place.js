// What is shown of a place: its name and status, what every voice says over time, and all that rests on.
import { useAnswer, useAsked } from "../answers.js"
import { askAll } from "../ask.js"
import { useApp } from "../context.js"
import { writeDay, writeInstant } from "../dates.js"
import { nameOf } from "../names.js"
import { markOf } from "../palette.js"
import { Asked } from "../problem.js"
import { isLive } from "../settings.js"
import { Symbol } from "../symbols.js"
import { t } from "../texts.js"
import { html, useMemo } from "../ui.js"
import { Lanes } from "./lanes.js"
import { PlaceLink } from "./place-link.js"
import { Claims, Timeline } from "./place-lists.js"
import { Conditions, Disagreements, Positions } from "./place-now.js"
import { sayStatus } from "./places.js"
import { SinceForm } from "./since-form.js"

const MOST = 2_000 // developments, of one place

/** All that is told of a place by now, whatever the valid clock says: lanes show it before and after the cursor. */
function useTold(id) {
  const { clocks, fresh } = useApp()
  const path = `v1/locations/${id}`
  const all = { ...clocks, ...fresh, valid_at: null }
  const question = JSON.stringify(all)
  const history = useAnswer(`${path}/history`, all)
  const timeline = useAsked((signal) => askAll(`${path}/timeline`, all, { signal, most: MOST }), [path, question], path)
  return { history, timeline }
}

/** The place with an id. `day` is the one that is shown while time is played. */
export function Place({ id, places, day }) {
  const { clocks, fresh, settings } = useApp()
  const state = useAnswer(`v1/locations/${id}`, { ...clocks, ...fresh })
  const { history, timeline } = useTold(id)
  const claims = useAnswer(`v1/locations/${id}/claims`, { ...clocks, ...fresh, limit: 200 })
  const told = timeline.data?.items ?? null
  const known = useMemo(() => new Map((told ?? []).map((each) => [each.id, each])), [told])
  const shown = places.find((place) => place.id === id)

  const rest = (place) => html`
    <${Verdict} place=${place} shown=${day && shown ? shown.properties : place} day=${day} />
    ${history.data && told
      ? html`<${Lanes} place=${id} history=${history.data} told=${told} day=${day ?? settings.valid_at} />`
      : html`<${Asked} asked=${history.data ? timeline : history} children=${() => null} />`}
    <${SinceForm} />
    <${Positions} state=${place} known=${known} />
    <${Disagreements} state=${place} known=${known} />
    <${Conditions} state=${place} known=${known} />
    <${Asked} asked=${claims}>${({ items }) => html`<${Claims} claims=${items} />`}<//>
    ${told && html`<${Timeline} told=${told} by=${place.clocks.valid_at} bound=${MOST} />`}
  `
  return html`<div class="place">
    <h2 tabindex="-1">${state.data ? nameOf(state.data) : (shown?.properties.name ?? id)}</h2>
    <${Asked} asked=${state} children=${rest} />
  </div>`
}

/** What it is, and what follows from all voices together. */
function Verdict({ place, shown, day }) {
  const { parties, nameActor, dark, settings } = useApp()
  const { valid_at, known_at } = place.clocks
  const now = isLive(settings) && !settings.known_at
  const known = now ? t("place.public_now") : t("place.public_on", { day: sayClock(known_at) })
  return html`<p class="about quiet">
      ${t(`place.kinds.${place.kind}`)}
      ${place.part_of && html`, ${t("place.part_of")} <${PlaceLink} id=${place.part_of} />`}
      ${place.point && html`<span class="point">${sayPoint(place.point)}</span>`}
    </p>
    <p class="verdict" data-status=${shown.status}>
      <${Symbol} mark=${markOf(shown, parties)} faint=${!shown.certain} dark=${dark} />
      <strong>${sayStatus(shown, nameActor)}</strong>
      ${place.status !== "held" && !day && html`<span class="quiet">${t(`place.meanings.${place.status}`)}</span>`}
    </p>
    <p class="moment quiet">
      ${t("place.moment", { valid: day ? writeDay(day) : sayClock(valid_at), known })}
    </p>`
}

/** The last instant that counts: a day, where it is the end of one. */
const sayClock = (instant) => (instant.endsWith("T23:59:59.999999Z") ? writeDay(instant) : writeInstant(instant))

function sayPoint([longitude, latitude]) {
  const degrees = (angle, [over, under]) => `${Math.abs(angle).toFixed(3)}° ${angle < 0 ? under : over}`
  return `${degrees(latitude, "NS")}, ${degrees(longitude, "EW")}`
}
