// A quote in the text it was taken from.

const AROUND = 160
const plain = (text) => text.replace(/\s+/g, " ")

/** What stands around a quote, `{before, exact, after}`, cut at words; null where the text does not hold it. A quote
 * that stands several times is told apart by its `prefix` and `suffix`. Runs of white space count as one space. */
export function excerptOf(text, { exact, prefix, suffix }) {
  const [whole, sought, left, right] = [text, exact, prefix ?? "", suffix ?? ""].map(plain)
  const fits = (at) => whole.slice(0, at).endsWith(left) && whole.startsWith(right, at + sought.length)
  let at = whole.indexOf(sought)
  for (let next = at; next !== -1 && !fits(at); next = whole.indexOf(sought, next + 1)) at = fits(next) ? next : at
  if (at === -1) return null
  const end = at + sought.length
  const before = whole.slice(Math.max(0, at - AROUND), at)
  const after = whole.slice(end, end + AROUND)
  return {
    before: at > AROUND ? `… ${before.replace(/^\S*\s/, "")}` : before,
    exact: sought,
    after: end + AROUND < whole.length ? `${after.replace(/\s\S*$/, "")} …` : after,
  }
}
