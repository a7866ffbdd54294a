// How forms are drawn from schemas, and what bodies they make.
import assert from "node:assert/strict"
import { test } from "node:test"
import { changedOf, draftOf, writtenOf } from "../../api/console/forms/drafts.js"
import { assign, idOf, pathsOf } from "../../api/console/forms/faults.js"
import { arrange, fieldsOf } from "../../api/console/forms/schema-fields.js"

const ref = (name) => ({ $ref: `#/components/schemas/${name}` })
const maybe = (schema) => ({ anyOf: [schema, { type: "null" }] })
const COMPONENTS = {
  Legend: { properties: { category: { type: "string" }, version: maybe({ type: "string" }) }, required: ["category"] },
}
const SHARED = {
  id: maybe({ type: "string" }),
  kind: { enum: ["x"] },
  at: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
  by: maybe({ type: "string" }),
  occurred: maybe(ref("WhenWritten")),
  reported: ref("WhenWritten"),
  credibility: maybe({ enum: [1, 2, 3] }),
  sources: maybe({ type: "array", items: ref("Source") }),
  summary: maybe({ type: "string" }),
}
const kindOf = (own, required = []) => ({
  written: { properties: { ...SHARED, ...own }, required: ["at", "reported", ...required] },
})
const KINDS = [
  kindOf({ holder: { type: "string" }, share: maybe(ref("ShareWritten")) }, ["holder"]),
  kindOf({ control: maybe({ type: "object", additionalProperties: ref("ShareWritten") }), legend: maybe(ref("Legend")) }),
  kindOf({ count: { type: "integer" }, geolocated: maybe({ type: "boolean" }) }, ["count"]),
]
const names = (fields) => fields.map(({ name }) => name)
const fieldsFor = (kind) => fieldsOf(kind.written, COMPONENTS)
const sortOf = (kind, name) => fieldsFor(kind).find((field) => field.name === name).sort

test("every field has a sort by its schema", () => {
  assert.equal(sortOf(KINDS[0], "at"), "places")
  assert.equal(sortOf(KINDS[0], "holder"), "party")
  assert.equal(sortOf(KINDS[0], "share"), "share")
  assert.equal(sortOf(KINDS[0], "reported"), "when")
  assert.equal(sortOf(KINDS[0], "sources"), "sources")
  assert.equal(sortOf(KINDS[1], "control"), "control")
  assert.equal(sortOf(KINDS[1], "legend"), "group")
  assert.equal(sortOf(KINDS[2], "count"), "number")
  assert.equal(sortOf(KINDS[2], "geolocated"), "choice")
  assert.equal(sortOf(KINDS[2], "summary"), "long-text")
})

test("required fields come first, what only this kind has is never among the rest", () => {
  const { main, when, sources, more } = arrange(KINDS[0], KINDS, COMPONENTS)
  assert.deepEqual(names(main), ["at", "holder", "by", "share", "summary"])
  assert.deepEqual(names(when), ["reported", "occurred"])
  assert.deepEqual(names(sources), ["sources"])
  assert.deepEqual(names(more), ["id", "credibility"])
})

test("a draft makes a body, without what is empty", () => {
  const fields = KINDS.flatMap(fieldsFor)
  const draft = {
    at: ["kupiansk"],
    by: "",
    share: " [0.85, 0.9) ",
    credibility: "2",
    count: "55000",
    geolocated: "false",
    control: { russia: "part", ukraine: " " },
    legend: { category: "", version: "" },
    sources: [{ document: "a", via: ["b"], mode: "direct", exact: " said ", prefix: "", suffix: "" }],
    summary: "  ",
  }
  assert.deepEqual(JSON.parse(JSON.stringify(writtenOf(draft, fields))), {
    at: ["kupiansk"],
    share: "[0.85, 0.9)",
    credibility: 2,
    count: 55000,
    geolocated: false,
    control: { russia: "part" },
    sources: [{ document: "a", via: ["b"], mode: "direct", quote: { exact: "said" } }],
  })
})

test("a number that is none is left to the API to refuse", () => {
  assert.equal(writtenOf({ count: "many" }, fieldsFor(KINDS[2])).count, "many")
})

const WHEN = { edtf: "2025-11-21~", earliest: "2025-11-18T22:00:00Z", latest: "2025-11-23T22:00:00Z" }
const SHARE = { min: 0.5, max: 1, min_open: false, max_open: true }
const RECORDED = { at: ["kupiansk"], holder: "russia", share: SHARE, occurred: WHEN, reported: WHEN, by: null, sources: [] }

test("what nobody changed is sent as it is recorded, to the letter", () => {
  const fields = fieldsFor(KINDS[0])
  const draft = draftOf(RECORDED, fields)
  assert.equal(draft.share, "most")
  assert.equal(draft.occurred, "2025-11-21~")
  const body = writtenOf({ ...draft, reported: "2025-11-22" }, fields, RECORDED)
  assert.equal(body.occurred, WHEN)
  assert.equal(body.share, SHARE)
  assert.equal(body.reported, "2025-11-22")
})

test("it is known what was changed", () => {
  const fields = fieldsFor(KINDS[0])
  const draft = draftOf(RECORDED, fields)
  assert.deepEqual(changedOf(draft, fields, RECORDED), [])
  assert.deepEqual(changedOf({ ...draft, by: "", share: "all" }, fields, RECORDED), ["share"])
})

test("a fault belongs to the nearest field there is", () => {
  const fields = KINDS.flatMap(fieldsFor)
  const paths = pathsOf(fields, { sources: [{}, {}] })
  const faults = ["at[1]", "sources[1].via[0]", "sources", "control.russia", "legend.category", "nothing", "counter"]
  const assigned = assign(faults.map((path) => ({ path })), paths)
  const owners = Object.fromEntries([...assigned].flatMap(([owner, those]) => those.map(({ path }) => [path, owner])))
  assert.deepEqual(owners, {
    "at[1]": "at",
    "sources[1].via[0]": "sources[1].via",
    sources: "sources",
    "control.russia": "control",
    "legend.category": "legend.category",
    nothing: "",
    counter: "",
  })
  assert.equal(idOf("sources[1].via"), "field-sources-1-via")
})
