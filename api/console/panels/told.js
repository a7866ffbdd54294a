// A development in short, wherever one is mentioned: what it is, who says it, when, and in one sentence what.
import { useApp } from "../context.js"
import { writeWindow } from "../dates.js"
import { controlOf, sayShares } from "../shares.js"
import { t, word } from "../texts.js"
import { html } from "../ui.js"
import { To } from "../links.js"

/** Who says it, and with whose voice, where that is another's. */
export function saySpeaker({ by, voice }, nameActor) {
  if (!by) return t("development.nobody")
  const speaker = nameActor(by)
  return voice && voice !== by ? t("development.with_voice", { by: speaker, voice: nameActor(voice) }) : speaker
}

/** Its kind, speaker and time in a line, its sentence under that. */
export function Told({ told }) {
  const { nameActor } = useApp()
  const control = controlOf(told)
  return html`<span class="told">
    <span class="what">
      <strong>${word("kinds", told.kind)}</strong>${control && html` <span>${sayShares(control, nameActor)}</span>`}
    </span>
    <span class="quiet">${saySpeaker(told, nameActor)}, ${writeWindow(told.occurred, { short: true })}</span>
    ${told.summary && html`<span class="summary">${told.summary}</span>`}
  </span>`
}

/** Links to developments, as reasons: by kind and speaker where `known` (by id) has them, else by id. Where it is
 * said already whose `voice` it is, that is not said again. */
export function Because({ ids, known, voice = null }) {
  const { nameActor } = useApp()
  const say = (told) => {
    const kind = word("kinds", told.kind)
    if (told.by === voice) return kind
    const by = told.voice === voice && told.by ? nameActor(told.by) : saySpeaker(told, nameActor)
    return t("place.reason", { kind, by })
  }
  return html`<ul class="because">
    ${ids.map((id) => {
      const told = known?.get(id)
      return html`<li><${To} what="development" id=${id}>${told ? say(told) : id}<//></li>`
    })}
  </ul>`
}
