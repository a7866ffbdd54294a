// A link to a place by its name, for what knows the place by its id alone.
import { useAnswer } from "../answers.js"
import { useApp } from "../context.js"
import { ToPlace } from "../links.js"
import { nameOf } from "../names.js"
import { html } from "../ui.js"

export function PlaceLink({ id }) {
  const { clocks, fresh } = useApp()
  const place = useAnswer(`v1/locations/${id}`, { ...clocks, ...fresh }).data
  return html`<${ToPlace} id=${id}>${place ? nameOf(place) : id}<//>`
}
