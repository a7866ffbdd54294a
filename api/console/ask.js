// Questions and writes: everything this page knows comes from /v1.
import { createStore } from "./store.js"

/** Where the API is: beside this page, also behind a proxy with a path of its own. */
export const HOME = new URL("../", import.meta.url)

const KEPT = "palimpsest-key"

/** The API key, for as long as this tab is open. It is sent to this server alone. */
export const keyring = createStore({ key: sessionStorage.getItem(KEPT) })
keyring.subscribe(({ key }) => (key ? sessionStorage.setItem(KEPT, key) : sessionStorage.removeItem(KEPT)))

/** What the server refused, as its problem says (RFC 9457); `status` 0: it could not be reached. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`)
    this.name = "Refused"
    this.status = status
    this.type = (problem.type ?? "").replace(/^.*\/problems\//, "")
    this.errors = problem.errors ?? []
    this.problem = problem
  }
}

/** The address of a question; parameters that are null or empty are left out, lists are joined by commas. */
export function addressOf(path, parameters = {}) {
  const url = new URL(path, HOME)
  for (const [name, value] of Object.entries(parameters)) {
    const text = Array.isArray(value) ? value.join(",") : value
    if (text !== null && text !== undefined && text !== "") url.searchParams.set(name, text)
  }
  return url
}

/** Sends a request with the key, if there is one. Throws Refused, or AbortError when `signal` says so. */
export async function send(url, { headers = {}, ...options } = {}) {
  const { key } = keyring.get()
  const authorization = key ? { Authorization: `Bearer ${key}` } : {}
  let response
  try {
    response = await fetch(url, { ...options, headers: { ...authorization, ...headers } })
  } catch (error) {
    if (error.name === "AbortError") throw error
    throw new Refused(0, { detail: null, title: String(error.message) })
  }
  if (!response.ok) throw new Refused(response.status, await response.json().catch(() => ({})))
  return response
}

/** The answer to a question. */
export async function ask(path, parameters, { signal } = {}) {
  return (await send(addressOf(path, parameters), { signal })).json()
}

/** All items of a list, page by page, up to `most`; with the clocks of the first page. */
export async function askAll(path, parameters, { signal, most = 2_000 } = {}) {
  const items = []
  let clocks = null
  for (let url = addressOf(path, { limit: 500, ...parameters }); url && items.length < most; ) {
    const response = await send(url, { signal })
    const page = await response.json()
    items.push(...page.items)
    clocks ??= page.clocks ?? null
    const [, next] = response.headers.get("Link")?.match(/<([^>]+)>;\s*rel="next"/) ?? []
    url = next ? new URL(next, url) : null
  }
  return { items, clocks }
}

/** A name that nobody gave before. (`crypto.randomUUID` is there on pages that came by TLS only.) */
export const newName = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("")

/** Posts a write under a key of its own, so that it happens once however often it is sent. Answers
 * `{body, revision, log_position}`. `revision` in the options is named in If-Match. */
export async function post(path, body, { revision = null, once = newName() } = {}) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": `"${once}"` }
  if (revision !== null) headers["If-Match"] = `"${revision}"`
  const response = await send(addressOf(path), { method: "POST", headers, body: JSON.stringify(body) })
  const told = await response.json()
  return { body: told, revision: told.revision ?? null, log_position: told.log_position ?? null }
}

/** The lines of an NDJSON stream, each read only when it is asked for. */
export async function* askLines(path, parameters, { signal } = {}) {
  const response = await send(addressOf(path, parameters), { signal })
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ""
  try {
    for (;;) {
      const { done, value } = await reader.read()
      const lines = (rest + (value ?? "")).split("\n")
      rest = lines.pop()
      for (const line of lines) if (line) yield JSON.parse(line)
      if (done) return
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}
