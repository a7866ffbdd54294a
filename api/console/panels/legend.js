// What the marks mean, and why they look as they do.
import { useApp } from "../context.js"
import { Symbol } from "../symbols.js"
import { markOf } from "../palette.js"
import { t, word } from "../texts.js"
import { html } from "../ui.js"

export function Legend() {
  const { parties, nameActor, dark } = useApp()
  const row = (place, name, meaning) => html`<tr>
    <td><${Symbol} mark=${markOf(place, parties)} dark=${dark} /></td>
    <th scope="row">${name}</th>
    <td>${meaning}</td>
  </tr>`
  return html`<h2 tabindex="-1">${t("legend.title")}</h2>
    <p>${t("legend.intro")}</p>
    <table class="legend">
      <tbody>
        ${[...parties.keys()].map((id) =>
          row({ status: "held", holder: id }, t("status.held_by", { holder: nameActor(id) }), t("legend.held")),
        )}
        ${["disputed", "divided", "unclear", "unknown"].map((status) =>
          row({ status, holder: null }, word("status", status), t(`legend.${status}`)),
        )}
      </tbody>
    </table>
    <p>${t("legend.faint")}</p>
    <p>${t("legend.clusters")}</p>
    <p>${t("legend.neutral")}</p>
    <p>${t("legend.borders")}</p>
    <h3>${t("legend.more")}</h3>
    <ul>
      <li><a href="docs">${t("legend.docs")}</a></li>
      <li><a href="openapi.json">${t("legend.openapi")}</a></li>
    </ul>`
}
