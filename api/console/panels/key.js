// The API key: given, shown, forgotten.
import { addressOf, keyring, send } from "../ask.js"
import { useApp } from "../context.js"
import { useHolder, wanted } from "../holder.js"
import { Problem } from "../problem.js"
import { t } from "../texts.js"
import { html, useState } from "../ui.js"

export function Key() {
  const holder = useHolder()
  return html`<h2 tabindex="-1">${t("key.title")}</h2>
    <p>${t("key.what_for")}</p>
    <p>${t("key.where")}</p>
    ${holder.key ? html`<${Holder} holder=${holder} />` : html`<${Give} />`}
    <p class="quiet">${t("key.how")} <code>palimpsest keys create --role reporter --name …</code></p>`
}

function Holder({ holder: { data, problem } }) {
  const { open } = useApp()
  const goOn = () => {
    const to = wanted.open ?? "report"
    wanted.open = null
    open(...to.split(/:(.*)/s).filter(Boolean))
  }
  return html`<div class="note" role="status">
      ${problem && (problem.status === 401 ? html`<p>${t("key.bad")}</p>` : html`<${Problem} problem=${problem} />`)}
      ${data &&
      html`<p><strong>${t("key.holder", { name: data.name, role: t(`key.role.${data.role}`) })}</strong></p>
        <p>${t(`key.may.${data.role}`)}</p>`}
    </div>
    <div class="buttons">
      ${data && html`<button class="main" onClick=${goOn}>${t(wanted.open ? "key.go_on" : "key.report")}</button>`}
      <button onClick=${() => keyring.set({ key: null })}>${t("key.forget")}</button>
    </div>`
}

/** Only a key that is good is kept. */
function Give() {
  const [problem, setProblem] = useState(null)
  const give = async (event) => {
    event.preventDefault()
    const key = new FormData(event.target).get("key").trim()
    if (!/^[!-~]+$/.test(key)) return setProblem({ status: 401 })
    await send(addressOf("v1/key"), { headers: { Authorization: `Bearer ${key}` } }).then(
      () => keyring.set({ key }),
      setProblem,
    )
  }
  return html`<form class="form" onSubmit=${give}>
    <div class="field">
      <label for="api-key">${t("key.label")}</label>
      <input
        id="api-key"
        name="key"
        type="password"
        autocomplete="off"
        spellcheck=${false}
        aria-invalid=${problem?.status === 401}
        aria-describedby="api-key-error"
      />
      <div id="api-key-error" role="alert">
        ${problem &&
        (problem.status === 401
          ? html`<p class="error">${t("key.refused")}</p>`
          : html`<${Problem} problem=${problem} />`)}
      </div>
    </div>
    <button class="main">${t("key.keep")}</button>
  </form>`
}
