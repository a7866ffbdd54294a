import assert from "node:assert/strict"
import { test } from "node:test"
import {
  around,
  bandsOf,
  boutsOf,
  DAY,
  fadeOf,
  fittingZoom,
  readMarks,
  readSpells,
  restOf,
  runsOf,
  scaleOf,
  spanOf,
  spellAt,
  stretched,
  ticksOf,
} from "../../api/console/panels/lane-geometry.js"
import { clashesOf, lanesOf, layOut, packMarks } from "../../api/console/panels/lane-layout.js"

const at = (day) => Date.parse(day)
const told = (id, earliest, latest = null, more = {}) => ({
  id,
  kind: "statement-made",
  voice: "ukraine",
  occurred: { earliest: earliest && `${earliest}T00:00:00Z`, latest: latest && `${latest}T00:00:00Z` },
  ...more,
})
const day = (id, date, more) => told(id, date, new Date(at(date) + DAY).toISOString().slice(0, 10), more)
const share = (min, max) => ({ min, max, min_open: false, max_open: false })
const oneYear = scaleOf([at("2025-01-01"), at("2026-01-01")], 730)

test("marks stand in the order of time, and claims before what answers them that day", () => {
  const marks = readMarks([
    day("late", "2025-03-02"),
    day("denied", "2025-03-01", { kind: "claim-denied" }),
    day("claimed", "2025-03-01", { kind: "occupation-claimed" }),
    told("since", null, "2025-02-01"),
  ])
  assert.deepEqual(
    marks.map(({ id, sort }) => `${id} ${sort}`),
    ["since happening", "claimed claim", "denied denial", "late happening"],
  )
})

test("a mark is where its window begins and as long as that, never in its middle", () => {
  const [mark] = packMarks(readMarks([told("month", "2025-03-01", "2025-04-01")]), oneYear).marks
  assert.equal(mark.x, oneYear.x(at("2025-03-01")))
  assert.equal(mark.end, oneYear.x(at("2025-04-01")))
})

test("a window without an end reaches to the edge, one out of sight is not there", () => {
  const { marks } = packMarks(readMarks([told("on", "2025-12-01"), told("gone", "2024-03-01", "2024-04-01")]), oneYear)
  assert.deepEqual(marks.map(({ members, end }) => [members[0].id, end]), [["on", 730]])
})

test("no mark covers another, and those that find no track share one", () => {
  const marks = readMarks([1, 2, 3, 4].map((number) => day(`d${number}`, "2025-06-01")))
  const packed = packMarks(marks, oneYear, { most: 3 })
  assert.deepEqual(packed.marks.map(({ track, members }) => [track, members.length]), [[0, 1], [1, 1], [2, 2]])
  assert.equal(packed.tracks, 3)
})

test("a shared mark lies beside those that it stands for, however long the windows before it", () => {
  const long = [1, 2].map((number) => told(`long${number}`, "2025-01-10", "2025-12-01"))
  const marks = readMarks([...long, ...[1, 2, 3].map((number) => day(`d${number}`, "2025-06-01"))])
  const packed = packMarks(marks, oneYear, { most: 2 })
  const shared = packed.marks.find(({ members }) => members.length > 1)
  assert.deepEqual(shared.members.map(({ id }) => id), ["d2", "d3"])
  assert.equal(shared.x, oneYear.x(at("2025-06-01")))
})

test("three hundred marks are all there", () => {
  const marks = readMarks(Array.from({ length: 300 }, (_, n) => day(`d${n}`, new Date(at("2025-01-01") + (n % 360) * DAY).toISOString().slice(0, 10))))
  const { marks: laid, tracks } = packMarks(marks, oneYear)
  assert.equal(laid.reduce((sum, { members }) => sum + members.length, 0), 300)
  assert.ok(tracks <= 5)
  for (const one of laid) {
    for (const other of laid) assert.ok(one === other || one.track !== other.track || Math.abs(one.x - other.x) >= 16)
  }
})

test("the spell at an instant is the one it lies in", () => {
  const spells = readSpells([{ from: "2025-01-01T00:00:00Z", to: "2025-02-01T00:00:00Z" }, { from: "2025-02-01T00:00:00Z", to: null }])
  assert.equal(spellAt(spells, at("2024-12-31")), null)
  assert.equal(spellAt(spells, at("2025-02-01") - 1), spells[0])
  assert.equal(spellAt(spells, at("2025-02-01")), spells[1])
  assert.equal(spellAt(spells, at("2225-02-01")), spells[1])
})

test("the span holds all that is told, and the cursor", () => {
  const spells = readSpells([{ from: "2022-02-25T00:00:00Z", to: null }])
  const [first, last] = spanOf(spells, readMarks([day("d", "2025-12-12")]), at("2026-03-01"))
  assert.ok(first < at("2022-02-25") && first > at("2022-02-01"))
  assert.ok(last > at("2026-03-01") && last < at("2026-04-01"))
})

test("a stretch lies around the cursor, within the span", () => {
  const span = [0, 1000 * DAY]
  assert.deepEqual(around(500 * DAY, 100 * DAY, span), [450 * DAY, 550 * DAY])
  assert.deepEqual(around(990 * DAY, 100 * DAY, span), [900 * DAY, 1000 * DAY])
  assert.deepEqual(around(500 * DAY, null, span), span)
  assert.deepEqual(around(500 * DAY, 2000 * DAY, span), span)
})

test("zooming leaves what is pointed at where it is", () => {
  const [from, to] = stretched([400 * DAY, 600 * DAY], 0.5, 450 * DAY, [0, 1000 * DAY])
  assert.equal(to - from, 100 * DAY)
  assert.equal((450 * DAY - from) / (to - from), 0.25)
})

test("the first zoom is the closest that shows half of all marks", () => {
  const autumn = readMarks(["2025-11-20", "2025-12-01", "2025-12-12"].map((date) => day(date, date)))
  const old = readMarks([day("old", "2022-03-01"), day("older", "2022-02-01")])
  const span = [at("2022-01-01"), at("2026-06-01")]
  assert.equal(fittingZoom([...old, ...autumn], at("2025-12-13"), span), "quarter")
  assert.equal(fittingZoom([...old, ...autumn], at("2026-05-01"), span), "year")
  assert.equal(fittingZoom([...old, ...autumn], at("2024-02-01"), span), "all")
})

test("ticks are sensible and never closer than asked", () => {
  for (const days of [3, 10, 30, 92, 365, 1500, 9000, 40000]) {
    const ticks = ticksOf(scaleOf([at("2025-01-03"), at("2025-01-03") + days * DAY], 500), 52)
    assert.ok(ticks.length >= 2 && ticks.length <= 10, `${days} days have ${ticks.length}`)
    ticks.slice(1).forEach((tick, index) => assert.ok(tick.x - ticks[index].x >= 45, `${days} days`))
    if (ticks[0].unit !== "year") assert.equal(ticks[0].year, true)
  }
  const months = ticksOf(scaleOf([at("2025-09-20"), at("2026-02-10")], 500))
  assert.deepEqual(months.map((tick) => new Date(tick.at).toISOString().slice(0, 10)), ["2025-10-01", "2025-11-01", "2025-12-01", "2026-01-01", "2026-02-01"])
  assert.deepEqual(months.map(({ year }) => year), [true, false, false, true, false])
})

test("a band is solid as far as a share is sure, and fades as far as it may go", () => {
  assert.deepEqual(bandsOf({ russia: share(0.25, 0.75) }, ["russia"]), [
    { party: "russia", hangs: false, base: 0, solid: 0.25, reach: 0.75 },
  ])
  assert.deepEqual(bandsOf({ ukraine: share(0, 1) }, ["russia", "ukraine"]), [
    { party: "ukraine", hangs: true, base: 0, solid: 0, reach: 1 },
  ])
})

test("the first party stands, the last hangs, those between stand on what is below them", () => {
  const bands = bandsOf({ c: share(0.25, 0.5), a: share(0.5, 0.5), b: share(0.25, 1) }, ["a", "b", "c"])
  assert.deepEqual(
    bands.map(({ party, hangs, base, reach }) => [party, hangs, base, reach]),
    [
      ["a", false, 0, 0.5],
      ["b", false, 0.5, 0.5],
      ["c", true, 0, 0.5],
    ],
  )
})

test("what is not certain comes in, goes out, or is faint all along", () => {
  const spells = [
    { certain: false, because: ["a"] },
    { certain: true, because: ["a"] },
    { certain: false, because: ["a"] },
    { certain: false, because: ["b"] },
  ]
  assert.deepEqual(spells.map((_, index) => fadeOf(spells, index)), ["in", null, "out", "faint"])
})

test("spells that follow from the same are drawn as one, but for what is seen to fade", () => {
  const spell = (from, to, because, certain = true) => ({ from, to, because: [because], certain, shares: { a: because } })
  const [first, second] = boutsOf([
    spell(0, 2, "x", false),
    spell(2, 5, "x"),
    spell(5, 6, "y", false),
    spell(6, 9, "y"),
    { from: 9, to: 12, shares: {}, certain: true, because: [] },
  ])
  assert.deepEqual([first.from, first.to, first.before, first.fades], [0, 5, null, [{ from: 0, to: 2, how: "in" }]])
  assert.deepEqual([second.from, second.to, second.before], [5, 9, { a: "x" }])
  assert.deepEqual(restOf(first, () => true), [{ from: 2, to: 5 }])
  assert.deepEqual(restOf(first, () => false), [{ from: 0, to: 5 }])
})

test("neighbours that say the same have one label", () => {
  const spells = [
    { from: 0, to: 1, said: "all" },
    { from: 1, to: 2, said: "all" },
    { from: 2, to: 3, said: "part" },
    { from: 4, to: 5, said: "part" },
  ]
  assert.deepEqual(
    runsOf(spells, ({ said }) => said).map(({ from, to, said }) => [from, to, said]),
    [
      [0, 2, "all"],
      [2, 3, "part"],
      [4, 5, "part"],
    ],
  )
})

const HISTORY = {
  status: [{ from: "2025-01-01T00:00:00Z", to: null, value: "disputed" }],
  voices: { mapper: [], ukraine: [{ from: "2025-01-01T00:00:00Z", to: null, shares: {} }], russia: [], paper: [] },
  disagreements: [
    { from: "2025-01-01T00:00:00Z", to: "2025-03-01T00:00:00Z", between: ["russia", "ukraine"] },
    { from: "2025-02-01T00:00:00Z", to: "2025-04-01T00:00:00Z", between: ["mapper", "russia"] },
    { from: "2025-06-01T00:00:00Z", to: null, between: ["mapper", "russia"] },
  ],
}
const KINDS = { russia: "party", ukraine: "party", mapper: "assessor", paper: "outlet" }

test("parties come before assessors before outlets; who says nothing of control is in the last lane", () => {
  const marks = readMarks([day("one", "2025-01-01"), day("other", "2025-01-01", { voice: "reuters" }), day("none", "2025-01-01", { voice: null })])
  const lanes = lanesOf(HISTORY, marks, (id) => KINDS[id])
  assert.deepEqual(
    lanes.map(({ sort, voice, marks: own }) => [sort, voice, own.map(({ id }) => id)]),
    [
      ["status", null, []],
      ["voice", "russia", []],
      ["voice", "ukraine", ["one"]],
      ["voice", "mapper", []],
      ["voice", "paper", []],
      ["others", null, ["none", "other"]],
    ],
  )
})

test("a voice disagrees from the first to the last of those that it disagrees with", () => {
  const clashes = clashesOf(readSpells(HISTORY.disagreements))
  assert.deepEqual(clashes.get("russia"), [
    { from: at("2025-01-01"), to: at("2025-04-01") },
    { from: at("2025-06-01"), to: Infinity },
  ])
  assert.deepEqual(clashes.get("ukraine"), [{ from: at("2025-01-01"), to: at("2025-03-01") }])
  assert.equal(clashes.get("paper"), undefined)
})

test("lanes lie under each other, as high as their marks need", () => {
  const marks = readMarks([1, 2, 3].map((number) => day(`d${number}`, "2025-06-01")))
  const { rows, height } = layOut(lanesOf(HISTORY, marks, (id) => KINDS[id]), oneYear)
  rows.slice(1).forEach((row, index) => assert.equal(row.top, rows[index].top + rows[index].height))
  assert.equal(height, rows.at(-1).top + rows.at(-1).height)
  const [ukraine, russia] = ["ukraine", "russia"].map((voice) => rows.find((row) => row.voice === voice))
  assert.equal(ukraine.height - russia.height, 3 * 16)
})
