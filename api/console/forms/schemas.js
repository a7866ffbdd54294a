// The kinds there are, and the schemas of what is written, as the API tells them.
import { useAsked } from "../answers.js"
import { ask } from "../ask.js"

let coming = null

async function load() {
  const [{ items }, { components }] = await Promise.all([ask("v1/kinds"), ask("openapi.json")])
  return { kinds: items, components: components.schemas }
}

/** `{kinds, components}`, asked for once: they change with the software only. */
export const useSchemas = () =>
  useAsked(() => {
    coming ??= load()
    coming.catch(() => (coming = null))
    return coming
  }, [], "schemas")
