// What the page says, in the language chosen. Each language is one file in texts/; all have the same keys.

/** The languages there are, each by its own name. */
export const LANGUAGES = Object.freeze({ en: "English", ro: "Română", uk: "Українська" })

let chosen = "en"
let texts = {}

/** The tag of the language in use. */
export const language = () => chosen

/** The language that was asked for, if there is such a one; else the first that the browser prefers. */
export function preferredLanguage(asked) {
  const tags = [asked, ...navigator.languages.map((tag) => tag.slice(0, 2))]
  return tags.find((tag) => Object.hasOwn(LANGUAGES, tag ?? "")) ?? "en"
}

const LOADS = Object.freeze({
  en: () => import("./texts/en.js"),
  ro: () => import("./texts/ro.js"),
  uk: () => import("./texts/uk.js"),
})

/** Loads a language and speaks it from then on. */
export async function speak(tag) {
  texts = (await LOADS[tag]()).default
  chosen = tag
}

const lookUp = (tree, key) => key.split(".").reduce((branch, part) => branch?.[part], tree)

/** The text of a key such as "map.legend", with `{name}` filled in from `values`. A text with forms by number,
 * `{one: ..., other: ...}`, takes the one for `values.n`. A key without a text is shown as it is. */
export function t(key, values = {}) {
  let text = lookUp(texts, key)
  if (typeof text === "object") text = text[new Intl.PluralRules(chosen).select(values.n ?? 0)] ?? text.other
  return (text ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "")
}

/** The text of a word of the data, such as a kind or a role: as it is, when this page has none for it. */
export const word = (group, value) => lookUp(texts, group)?.[value] ?? value

const formats = new Map()

/** A number as the language writes it. */
export function number(value, options = {}) {
  const key = chosen + JSON.stringify(options)
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(chosen, options)) // making one takes its time
  return formats.get(key).format(value)
}

/** Words in a row, as the language joins them. */
export const listed = (words) => new Intl.ListFormat(chosen, { type: "conjunction" }).format(words)
