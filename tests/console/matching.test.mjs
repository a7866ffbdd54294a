// By which of its names a place was found.
import assert from "node:assert/strict"
import { test } from "node:test"
import { foundAs, hasAll } from "../../api/console/matching.js"

const KUPIANSK = { name: "Kupiansk", names: { uk: "Куп'янськ", ru: "Купянск" }, aliases: ["Kup'yans'k"] }

test("the name that is shown needs no explanation", () => {
  assert.equal(foundAs(KUPIANSK, "Kupiansk", "kUPI"), null)
  assert.equal(foundAs(KUPIANSK, "Куп'янськ", "купянськ"), null)
})

test("another name is told with its language, an alias without", () => {
  assert.deepEqual(foundAs(KUPIANSK, "Kupiansk", "Купянск"), { name: "Купянск", tag: "ru" })
  assert.deepEqual(foundAs(KUPIANSK, "Kupiansk", "Купʼянськ"), { name: "Куп'янськ", tag: "uk" })
  assert.deepEqual(foundAs(KUPIANSK, "Kupiansk", "Kupyansk"), { name: "Kup'yans'k", tag: null })
  assert.deepEqual(foundAs(KUPIANSK, "Куп'янськ", "Kupiansk"), { name: "Kupiansk", tag: null })
})

test("what is alike only, no name holds", () => {
  assert.equal(foundAs(KUPIANSK, "Kupiansk", "Kupjansk"), undefined)
})

test("words are found in any order", () => {
  assert.ok(hasAll("Occupation claimed, Russian army, about 21 Nov 2025", "army 21 nov"))
  assert.ok(!hasAll("Occupation claimed, Russian army", "army denied"))
})
