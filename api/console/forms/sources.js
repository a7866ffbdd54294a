// The documents in which something was found: which, by what way it came there, and in what words.
import { Combobox } from "../combobox.js"
import { useApp } from "../context.js"
import { hasAll } from "../matching.js"
import { t } from "../texts.js"
import { html, useState } from "../ui.js"
import { Archive } from "./archive.js"
import { loadDocuments, useDocuments } from "./documents.js"
import { NO_SOURCE } from "./drafts.js"
import { idOf } from "./faults.js"
import { ActorSelect, Chosen, Group, Labelled } from "./parts.js"

const MODES = ["direct", "paraphrase", "inferred"]
const MOST = 20

export function SourcesField({ value = [], set, form, surroundings }) {
  const { path } = surroundings
  const change = (at, patch) => set(value.map((source, index) => (index === at ? { ...source, ...patch } : source)))
  return html`<${Group} ...${surroundings}>
    ${value.map(
      (source, at) => html`<${Source}
        key=${at}
        source=${source}
        path=${`${path}[${at}]`}
        form=${form}
        change=${(patch) => change(at, patch)}
        remove=${() => set(value.filter((_, index) => index !== at))}
      />`,
    )}
    <button type="button" onClick=${() => set([...value, NO_SOURCE])}>
      ${t(value.length ? "fields.another_source" : "fields.add_source")}
    </button>
  <//>`
}

function Source({ source, path, form, change, remove }) {
  const documents = useDocuments()
  const titleOf = (id) => documents?.get(id)?.title ?? id
  return html`<${Group}
    path=${path}
    label=${source.document ? titleOf(source.document) : t("fields.source")}
    faults=${form.faults.get(path)}
  >
    <${DocumentField}
      path=${`${path}.document`}
      source=${source}
      form=${form}
      change=${change}
      documents=${documents}
    />
    <${Via} path=${`${path}.via`} via=${source.via} set=${(via) => change({ via })} form=${form} />
    <${Labelled} path=${`${path}.mode`} label=${t("fields.label.mode")} faults=${form.faults.get(`${path}.mode`)}>
      ${(attributes) => html`<select
        value=${source.mode}
        onChange=${({ target }) => change({ mode: target.value })}
        ...${attributes}
      >
        ${MODES.map((mode) => html`<option value=${mode}>${t(`fields.option.mode.${mode}`)}</option>`)}
      </select>`}
    <//>
    <${Quote} path=${`${path}.quote`} source=${source} form=${form} change=${change} />
    <button type="button" onClick=${remove}>${t("fields.remove_source")}</button>
  <//>`
}

function DocumentField({ path, source, form, change, documents }) {
  const { nameActor } = useApp()
  const [archiving, setArchiving] = useState(false)
  const say = ({ publisher, published }) => [nameActor(publisher), published].filter(Boolean).join(", ")
  const asking = async (text) => {
    const fits = (each) => hasAll([each.title, each.id, say(each)].join(" "), text)
    return [...(await loadDocuments()).values()].filter(fits).slice(0, MOST)
  }
  const draw = (each) => html`<span class="found">
    <span lang=${each.language}>${each.title}</span>
    <span class="quiet">${say(each)}</span>
  </span>`
  const archived = (document) => {
    setArchiving(false)
    change({ document })
  }
  return html`<${Labelled} path=${path} label=${t("fields.label.document")} required faults=${form.faults.get(path)}>
      ${(attributes) => html`${source.document &&
        html`<${Chosen}
          ids=${[source.document]}
          name=${(id) => documents?.get(id)?.title ?? id}
          remove=${() => change({ document: null })}
        />`}
        <${Combobox}
          ...${attributes}
          asking=${asking}
          draw=${draw}
          choose=${({ id }) => change({ document: id })}
          least=${0}
          placeholder=${t("fields.find_document")}
        />`}
    <//>
    <button type="button" aria-expanded=${archiving} onClick=${() => setArchiving(!archiving)}>
      ${t("fields.archive")}
    </button>
    ${archiving && html`<${Archive} path=${path} components=${form.components} done=${archived} />`}`
}

/** The way it came, from the origin to the document: one actor after the other. */
function Via({ path, via, set, form }) {
  const { nameActor } = useApp()
  const remove = (id) => set(via.filter((each) => each !== id))
  const add = (id) => id && set([...new Set([...via, id])])
  const [label, help] = [t("fields.label.via"), t("fields.help.via")]
  return html`<${Labelled} path=${path} label=${label} help=${help} faults=${form.faults.get(path)}>
    ${(attributes) => html`<${Chosen} ids=${via} name=${nameActor} remove=${remove} />
      <${ActorSelect} value="" set=${add} none=${t("fields.add_actor")} ...${attributes} />`}
  <//>`
}

function Quote({ path, source, form, change }) {
  const typed = (name) => ({ target }) => change({ [name]: target.value })
  const [label, help] = [t("fields.label.exact"), t("fields.help.exact")]
  return html`<${Labelled} path=${path} label=${label} help=${help} faults=${form.faults.get(path)}>
      ${(attributes) => html`<textarea rows="2" value=${source.exact} onInput=${typed("exact")} ...${attributes} />`}
    <//>
    ${source.exact.trim() &&
    html`<details open=${Boolean(source.prefix || source.suffix)}>
      <summary>${t("fields.around")}</summary>
      ${["prefix", "suffix"].map((name) => {
        const id = idOf(`${path}.${name}`)
        return html`<div class="field">
          <label for=${id}>${t(`fields.label.${name}`)}</label>
          <input id=${id} type="text" value=${source[name]} onInput=${typed(name)} />
        </div>`
      })}
    </details>`}`
}
