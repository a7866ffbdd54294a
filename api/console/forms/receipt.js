// What was recorded, and what it looks like that was recorded before.
import { post } from "../ask.js"
import { useApp } from "../context.js"
import { writeWindow } from "../dates.js"
import { To, ToPlace } from "../links.js"
import { PlaceName } from "../place-names.js"
import { Problem } from "../problem.js"
import { number, t, word } from "../texts.js"
import { html, useEffect, useRef, useState } from "../ui.js"
import { useOnce } from "./once.js"

/** `what` says in a text what was done; `at` are the places it is about. */
export function Receipt({ what, receipt, at = [], children }) {
  const { cover, settings, set } = useApp()
  const element = useRef(null)
  useEffect(() => {
    element.current.focus()
    cover(receipt.log_position)
  }, [])
  return html`<div class="note receipt" tabindex="-1" ref=${element}>
      <p><strong>${t(what, { n: number(receipt.log_position) })}</strong></p>
      <ul>
        <li><${To} what="development" id=${receipt.body.id}>${t("report.look")}<//></li>
        ${at.map((id) => html`<li><${ToPlace} id=${id}><${PlaceName} id=${id} /><//></li>`)}
      </ul>
      ${settings.log_position !== null &&
      html`<p>
        ${t("report.pinned")} <button onClick=${() => set({ log_position: null })}>${t("clocks.unpin")}</button>
      </p>`}
    </div>
    <${Alike} id=${receipt.body.id} alike=${receipt.body.possible_duplicates} />
    ${children}`
}

function Alike({ id, alike }) {
  if (alike === null) return html`<p class="quiet">${t("report.alike_unknown")}</p>`
  if (!alike?.length) return null
  return html`<h3>${t("report.alike")}</h3>
    <p>${t("report.alike_help")}</p>
    <ul class="list">
      ${alike.map((each) => html`<li class="entry" key=${each.development}><${Like} id=${id} each=${each} /></li>`)}
    </ul>`
}

function Like({ id, each }) {
  const { nameActor, cover } = useApp()
  const [state, setState] = useState({ joined: false, problem: null })
  const once = useOnce()
  const join = async () => {
    const link = { type: "same-report", to: each.development }
    await post(`v1/developments/${id}/links`, link, { once: once(JSON.stringify(link)) }).then(
      ({ log_position }) => {
        cover(log_position)
        setState({ joined: true, problem: null })
      },
      (problem) => setState({ joined: false, problem }),
    )
  }
  return html`<p>
      <${To} what="development" id=${each.development}>${word("kinds", each.kind)}<//>,${" "}
      ${each.by ? `${nameActor(each.by)}, ` : ""}${writeWindow(each.occurred, { short: true })}
      ${each.summary && html`<br />${each.summary}`}
    </p>
    <div role="status">
      ${state.joined
        ? html`<p>${t("report.joined")}</p>`
        : html`<button onClick=${join}>${t("report.join")}</button>`}
      ${state.problem && html`<${Problem} problem=${state.problem} />`}
    </div>`
}
