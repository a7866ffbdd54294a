// By which of its names a place was found.

/** A text without what search does not mind: case, accents, apostrophes, hyphens. */
export const fold = (text) =>
  text
    .normalize("NFKD")
    .replace(/[\p{M}\p{P}\p{S}ʼ]/gu, "")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim()

/** Whether a text has every word that was typed, in any order. */
export function hasAll(text, typed) {
  const folded = fold(text)
  return fold(typed).split(" ").every((word) => folded.includes(word))
}

/** The name that holds what was typed, when the one that is shown does not: `{name, tag}`, with the language tag
 * of one of its `names`, null for others. Null when the name shown holds it; undefined when none of them does:
 * then it was found by likeness, or by an alias. */
export function foundAs({ name, names, aliases = [] }, shown, typed) {
  const sought = fold(typed)
  const holds = (each) => fold(each).includes(sought)
  if (holds(shown)) return null
  const others = [[null, name], ...Object.entries(names), ...aliases.map((alias) => [null, alias])]
  const [tag, found] = others.find(([, each]) => holds(each)) ?? []
  return found && { name: found, tag }
}
