// What dates and shares are read as, asked while they are typed and once more before they are sent.
import { useAsked } from "../answers.js"
import { ask } from "../ask.js"
import { writeDay, writeWindow } from "../dates.js"
import { sayShare } from "../shares.js"
import { t } from "../texts.js"
import { html, useEffect, useState } from "../ui.js"

const PAUSE_MS = 200

/** The text, once it rests. */
function useResting(text) {
  const [resting, setResting] = useState(text)
  useEffect(() => {
    const soon = setTimeout(() => setResting(text), PAUSE_MS)
    return () => clearTimeout(soon)
  }, [text])
  return resting
}

/** What `path` reads a text as, once it rests: `{data, problem}`, both null while that is not known. */
export function useReading(path, text, parameters = {}) {
  const resting = useResting(text.trim())
  const told = useAsked(
    (signal) => {
      const question = { text: resting, ...parameters }
      const coming = resting ? ask(path, question, { signal }) : Promise.resolve(null)
      return coming.then(
        (data) => ({ data, problem: null, resting }),
        (problem) => {
          if (problem.name === "AbortError") throw problem
          return { data: null, problem, resting }
        },
      )
    },
    [resting, JSON.stringify(parameters)],
    path,
  )
  return told.data?.resting === text.trim() ? told.data : { data: null, problem: null }
}

/** What is wrong, in the words that a write would use; nothing, where one was refused in these very words. */
function Wrong({ problem, faults = [] }) {
  const said = problem.errors[0]?.message ?? problem.message
  return faults.some(({ message }) => message === said) ? null : html`<span class="error">${said}</span>`
}

/** What a date is read as: in words, as EDTF, and from when to when. */
export function DateReading({ id, text, anchor, faults }) {
  const { data, problem } = useReading("v1/dates", text, { relative_to: anchor })
  return html`<output id=${id} class="reading">
    ${problem && html`<${Wrong} problem=${problem} faults=${faults} />`}
    ${data && html`<span>${sayDate(data)}</span> <code>${data.edtf}</code>`}
  </output>`
}

function sayDate(read) {
  const { earliest, latest, when_text: words, relative_to: anchor } = read
  const when = writeWindow(read)
  const first = writeDay(earliest)
  const last = latest && writeDay(new Date(Date.parse(latest) - 1))
  const window = last && last !== first ? t("fields.window", { from: first, to: last }) : ""
  const said = words && anchor ? t("fields.seen_from", { when, anchor: writeDay(anchor) }) : when
  return [said, window].filter(Boolean).join(": ")
}

/** What a share is read as. */
export function ShareReading({ id, text, faults }) {
  const { data, problem } = useReading("v1/shares", text)
  return html`<output id=${id} class="reading">
    ${problem && html`<${Wrong} problem=${problem} faults=${faults} />`} ${data && html`<span>${sayShare(data)}</span>`}
  </output>`
}

/** A body with its dates in words replaced by what they come to, the words kept as `when_text`: what a dossier does.
 * `{body, faults}`; words that cannot be read stay, and are a fault. */
export async function resolveWords(body, anchor) {
  const resolved = { ...body }
  const faults = []
  for (const name of ["reported", "occurred"]) {
    const text = body[name]
    if (typeof text !== "string") continue
    try {
      const read = await ask("v1/dates", { text, relative_to: anchor })
      if (!read.when_text) continue
      resolved[name] = read.edtf
      if (name === "occurred" || !body.occurred) resolved.when_text ??= read.when_text
    } catch (problem) {
      if (!problem.errors?.length) throw problem
      faults.push(...problem.errors.map((fault) => ({ ...fault, path: name })))
    }
  }
  return { body: resolved, faults }
}
