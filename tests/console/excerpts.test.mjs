import assert from "node:assert/strict"
import { test } from "node:test"
import { excerptOf } from "../../api/console/excerpts.js"

test("a quote is found across the lines of a text, with what stands around it", () => {
  assert.deepEqual(excerptOf("The troops have\nretaken parts of  the town.", { exact: "retaken parts of the town" }), {
    before: "The troops have ",
    exact: "retaken parts of the town",
    after: ".",
  })
})

test("a long text is cut at words", () => {
  const found = excerptOf(`${"before ".repeat(60)}here ${"after ".repeat(60)}`, { exact: "here" })
  assert.match(found.before, /^… (before )+$/)
  assert.match(found.after, /^( after)+ …$/)
  assert.ok(found.before.length < 170 && found.after.length < 170)
})

test("what stands before or after a quote tells it from the same words elsewhere", () => {
  const text = "He held the bridge. She held the river. They held the town."
  assert.equal(excerptOf(text, { exact: "held", prefix: "She " }).before, "He held the bridge. She ")
  assert.equal(excerptOf(text, { exact: "held", suffix: " the town" }).after, " the town.")
  assert.equal(excerptOf(text, { exact: "held" }).before, "He ")
})

test("of what the text does not hold there is no excerpt", () => {
  assert.equal(excerptOf("Nothing of it.", { exact: "held" }), null)
})
