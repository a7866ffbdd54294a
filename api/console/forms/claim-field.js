// The claim that is answered, found among those about the places chosen.
import { useAnswer } from "../answers.js"
import { askAll } from "../ask.js"
import { Combobox } from "../combobox.js"
import { useApp } from "../context.js"
import { writeWindow } from "../dates.js"
import { hasAll } from "../matching.js"
import { t, word } from "../texts.js"
import { html } from "../ui.js"
import { Chosen, Labelled } from "./parts.js"

const MOST = 20

export function ClaimField({ value = "", set, form, surroundings }) {
  const { nameActor } = useApp()
  const places = form.draft.at ?? []
  const say = ({ kind, by, occurred }) =>
    [word("kinds", kind), nameActor(by), writeWindow(occurred, { short: true })].join(", ")
  const asking = async (text, signal) => {
    const lists = await Promise.all(places.map((id) => askAll(`v1/locations/${id}/claims`, {}, { signal })))
    const claims = new Map(lists.flatMap(({ items }) => items).map((claim) => [claim.id, claim]))
    const fits = (claim) => hasAll([say(claim), claim.id, claim.summary].join(" "), text)
    return [...claims.values()].filter(fits).reverse().slice(0, MOST)
  }
  const draw = (claim) => html`<span class="found">
    <span>${say(claim)}</span>
    <span class="quiet">${claim.summary}</span>
  </span>`
  return html`<${Labelled} ...${surroundings}>
    ${(attributes) => html`${value &&
      html`<${Chosen}
        ids=${[value]}
        name=${(id) => html`<${ClaimName} id=${id} say=${say} />`}
        remove=${() => set("")}
      />`}
      <${Combobox}
        key=${places.join()}
        ...${attributes}
        asking=${asking}
        draw=${draw}
        choose=${({ id }) => set(id)}
        least=${0}
        disabled=${places.length === 0}
        placeholder=${t(places.length ? "fields.find_claim" : "fields.place_first")}
      />`}
  <//>`
}

function ClaimName({ id, say }) {
  const { data } = useAnswer(`v1/developments/${id}`, {})
  return html`${data ? say(data) : id}`
}
