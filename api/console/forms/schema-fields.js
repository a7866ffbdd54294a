// What fields a kind has, and of what sort each is, by its JSON Schema.

/** What a schema cannot say of an id: of which sort of thing it is. */
const IDS = Object.freeze({
  at: "places",
  claim: "claim",
  by: "actor",
  visitor: "actor",
  publisher: "actor",
  holder: "party",
  force: "party",
  encircled_by: "party",
})

/** Texts of more than a few words. */
const LONG = new Set(["summary", "purpose", "note", "text", "exact"])

const targetOf = ({ $ref = "" }) => $ref.split("/").at(-1)

/** The sort of a field and what belongs to it: `{sort, options?, fields?}`. `components` are the schemas that
 * references lead to, by name. */
function sortOf(name, schema, components) {
  if (IDS[name]) return { sort: IDS[name] }
  const forms = (schema.anyOf ?? [schema]).filter(({ type }) => type !== "null")
  const [form] = forms
  const target = targetOf(form)
  if (target === "WhenWritten") return { sort: "when" }
  if (target === "ShareWritten") return { sort: "share" }
  if (form.additionalProperties) return { sort: "control" }
  if (form.enum) return { sort: "choice", options: form.enum }
  if (form.type === "array" && targetOf(form.items) === "Source") return { sort: "sources" }
  if (form.type === "boolean") return { sort: "choice", options: [true, false] }
  if (form.type === "integer" || form.type === "number") return { sort: "number" }
  if (target) return { sort: "group", fields: fieldsOf(components[target], components) }
  return { sort: LONG.has(name) ? "long-text" : "text" }
}

/** The fields of an object: `{name, required, description, sort, ...}`, without the one that says its kind. */
export function fieldsOf(schema, components) {
  return Object.entries(schema.properties)
    .filter(([name]) => name !== "kind")
    .map(([name, described]) => ({
      name,
      required: schema.required?.includes(name) ?? false,
      description: described.description,
      ...sortOf(name, described, components),
    }))
}

const TIMES = ["reported", "occurred"]

/** Of the fields that every kind has, those that are shown first though they may be left out; by rank. */
const TELLING = Object.freeze({ by: 2, summary: 4 })

/** The fields of a kind as a form shows them: what it is about, the required ones first; when; in which sources;
 * and the rest. What a kind has and not every other one has too is never in the rest. */
export function arrange(kind, kinds, components) {
  const shared = (name) => kinds.every(({ written }) => name in written.properties)
  const fields = fieldsOf(kind.written, components)
  const rank = ({ name, required }) => (name === "at" ? 0 : required ? 1 : (TELLING[name] ?? 3))
  const isMain = ({ name, required }) => required || !shared(name) || name in TELLING
  const main = fields
    .filter((field) => isMain(field) && !TIMES.includes(field.name))
    .toSorted((one, other) => rank(one) - rank(other))
  const when = TIMES.map((name) => fields.find((field) => field.name === name)).filter(Boolean)
  const sources = fields.filter(({ sort }) => sort === "sources")
  const placed = new Set([...main, ...when, ...sources])
  return { main, when, sources, more: fields.filter((field) => !placed.has(field)) }
}
