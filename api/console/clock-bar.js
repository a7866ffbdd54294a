// The clocks: when it was so, and when it was public or recorded. Both always say their date.
import { useApp } from "./context.js"
import { dayNumber, dayOf, today, writeDay, writeInstant } from "./dates.js"
import { number, t } from "./texts.js"
import { classes, html } from "./ui.js"

/** Sliders, play and pin. `span` is `{valid, known}`: the first day of each; `moment` are the clocks of what is
 * shown; `newest` is the newest log position known; `play` is `{playing, day, toggle()}`. */
export const ClockBar = ({ span, moment, newest, play }) => html`
  <section class="clocks" aria-label=${t("clocks.all")}>
    <${ValidClock} first=${span.valid} play=${play} />
    <${SecondClock} first=${span.known} moment=${moment} newest=${newest} />
    <${Pin} moment=${moment} />
  </section>
`

function ValidClock({ first, play }) {
  const { settings, set } = useApp()
  const choose = (date) => {
    if (play.playing) play.toggle()
    set({ valid_at: date })
  }
  return html`<div class="clock">
    <button class=${classes("play", play.playing && "on")} onClick=${play.toggle} aria-pressed=${play.playing}>
      <span aria-hidden="true">${play.playing ? "❚❚" : "▶"}</span>
      <span class="unseen">${t(play.playing ? "clocks.pause" : "clocks.play")}</span>
    </button>
    <${DaySlider}
      name="valid"
      label=${t("clocks.valid")}
      help=${t("clocks.valid_help")}
      first=${first}
      date=${play.day ?? settings.valid_at}
      choose=${choose}
    />
  </div>`
}

function SecondClock({ first, moment, newest }) {
  const { settings, set } = useApp()
  const recorded = settings.clock === "recorded"
  const pick = (clock) => html`<label class="choice">
    <input
      type="radio"
      name="clock"
      value=${clock}
      checked=${settings.clock === clock}
      onChange=${() => set({ clock })}
    />
    ${t(`clocks.${clock}`)}
  </label>`
  return html`<div class="clock">
    <fieldset class="switch">
      <legend class="unseen">${t("clocks.second")}</legend>
      ${pick("known")} ${pick("recorded")}
    </fieldset>
    ${recorded
      ? html`<${PositionSlider} moment=${moment} newest=${newest} />`
      : html`<${DaySlider}
          name="known"
          label=${t("clocks.known")}
          help=${t("clocks.known_help")}
          first=${first}
          date=${settings.known_at}
          choose=${(date) => set({ known_at: date })}
        />`}
  </div>`
}

/** A slider over days. At its end, and without a date, it is now. */
function DaySlider({ name, label, help, first, date, choose }) {
  const last = dayNumber(today())
  const least = Math.min(dayNumber(first), date ? dayNumber(date) : last)
  const said = date ? writeDay(date) : t("clocks.now")
  const slide = ({ target }) => choose(Number(target.value) >= last ? null : dayOf(Number(target.value)))
  return html`<div class="dial">
    <label for=${`${name}-date`} title=${help}>${label}</label>
    <output class="date" data-clock=${name}>${said}</output>
    <input
      type="range"
      data-clock=${name}
      aria-label=${label}
      aria-valuetext=${said}
      min=${least}
      max=${last}
      value=${date ? Math.min(dayNumber(date), last) : last}
      onInput=${slide}
    />
    <input
      id=${`${name}-date`}
      type="date"
      value=${date ?? ""}
      onChange=${({ target }) => choose(target.value || null)}
    />
    <button class="now" disabled=${!date} onClick=${() => choose(null)}>${t("clocks.now")}</button>
  </div>`
}

/** A slider over the log, position by position: the recorded clock, exactly. */
function PositionSlider({ moment, newest }) {
  const { settings, set } = useApp()
  const position = settings.log_position
  const most = Math.max(newest ?? 0, position ?? 0, 1)
  const when = moment ? writeInstant(moment.recorded_at, { short: true }) : ""
  const said = position === null ? t("clocks.now") : `${when}, ${t("clocks.position", { n: number(position) })}`
  return html`<div class="dial">
    <label for="position" title=${t("clocks.recorded_help")}>${t("clocks.recorded")}</label>
    <output class="date" data-clock="recorded">${said}</output>
    <input
      type="range"
      data-clock="recorded"
      aria-label=${t("clocks.recorded")}
      aria-valuetext=${said}
      min="0"
      max=${most}
      value=${position ?? most}
      onInput=${({ target }) => set({ log_position: Number(target.value) >= most ? null : Number(target.value) })}
    />
    <input
      id="position"
      type="number"
      min="0"
      value=${position ?? ""}
      onChange=${({ target }) => set({ log_position: target.value === "" ? null : Math.max(0, Number(target.value)) })}
    />
    <button class="now" disabled=${position === null} onClick=${() => set({ log_position: null })}>
      ${t("clocks.now")}
    </button>
  </div>`
}

/** Pins the view to the log position it shows, so that its address says the same for ever. */
function Pin({ moment }) {
  const { settings, set } = useApp()
  const pinned = settings.log_position !== null
  const toggle = () => set({ log_position: pinned ? null : moment.log_position })
  return html`<div class="pin">
    <button class=${classes(pinned && "on")} aria-pressed=${pinned} disabled=${!moment} onClick=${toggle}>
      ${t(pinned ? "clocks.unpin" : "clocks.pin")}
    </button>
    <span class="quiet">
      ${moment && t(pinned ? "clocks.pinned" : "clocks.live", { n: number(settings.log_position ?? moment.log_position) })}
    </span>
  </div>`
}
