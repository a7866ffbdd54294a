// The fields of a form, by their sort. Each has its label, what it is for, what it is read as, and what is wrong.
import { useApp } from "../context.js"
import { PlaceName } from "../place-names.js"
import { PlaceSearch } from "../search.js"
import { t } from "../texts.js"
import { html } from "../ui.js"
import { ClaimField } from "./claim-field.js"
import { idOf } from "./faults.js"
import { ActorSelect, Chosen, Group, Labelled, labelOf, told, typed } from "./parts.js"
import { DateReading, ShareReading } from "./reading.js"
import { SourcesField } from "./sources.js"

/** One field of a form. `value` is what its draft holds; `form` is `{draft, anchor, faults, components}`. */
export function Field({ field, path = field.name, value, set, form }) {
  const Control = CONTROLS[field.sort]
  const surroundings = {
    path,
    label: labelOf(field.name),
    help: told(`fields.help.${field.name}`, field.description),
    required: field.required,
    faults: form.faults.get(path),
  }
  return html`<${Control} field=${field} value=${value} set=${set} form=${form} surroundings=${surroundings} />`
}

const Text = ({ value = "", set, surroundings, field }) =>
  html`<${Labelled} ...${surroundings}>
    ${(attributes) =>
      field.sort === "long-text"
        ? html`<textarea rows="3" value=${value} onInput=${typed(set)} ...${attributes} />`
        : html`<input
            type="text"
            inputmode=${field.sort === "number" ? "numeric" : null}
            value=${value}
            onInput=${typed(set)}
            ...${attributes}
          />`}
  <//>`

/** The under-line of a field is described by an id of its own. */
const under = ({ path }) => `${idOf(path)}-under`

const When = ({ value = "", set, form, surroundings }) =>
  html`<${Labelled}
    ...${surroundings}
    under=${html`<${DateReading}
      id=${under(surroundings)}
      text=${value}
      anchor=${form.anchor}
      faults=${surroundings.faults}
    />`}
  >
    ${(attributes) => html`<input
      type="text"
      autocomplete="off"
      value=${value}
      onInput=${typed(set)}
      ...${attributes}
    />`}
  <//>`

const SHARES = ["all", "most", "part", "none"]

function Share({ value = "", set, surroundings }) {
  const words = `${idOf(surroundings.path)}-words`
  return html`<${Labelled}
    ...${surroundings}
    under=${html`<${ShareReading} id=${under(surroundings)} text=${value} faults=${surroundings.faults} />`}
  >
    ${(attributes) => html`<input
        type="text"
        autocomplete="off"
        list=${words}
        value=${value}
        onInput=${typed(set)}
        ...${attributes}
      />
      <datalist id=${words}>${SHARES.map((share) => html`<option value=${share} />`)}</datalist>`}
  <//>`
}

const Choice = ({ value = "", set, surroundings, field }) =>
  html`<${Labelled} ...${surroundings}>
    ${(attributes) => html`<select value=${value} onChange=${typed(set)} ...${attributes}>
      <option value="">${t("fields.unsaid")}</option>
      ${field.options.map((option) => {
        const text = String(option)
        return html`<option value=${text}>${told(`fields.option.${field.name}.${text}`, text)}</option>`
      })}
    </select>`}
  <//>`

const Actor = ({ value = "", set, surroundings, field }) =>
  html`<${Labelled} ...${surroundings}>
    ${(attributes) => html`<${ActorSelect}
      value=${value}
      set=${set}
      parties=${field.sort === "party"}
      none=${t(field.required ? "report.choose" : "fields.nobody")}
      ...${attributes}
    />`}
  <//>`

const Places = ({ value = [], set, surroundings }) =>
  html`<${Labelled} ...${surroundings}>
    ${(attributes) => html`<${Chosen}
        ids=${value}
        name=${(id) => html`<${PlaceName} id=${id} />`}
        remove=${(id) => set(value.filter((each) => each !== id))}
      />
      <${PlaceSearch}
        ...${attributes}
        placeholder=${t(value.length ? "fields.another_place" : "search.label")}
        choose=${({ id }) => set([...new Set([...value, id])])}
      />`}
  <//>`

/** A row for each party, with its share. */
function Control({ value = {}, set, surroundings }) {
  const { parties, nameActor } = useApp()
  const ids = [...new Set([...parties.keys(), ...Object.keys(value)])]
  return html`<${Group} ...${surroundings}>
    ${ids.map((id) => {
      const row = { path: `${surroundings.path}.${id}`, label: nameActor(id) }
      return html`<${Share} surroundings=${row} value=${value[id]} set=${(share) => set({ ...value, [id]: share })} />`
    })}
  <//>`
}

/** What a group needs, it needs only when anything of it is said. */
const Inner = ({ value = {}, set, form, field, surroundings }) =>
  html`<${Group} ...${surroundings}>
    ${field.fields.map(
      (inner) => html`<${Field}
        field=${{ ...inner, required: inner.required && Object.values(value).some(Boolean) }}
        path=${`${surroundings.path}.${inner.name}`}
        value=${value[inner.name]}
        set=${(part) => set({ ...value, [inner.name]: part })}
        form=${form}
      />`,
    )}
  <//>`

const CONTROLS = {
  text: Text,
  "long-text": Text,
  number: Text,
  when: When,
  share: Share,
  choice: Choice,
  actor: Actor,
  party: Actor,
  places: Places,
  claim: ClaimField,
  control: Control,
  group: Inner,
  sources: SourcesField,
}
