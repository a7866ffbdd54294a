// What fields are made of: their surroundings, groups, choices of actors, and what was chosen.
import { useApp } from "../context.js"
import { t } from "../texts.js"
import { html } from "../ui.js"
import { idOf } from "./faults.js"

/** A text of the page where it has one, else what the API says. */
export const told = (key, otherwise) => (t(key) === key ? otherwise : t(key))

export const labelOf = (name) => told(`fields.label.${name}`, name.replaceAll("_", " "))

/** A field with its surroundings. `children(attributes)` draws the control, and takes the attributes that tie it to
 * them; `under` is what stands below it and describes it, by its own id. */
export function Labelled({ path, label, help, required, faults = [], under = null, children }) {
  const id = idOf(path)
  const described = [help && `${id}-help`, under && `${id}-under`, faults.length && `${id}-error`].filter(Boolean)
  const attributes = {
    id,
    "aria-required": required || null,
    "aria-invalid": faults.length > 0 || null,
    "aria-describedby": described.join(" ") || null,
  }
  return html`<div class="field">
    <label for=${id}>${label}${required && html` <span class="quiet">(${t("fields.required")})</span>`}</label>
    ${help && html`<p class="help" id=${`${id}-help`}>${help}</p>`} ${children(attributes)} ${under}
    <${Faults} id=${`${id}-error`} faults=${faults} />
  </div>`
}

export const Faults = ({ id, faults }) =>
  faults.length > 0 &&
  html`<ul class="faults" id=${id}>
    ${faults.map(({ message }) => html`<li class="error">${message}</li>`)}
  </ul>`

/** A group of fields under one name. Focus comes to it when something is wrong with it as a whole. */
export function Group({ path, label, help, required, faults = [], children }) {
  const id = idOf(path)
  const described = [help && `${id}-help`, faults.length && `${id}-error`].filter(Boolean).join(" ")
  return html`<fieldset id=${id} class="group" tabindex="-1" aria-describedby=${described || null}>
    <legend>${label}${required && html` <span class="quiet">(${t("fields.required")})</span>`}</legend>
    ${help && html`<p class="help" id=${`${id}-help`}>${help}</p>`} ${children}
    <${Faults} id=${`${id}-error`} faults=${faults} />
  </fieldset>`
}

export const typed = (set) => ({ target }) => set(target.value)

/** Actors to choose from, by kind; parties alone where only they will do. `none` says that none is chosen. */
export function ActorSelect({ value, set, none, parties = false, ...attributes }) {
  const { actors, nameActor } = useApp()
  const kinds = Map.groupBy(actors.values(), ({ kind }) => kind)
  const shown = [...kinds].filter(([kind]) => !parties || kind === "party")
  return html`<select value=${value} onChange=${typed(set)} ...${attributes}>
    <option value="">${none}</option>
    ${value && !actors.has(value) && html`<option value=${value}>${value}</option>`}
    ${shown.map(
      ([kind, those]) => html`<optgroup label=${t(`actor.kind.${kind}`)}>
        ${those.map(({ id }) => html`<option value=${id}>${nameActor(id)}</option>`)}
      </optgroup>`,
    )}
  </select>`
}

/** What was chosen, each with a button that takes it away. */
export const Chosen = ({ ids, name, remove }) =>
  ids.length > 0 &&
  html`<ul class="chosen">
    ${ids.map(
      (id) => html`<li>
        ${name(id)}
        <button type="button" class="plain" onClick=${() => remove(id)}>
          <span aria-hidden="true">×</span><span class="unseen">${t("fields.remove")} ${name(id)}</span>
        </button>
      </li>`,
    )}
  </ul>`
