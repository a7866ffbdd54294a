// Every panel there is, by the word that opens it. A new one is a file in this folder and an entry here.
import { Actor } from "./actor.js"
import { Claim } from "./claim.js"
import { Compare } from "./compare.js"
import { Development } from "./development.js"
import { Disagreements } from "./disagreements.js"
import { Correct, Retract } from "./editorial.js"
import { Key } from "./key.js"
import { Legend } from "./legend.js"
import { News } from "./news.js"
import { Place } from "./place.js"
import { Places } from "./places.js"
import { Report } from "./report.js"

/** Each is drawn with `id` (of what was opened), `places` (those of the map), `day` (that is shown while the map
 * plays, else null), `news`, and `asked` (the map's answer). */
export const PANELS = Object.freeze({
  actor: Actor,
  claim: Claim,
  compare: Compare,
  correct: Correct,
  development: Development,
  disagreements: Disagreements,
  key: Key,
  legend: Legend,
  news: News,
  place: Place,
  places: Places,
  report: Report,
  retract: Retract,
})
