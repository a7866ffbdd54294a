// All languages say the same things: the same keys, the same blanks to fill, a form for every number.
import assert from "node:assert/strict"
import { test } from "node:test"

import english from "../../api/console/texts/en.js"
import romanian from "../../api/console/texts/ro.js"
import ukrainian from "../../api/console/texts/uk.js"

const FORMS = ["zero", "one", "two", "few", "many", "other"]
const LANGUAGES = { ro: romanian, uk: ukrainian }

const isPlural = (value) =>
  typeof value === "object" && "other" in value && Object.keys(value).every((form) => FORMS.includes(form))

/** Every text by its key; a text with forms by number is one text. */
function texts(tree, path = "") {
  return Object.entries(tree).flatMap(([key, value]) => {
    const name = path ? `${path}.${key}` : key
    return typeof value === "string" || isPlural(value) ? [[name, value]] : texts(value, name)
  })
}

const blanks = (text) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort()

/** What a text may name, in any of its forms. */
const named = (value) => (typeof value === "string" ? blanks(value) : [...new Set(Object.values(value).flatMap(blanks))].sort())

for (const [tag, language] of Object.entries(LANGUAGES)) {
  const told = new Map(texts(language))

  test(`${tag} has the keys of English, in their order`, () => {
    assert.deepEqual([...told.keys()], texts(english).map(([key]) => key))
  })

  test(`${tag} fills in what English fills in`, () => {
    for (const [key, value] of texts(english)) assert.deepEqual(named(told.get(key)), named(value), key)
  })

  test(`${tag} has a form for every number it tells apart`, () => {
    const wanted = new Intl.PluralRules(tag).resolvedOptions().pluralCategories
    for (const [key, value] of texts(english)) {
      if (isPlural(value)) assert.deepEqual(Object.keys(told.get(key)).sort(), [...wanted].sort(), key)
    }
  })

  test(`${tag} leaves nothing empty that English says`, () => {
    for (const [key, value] of texts(english)) if (value !== "") assert.notEqual(told.get(key), "", key)
  })
}
