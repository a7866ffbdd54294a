// Where voices differ: over what, since when, and who moved last.
import { useApp } from "../context.js"
import { writeInstant } from "../dates.js"
import { To, ToPlace } from "../links.js"
import { More, usePages } from "../pages.js"
import { Asked } from "../problem.js"
import { sayGap, sayShares } from "../shares.js"
import { number, t } from "../texts.js"
import { html, useState } from "../ui.js"

const ANY = { sort: "age", party: "", voices: [] }

export function Disagreements() {
  const [chosen, choose] = useState(ANY)
  const patch = (change) => choose({ ...chosen, ...change })
  return html`<h2 tabindex="-1">${t("disagreements.title")}</h2>
    <p>${t("disagreements.intro")}</p>
    <${Filters} chosen=${chosen} patch=${patch} />
    ${chosen.voices.length === 1
      ? html`<p class="note">${t("disagreements.one_voice")}</p>`
      : html`<${List} key=${JSON.stringify(chosen)} chosen=${chosen} />`}`
}

function Filters({ chosen, patch }) {
  const { actors, parties, nameActor } = useApp()
  const voices = [...actors.values()].filter(({ speaks_for }) => !speaks_for).map(({ id }) => id)
  const tick = ({ target }) =>
    patch({ voices: voices.filter((id) => (id === target.value ? target.checked : chosen.voices.includes(id))) })
  return html`<form class="filters" onSubmit=${(event) => event.preventDefault()}>
    <label>
      ${t("disagreements.sort")}
      <select value=${chosen.sort} onChange=${({ target }) => patch({ sort: target.value })}>
        ${["age", "gap"].map((sort) => html`<option value=${sort}>${t(`disagreements.by_${sort}`)}</option>`)}
      </select>
    </label>
    <label>
      ${t("disagreements.party")}
      <select value=${chosen.party} onChange=${({ target }) => patch({ party: target.value })}>
        <option value="">${t("disagreements.any_party")}</option>
        ${[...parties.keys()].map((id) => html`<option value=${id}>${nameActor(id)}</option>`)}
      </select>
    </label>
    <details>
      <summary>
        ${chosen.voices.length
          ? t("disagreements.only", { n: chosen.voices.length, count: number(chosen.voices.length) })
          : t("disagreements.all_voices")}
      </summary>
      <fieldset>
        <legend>${t("disagreements.voices")}</legend>
        ${voices.map(
          (id) => html`<label class="choice">
            <input type="checkbox" value=${id} checked=${chosen.voices.includes(id)} onChange=${tick} />
            ${nameActor(id)}
          </label>`,
        )}
      </fieldset>
    </details>
  </form>`
}

function List({ chosen }) {
  const { clocks, fresh } = useApp()
  const asked = usePages("v1/disagreements", { ...chosen, ...clocks, ...fresh })
  return html`<${Asked} asked=${asked}>
    ${({ items }) => html`<p role="status" class=${items.length ? "unseen" : ""}>
        ${items.length
          ? t("disagreements.shown", { n: items.length, count: number(items.length) })
          : t("disagreements.none")}
      </p>
      <ol class="list">
        ${items.map((each) => html`<${Item} key=${`${each.id} ${each.between} ${each.party}`} each=${each} />`)}
      </ol>
      <${More} asked=${asked} />`}
  <//>`
}

function Item({ each }) {
  const { nameActor } = useApp()
  const days = Math.floor(each.age_days)
  const moved = each.moved_last
  const age = t("disagreements.days", { n: days, count: number(days) })
  return html`<li class="entry">
    <h3><${ToPlace} id=${each.id}>${each.name}<//></h3>
    <p>
      ${t("disagreements.over", { party: nameActor(each.party), gap: sayGap(each.gap) })}${" "}
      ${t("disagreements.since", { date: writeInstant(each.since), age })}
    </p>
    <dl class="said">
      ${each.sides.map(
        (side) => html`<dt><${To} what="actor" id=${side.voice}>${nameActor(side.voice)}<//></dt>
          <dd>
            ${sayShares(side.shares, nameActor)}${" "}
            <span class="quiet">
              ${!side.certain && `(${t("disagreements.uncertain")}) `}
              ${t("disagreements.says_since", { date: writeInstant(side.since, { short: true }) })}:${" "}
              ${side.because.map((id, index) => html`${index > 0 && ", "}<${To} what="development" id=${id}>${id}<//>`)}
            </span>
          </dd>`,
      )}
    </dl>
    <p class="quiet">
      ${t("disagreements.moved", { voice: nameActor(moved.voice), date: writeInstant(moved.since) })}
    </p>
  </li>`
}
