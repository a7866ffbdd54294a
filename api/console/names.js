// Names of actors and places, in the script chosen, for whatever mentions them by id.
import { askAll } from "./ask.js"
import { language } from "./texts.js"

/** The name of a thing that has `name` and perhaps `names` by language. */
export const nameOf = (thing) => thing.names?.[language()] ?? thing.name

/** All actors by id. They are few; places are not, and are named by the answers that mention them. */
export async function loadActors() {
  const { items } = await askAll("v1/actors")
  return new Map(items.map((actor) => [actor.id, actor]))
}

/** The name of the actor with an id; the id itself when it is not known. */
export const actorName = (actors, id) => (actors.has(id) ? nameOf(actors.get(id)) : id)
