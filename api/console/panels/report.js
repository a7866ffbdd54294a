// Reporting a development.
import { post } from "../ask.js"
import { useApp } from "../context.js"
import { DevelopmentForm } from "../forms/form.js"
import { Receipt } from "../forms/receipt.js"
import { NeedsRole } from "../holder.js"
import { t } from "../texts.js"
import { html, useState } from "../ui.js"

export function Report() {
  const { settings } = useApp()
  const [told, setTold] = useState(null)
  const at = settings.place ? [settings.place] : []
  const again = html`<button class="main" onClick=${() => setTold(null)}>${t("report.another")}</button>`
  return html`<h2 tabindex="-1">${t("report.title")}</h2>
    <${NeedsRole} role="reporter">
      ${told
        ? html`<${Receipt} what=${`report.done.${told.receipt.body.status}`} receipt=${told.receipt} at=${told.body.at}>
            ${again}
          <//>`
        : html`<p>${t("report.intro")}</p>
            <${DevelopmentForm}
              name="report"
              start=${{ kind: "", at }}
              action="report.send"
              send=${(body, once) => post("v1/developments", body, { once })}
              done=${(receipt, body) => setTold({ receipt, body })}
            />`}
    <//>`
}
