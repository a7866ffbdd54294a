// The addresses to cite what is shown: both name the log position, so they say the same for ever.
import { addressOf } from "../ask.js"
import { useApp } from "../context.js"
import { writeSettings } from "../settings.js"
import { t } from "../texts.js"
import { html, useState } from "../ui.js"

/** `path` is where the data is, `moment` are the clocks of the answer that is shown. */
export function Cite({ path, moment }) {
  const { settings } = useApp()
  const { valid_at, known_at } = settings
  const { log_position } = moment
  const pinned = { ...settings, log_position, at: null, theme: null, lang: null }
  const page = new URL(`./${writeSettings(pinned)}`, location.href).href
  const data = addressOf(path, { valid_at, known_at, log_position }).href
  return html`<h3>${t("development.cite")}</h3>
    <p class="quiet">${t("development.cite_help")}</p>
    <dl class="particulars cite">
      <div><dt>${t("development.cite_page")}</dt><dd><${Address} address=${page} /></dd></div>
      <div><dt>${t("development.cite_data")}</dt><dd><${Address} address=${data} /></dd></div>
    </dl>`
}

/** An address, and a button that copies it where the browser lets a page do so. */
function Address({ address }) {
  const [copied, setCopied] = useState(false)
  const copy = () => navigator.clipboard.writeText(address).then(() => setCopied(true))
  return html`<a class="address" href=${address}>${address}</a>
    ${navigator.clipboard &&
    html`<button class="small" onClick=${copy}>${t(copied ? "development.copied" : "development.copy")}</button>`}`
}
