// What is typed into a form, and the body it makes. Drafts are plain values, as fields hold them: texts, ids, lists
// of ids; nothing is checked here, the API says what is wrong.
import { useState } from "../ui.js"

export const NO_SOURCE = Object.freeze({ document: null, via: [], mode: "direct", exact: "", prefix: "", suffix: "" })

const isText = (value) => typeof value === "string"
const trimmed = (value) => (isText(value) ? value.trim() : value)
const isNothing = (value) => value === undefined || value === null || value === ""

const filled = (object) => {
  const given = Object.entries(object).filter(([, value]) => !isNothing(value))
  return given.length ? Object.fromEntries(given) : undefined
}

const writeSource = ({ document, via, mode, exact, prefix, suffix }) => ({
  document,
  via: via.filter(Boolean),
  mode,
  quote: exact.trim() ? filled({ exact: exact.trim(), prefix: trimmed(prefix), suffix: trimmed(suffix) }) : undefined,
})

const readSource = ({ document, via, mode, quote }) => ({
  document,
  via,
  mode,
  exact: quote?.exact ?? "",
  prefix: quote?.prefix ?? "",
  suffix: quote?.suffix ?? "",
})

const INTERVALS = Object.freeze({ "[1, 1]": "all", "[0.5, 1)": "most", "(0, 1)": "part", "[0, 0]": "none" })

/** A share as one would type it. */
function typeShare({ min, max, min_open, max_open }) {
  const interval = `${min_open ? "(" : "["}${min}, ${max}${max_open ? ")" : "]"}`
  return INTERVALS[interval] ?? (min === max ? String(min) : interval)
}

/** By the sort of a field: how what is typed is written, and how what is recorded is shown in the field. */
const SORTS = {
  choice: {
    write: (value, { options }) => options.find((option) => String(option) === value),
    read: String,
  },
  number: { write: (value) => (/^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value.trim()), read: String },
  when: { write: trimmed, read: ({ edtf }) => edtf },
  share: { write: trimmed, read: typeShare },
  places: { write: (ids) => (ids.length ? ids : undefined), read: (ids) => ids },
  control: {
    write: (shares) => filled(Object.fromEntries(Object.entries(shares).map(([party, text]) => [party, text.trim()]))),
    read: (shares) => Object.fromEntries(Object.entries(shares).map(([party, share]) => [party, typeShare(share)])),
  },
  group: {
    write: (values, { fields }) => writtenOf(values, fields),
    read: (values, { fields }) => draftOf(values, fields),
  },
  sources: {
    write: (sources) => (sources.length ? sources.map(writeSource) : undefined),
    read: (sources) => sources.map(readSource),
  },
}
const PLAIN = { write: trimmed, read: (value) => value }

/** The draft in which fields show what is recorded. */
export function draftOf(recorded, fields) {
  const told = fields.filter(({ name }) => !isNothing(recorded[name]))
  return Object.fromEntries(
    told.map((field) => [field.name, (SORTS[field.sort] ?? PLAIN).read(recorded[field.name], field)]),
  )
}

/** The body that a draft makes. Fields in which nothing was changed say what `recorded` says, exactly. */
export function writtenOf(draft, fields, recorded = null) {
  const former = recorded && draftOf(recorded, fields)
  const write = (field) => {
    const value = draft[field.name]
    if (former && JSON.stringify(value) === JSON.stringify(former[field.name])) return recorded[field.name]
    return isNothing(value) ? undefined : (SORTS[field.sort] ?? PLAIN).write(value, field)
  }
  return filled(Object.fromEntries(fields.map((field) => [field.name, write(field)])))
}

/** The fields that somebody changed since `recorded`, by name. */
export function changedOf(draft, fields, recorded) {
  const former = draftOf(recorded, fields)
  const differs = ({ name }) => JSON.stringify(draft[name] ?? "") !== JSON.stringify(former[name] ?? "")
  return fields.filter(differs).map(({ name }) => name)
}

const kept = new Map()

/** A draft that stays while the page is open, whatever else is looked at meanwhile: `[draft, set(patch), clear()]`. */
export function useDraft(name, initial) {
  const [draft, show] = useState(() => kept.get(name) ?? initial)
  const set = (patch) =>
    show((former) => {
      const next = { ...former, ...(typeof patch === "function" ? patch(former) : patch) }
      kept.set(name, next)
      return next
    })
  const clear = () => {
    kept.delete(name)
    show(initial)
  }
  return [draft, set, clear]
}
