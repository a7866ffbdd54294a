// A link to a place by its name, for what knows the place by its id alone.
import { ToPlace } from "../links.js"
import { PlaceName } from "../place-names.js"
import { html } from "../ui.js"

export const PlaceLink = ({ id }) => html`<${ToPlace} id=${id}><${PlaceName} id=${id} /><//>`
