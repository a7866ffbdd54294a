import assert from "node:assert/strict"
import { test } from "node:test"
import { controlOf, sayGap, sayShare, sayShares } from "../../api/console/shares.js"
import { speak } from "../../api/console/texts.js"

await speak("en")

const share = (min, max = min, { min_open = false, max_open = false } = {}) => ({ min, max, min_open, max_open })
const [above, below] = [{ min_open: true }, { max_open: true }]

const WORDS = [
  [share(1), "all"],
  [share(0), "none"],
  [share(0, 1, { ...above, ...below }), "part"],
  [share(0.5, 1, below), "most"],
  [share(0, 1), "any share"],
  [share(0, 1, below), "less than all"],
  [share(0, 1, above), "some or all"],
  [share(0.4), "40%"],
  [share(0.016, 0.05), "1.6% to 5%"],
  [share(0.85, 1), "at least 85%"],
  [share(0.8, 1, above), "more than 80%"],
  [share(0.85, 0.9, below), "at least 85%, less than 90%"],
  [share(0, 0.5), "up to 50%"],
  [share(0, 0.5, { ...above, ...below }), "some, less than 50%"],
  [share(1 / 3), "33.33%"],
]

for (const [given, words] of WORDS) {
  test(`a share is said as ${words}`, () => assert.equal(sayShare(given), words))
}

test("a position names every party", () => {
  const shares = { ukraine: share(0, 1, { ...above, ...below }), russia: share(0.4) }
  assert.equal(sayShares(shares, (id) => id.toUpperCase()), "UKRAINE: part, RUSSIA: 40%")
  assert.equal(sayShares({}, String), "nothing of who holds it")
})

test("a gap is a distance, or none", () => {
  assert.equal(sayGap(0), "touching")
  assert.equal(sayGap(0.45), "45% apart")
})

test("what a development says of control", () => {
  const all = share(1)
  assert.deepEqual(controlOf({ holder: "russia", share: all }), { russia: all })
  assert.deepEqual(controlOf({ control: {}, holder: "russia", share: null }), { russia: all })
  assert.deepEqual(controlOf({ control: { ukraine: all }, holder: null }), { ukraine: all })
  assert.equal(controlOf({ kind: "claim-denied", claim: "it" }), null)
  assert.equal(controlOf({ control: {}, holder: null }), null)
})
