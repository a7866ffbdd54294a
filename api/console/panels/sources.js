// The evidence of a development: by what way it came, what the document says, how it was graded.
import { useAnswer } from "../answers.js"
import { useApp } from "../context.js"
import { writeDay } from "../dates.js"
import { excerptOf } from "../excerpts.js"
import { To } from "../links.js"
import { Asked } from "../problem.js"
import { t } from "../texts.js"
import { html } from "../ui.js"

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/

export function Sources({ sources }) {
  if (!sources.length) return html`<p class="quiet">${t("development.no_sources")}</p>`
  return sources.map((source) => html`<${Source} key=${source.document} source=${source} />`)
}

/** A document asks for itself: its text may be long, and may be taken away later. */
function Source({ source }) {
  const { clocks, fresh } = useApp()
  const asked = useAnswer(`v1/documents/${source.document}`, { ...clocks, ...fresh })
  return html`<section class="source" data-document=${source.document}>
    <${Asked} asked=${asked}>
      ${(document) => html`
        <${Chain} via=${source.via.length ? source.via : [document.publisher]} last=${document.publisher} />
        <p class="quiet mode">${t(`development.modes.${source.mode}`)}</p>
        ${source.quote && html`<${Quote} quote=${source.quote} document=${document} />`}
        <${Citation} document=${document} />
      `}
    <//>
  </section>`
}

/** The way a report came, its origin first, to the publisher of the document. */
export function Chain({ via, last }) {
  const { nameActor } = useApp()
  const steps = last && via.at(-1) !== last ? [...via, last] : via
  return html`<ol class="chain" aria-label=${t("development.chain")}>
    ${steps.map((actor) => html`<li><${To} what="actor" id=${actor}>${nameActor(actor)}<//></li>`)}
  </ol>`
}

/** The passage, in the text around it as long as that is kept. */
function Quote({ quote, document }) {
  const found = document.text ? excerptOf(document.text, quote) : null
  const { before, exact, after } = found ?? { before: quote.prefix, exact: quote.exact, after: quote.suffix }
  return html`<blockquote lang=${document.language}>
      <p>${before}<mark>${exact}</mark>${after}</p>
    </blockquote>
    ${!document.text && html`<p class="quiet">${t("development.not_kept")}</p>`}`
}

function Citation({ document: { publisher, published, title, url, licence, note } }) {
  const { nameActor } = useApp()
  const date = ISO_DAY.test(published ?? "") ? writeDay(published) : published
  const whence = t(date ? "development.published" : "development.undated", { publisher: nameActor(publisher), date })
  return html`<p class="citation">
    ${isWeb(url) ? html`<a href=${url} rel="noreferrer noopener">${title}</a>` : html`<cite>${title}</cite>`}
    <span class="quiet">${whence}</span>
    ${licence && html`<span class="quiet">${t("development.licence", { licence })}</span>`}
    ${note && html`<span class="quiet">${note}</span>`}
  </p>`
}

/** Whether an address leads to the web: one of another scheme could run something. */
export const isWeb = (url) => /^https?:\/\//i.test(url ?? "")

/** How reliable the source is and how credible the item, by the Admiralty code, in words. */
export function Grades({ told: { reliability, credibility } }) {
  if (!reliability && !credibility) return null
  return html`<h3>${t("development.grades")}</h3>
    <ul class="plain-list">
      ${reliability && html`<li>${t(`development.reliability.${reliability}`)}</li>`}
      ${credibility && html`<li>${t(`development.credibility.${credibility}`)}</li>`}
    </ul>`
}
