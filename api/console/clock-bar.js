// The clocks: when it was so, and when it was public or recorded. Both always say their date.
import { useApp } from "./context.js"
import { dayNumber, dayOf, today, writeDay, writeInstant } from "./dates.js"
import { isLive } from "./settings.js"
import { number, t } from "./texts.js"
import { classes, html, useState } from "./ui.js"

/** Sliders, play and pin. `span` is `{valid, known}`: the first day of each; `moment` are the clocks of what is
 * shown; `newest` is the newest log position known; `play` is `{playing, day, toggle()}`. */
export const ClockBar = ({ span, moment, newest, play }) => html`
  <section class="clocks" aria-label=${t("clocks.all")}>
    <${ValidClock} first=${span.valid} moment=${moment} play=${play} />
    <${SecondClock} first=${span.known} moment=${moment} newest=${newest} />
    <${Pin} moment=${moment} />
  </section>
`

function ValidClock({ first, moment, play }) {
  const { settings, set } = useApp()
  const choose = (date) => {
    if (play.playing) play.toggle()
    set({ valid_at: date })
  }
  return html`<div class="clock">
    <button class=${classes("play", play.playing && "on")} onClick=${play.toggle}>
      <span aria-hidden="true">${play.playing ? "❚❚" : "▶"}</span>
      <span class="unseen">${t(play.playing ? "clocks.pause" : "clocks.play")}</span>
    </button>
    <${DaySlider}
      name="valid"
      first=${first}
      date=${play.day ?? settings.valid_at}
      moment=${moment?.valid_at}
      choose=${choose}
    >
      <span class="clock-name" title=${t("clocks.valid_help")}>${t("clocks.valid")}</span>
    <//>
  </div>`
}

function SecondClock({ first, moment, newest }) {
  const { settings, set } = useApp()
  return html`<div class="clock">
    ${settings.clock === "recorded"
      ? html`<${PositionSlider} moment=${moment} newest=${newest}><${Switch} /><//>`
      : html`<${DaySlider}
          name="known"
          first=${first}
          date=${settings.known_at}
          moment=${moment?.known_at}
          choose=${(date) => set({ known_at: date })}
        >
          <${Switch} />
        <//>`}
  </div>`
}

/** Which clock the second slider sets. The other one stays as it is. */
function Switch() {
  const { settings, set } = useApp()
  return html`<select
    class="switch"
    aria-label=${t("clocks.second")}
    title=${t(`clocks.${settings.clock}_help`)}
    value=${settings.clock}
    onChange=${({ target }) => set({ clock: target.value })}
  >
    ${["known", "recorded"].map((clock) => html`<option value=${clock}>${t(`clocks.${clock}`)}</option>`)}
  </select>`
}

/** A slider over days. At its end, and without a date, it is now; in a pinned view, the moment of its position. */
function DaySlider({ name, first, date, moment, choose, children }) {
  const { settings } = useApp()
  const last = dayNumber(today())
  const least = Math.min(dayNumber(first), date ? dayNumber(date) : last)
  const unset = isLive(settings) ? t("clocks.now_is", { date: writeDay(today()) }) : moment ? writeDay(moment) : ""
  const said = date ? writeDay(date) : unset
  const label = t(`clocks.${name}_label`)
  const slide = ({ target }) => choose(Number(target.value) >= last ? null : dayOf(Number(target.value)))
  return html`<${Dial} name=${name} said=${said} isNow=${!date} toNow=${() => choose(null)} head=${children}>
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
      type="date"
      data-clock=${name}
      aria-label=${label}
      ...${useTyped(date ?? today(), (typed) => choose(typed || null))}
    />
  <//>`
}

/** The value of a field that is heard when it is left. Until then it keeps what is typed, whatever is drawn anew. */
function useTyped(value, take) {
  const [typed, setTyped] = useState(null)
  return {
    value: typed ?? value,
    onInput: ({ target }) => setTyped(target.value),
    onChange: ({ target }) => take(target.value),
    onBlur: () => setTyped(null),
  }
}

/** A slider over the log, position by position: the recorded clock, exactly. */
function PositionSlider({ moment, newest, children }) {
  const { settings, set } = useApp()
  const position = settings.log_position
  const most = Math.max(newest, position ?? 0, 1)
  const when = moment ? writeInstant(moment.recorded_at, { short: true }) : ""
  const said =
    position === null
      ? t("clocks.now_is", { date: writeDay(today()) })
      : t("clocks.recorded_is", { when, n: number(position) })
  const choose = (chosen) => set({ log_position: Number.isFinite(chosen) ? Math.max(0, chosen) : null })
  return html`<${Dial}
    name="recorded"
    said=${said}
    isNow=${position === null}
    toNow=${() => set({ log_position: null })}
    head=${children}
  >
    <input
      type="range"
      data-clock="recorded"
      aria-label=${t("clocks.recorded_label")}
      aria-valuetext=${said}
      min="0"
      max=${most}
      value=${position ?? most}
      onInput=${({ target }) => choose(Number(target.value) >= most ? NaN : Number(target.value))}
    />
    <input
      type="number"
      data-clock="recorded"
      aria-label=${t("clocks.recorded_label")}
      min="0"
      ...${useTyped(position ?? most, (typed) => choose(typed === "" ? NaN : Number(typed)))}
    />
  <//>`
}

/** What every clock has: its name, its date in words, a way to now; and around them its slider and its field. */
const Dial = ({ name, said, isNow, toNow, head, children }) => html`<div class="dial">
  <div class="dial-head">
    ${head}
    <output class="date" data-clock=${name}>${said}</output>
    ${children[1]}
    <button class="now" disabled=${isNow} onClick=${toNow}>${t("clocks.now")}</button>
  </div>
  ${children[0]}
</div>`

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
