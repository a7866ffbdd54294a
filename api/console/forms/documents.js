// The archived documents, for whoever cites one. They are asked for once, and again when one was added.
import { useAsked } from "../answers.js"
import { askAll } from "../ask.js"
import { createStore, useStore } from "../store.js"

const added = createStore({ times: 0 })
let coming = null

/** Says that a document was archived. */
export function noteArchived() {
  coming = null
  added.set({ times: added.get().times + 1 })
}

async function load() {
  const { items } = await askAll("v1/documents")
  return new Map(items.map((document) => [document.id, document]))
}

/** All documents by id. */
export function loadDocuments() {
  coming ??= load()
  coming.catch(() => (coming = null))
  return coming
}

/** The same for a component; null until they are there. */
export function useDocuments() {
  const { times } = useStore(added)
  return useAsked(loadDocuments, [times], "documents").data
}
