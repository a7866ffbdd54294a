// Lists that are read page by page, as far as somebody wants to see.
import { useAsked } from "./answers.js"
import { addressOf, send } from "./ask.js"
import { t } from "./texts.js"
import { html, useRef, useState } from "./ui.js"

const PAGE = 20

async function readPage(url, signal) {
  const response = await send(url, { signal })
  const { items } = await response.json()
  const [, next] = response.headers.get("Link")?.match(/<([^>]+)>;\s*rel="next"/) ?? []
  return { items, next: next ? new URL(next, url) : null }
}

/** A list as far as it was asked for: `{data: {items, next}, problem, loading, more()}`. When the question changes,
 * as many are asked for again; what is wanted beyond that is read at the clocks of the first page. */
export function usePages(path, parameters) {
  const [wanted, want] = useState(PAGE)
  const held = useRef(null)
  const question = JSON.stringify([path, parameters])
  const asking = async (signal) => {
    const begun = { question, items: [], next: addressOf(path, { limit: PAGE, ...parameters }) }
    let told = held.current?.question === question ? held.current : begun
    while (told.next && told.items.length < wanted) {
      const { items, next } = await readPage(told.next, signal)
      told = { question, items: [...told.items, ...items], next }
    }
    held.current = told
    return told
  }
  return { ...useAsked(asking, [question, wanted], path), more: () => want(held.current.items.length + PAGE) }
}

/** The button that asks for more, while there is more. */
export const More = ({ asked }) =>
  asked.data?.next &&
  html`<button disabled=${asked.loading} onClick=${asked.more}>
    ${t(asked.loading ? "shell.loading" : "search.more")}
  </button>`
