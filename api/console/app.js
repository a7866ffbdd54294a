// The page as a whole: what is asked for all of it, and how its parts lie beside each other.
import { useAsked } from "./answers.js"
import { ask, askLines, keyring } from "./ask.js"
import { ClockBar } from "./clock-bar.js"
import { AppContext } from "./context.js"
import { dayNumber, dayOf, today } from "./dates.js"
import { Header } from "./header.js"
import { MapView } from "./map-view.js"
import { actorName, loadActors } from "./names.js"
import { markParties } from "./palette.js"
import { PanelHost } from "./panel-host.js"
import { usePlay } from "./playing.js"
import { clocksOf, isLive } from "./settings.js"
import { useStore } from "./store.js"
import { language, preferredLanguage, speak, t } from "./texts.js"
import { useDark } from "./theme.js"
import { classes, html, useEffect, useMemo, useRef, useState } from "./ui.js"
import { useNews } from "./watching.js"

const A_YEAR = 365

/** The first day that a clock has anything to tell of; a year ago where nothing is told at all. */
async function firstDay(along, signal) {
  const lines = askLines("v1/map/replay", { along, step: "P1M" }, { signal })
  const { value } = await lines.next()
  await lines.return()
  return value?.changes.length ? value.t.slice(0, 10) : dayOf(dayNumber(today()) - A_YEAR)
}

const firstDays = async (signal) => ({
  valid: await firstDay("valid", signal),
  known: await firstDay("known", signal),
})

/** What is asked once, and again when the log says so: actors, where the sliders begin, news, the map. */
function useLedger(settings, lang) {
  const { key } = useStore(keyring)
  const [described, setDescribed] = useState(0)
  const start = useAsked((signal) => ask("v1/events", { limit: 1 }, { signal }), [key], "start")
  const news = useNews(start.data?.head ?? null, ({ topic }) => {
    if (topic.startsWith("actor-")) setDescribed((times) => times + 1)
  })
  const [written, cover] = useState(0)
  const reach = isLive(settings) ? Math.max(news.reach ?? 0, written) || null : null
  const fresh = useMemo(() => ({ min_log_position: reach }), [reach])
  const clocks = clocksOf(settings)
  const map = useAsked(
    (signal) => ask("v1/map", { ...clocks, ...fresh, lang }, { signal }),
    [key, JSON.stringify(clocks), reach, lang],
    "map",
  )
  const actors = useAsked(loadActors, [key, described], "actors").data
  // Not before the map is there: it is what people wait for.
  const shown = map.data !== null
  const span = useAsked((signal) => (shown ? firstDays(signal) : Promise.resolve(null)), [key, shown], "span").data
  const newest = Math.max(start.data?.head ?? 0, news.reach ?? 0, map.data?.clocks.log_position ?? 0)
  return { news, fresh, clocks, map, actors, span, newest, cover }
}

/** Speaks the language of the settings; the tag of the one in use, once its texts are there. */
function useLanguage(asked) {
  const [tag, setTag] = useState(language)
  useEffect(() => {
    speak(preferredLanguage(asked)).then(() => setTag(language()))
  }, [asked])
  useEffect(() => {
    document.documentElement.lang = tag
  }, [tag])
  return tag
}

const NOBODY = new Map()
const YEAR_AGO = { valid: dayOf(dayNumber(today()) - A_YEAR), known: dayOf(dayNumber(today()) - A_YEAR) }

export function App({ settings: store }) {
  const settings = useStore(store)
  const dark = useDark(settings.theme)
  const tag = useLanguage(settings.lang)
  const ledger = useLedger(settings, tag)
  const actors = ledger.actors ?? NOBODY
  const parties = useMemo(() => markParties(actors), [actors])
  const span = ledger.span ?? YEAR_AGO
  const places = ledger.map.data?.features ?? null
  const play = usePlay({ places, settings, first: span.valid, set: store.set })
  const map = useRef(null)
  useEffect(() => {
    if (places) performance.mark("palimpsest:places")
  }, [places !== null])

  const app = {
    settings,
    set: store.set,
    open: (what, id = null) => store.set({ open: what && (id === null ? what : `${what}:${id}`) }),
    pick: (place) => store.set({ place, open: null }),
    actors,
    nameActor: (id) => actorName(actors, id),
    parties,
    dark,
    tag,
    clocks: ledger.clocks,
    fresh: ledger.fresh,
    cover: ledger.cover,
    head: ledger.map.data?.clocks.log_position ?? null,
    map: () => map.current,
  }
  const shown = Boolean(settings.place || settings.open)
  return html`<${AppContext.Provider} value=${app}>
    <a class="skip" href="#panel">${t("shell.skip")}</a>
    <${Header} news=${ledger.news} />
    <main class=${classes("body", shown && "with-panel")}>
      <${MapView} hold=${map} places=${play.places ?? places} asked=${ledger.map} ready=${ledger.actors !== null} />
      <${PanelHost} places=${play.places ?? places ?? []} day=${play.day} news=${ledger.news} asked=${ledger.map} />
    </main>
    <${ClockBar} span=${span} moment=${ledger.map.data?.clocks ?? null} newest=${ledger.newest} play=${play} />
  <//>`
}
