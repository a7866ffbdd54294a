// The map in the page: it is told of places, settings and looks as they change.
import { useApp } from "./context.js"
import { Problem } from "./problem.js"
import { t } from "./texts.js"
import { html, useEffect, useRef, useState } from "./ui.js"

/** The map. It is loaded when the page is drawn, and made when `ready` says that the parties are known. */
export function MapView({ hold, places, asked, ready }) {
  const { settings, set, pick, parties, dark, tag } = useApp()
  const element = useRef(null)
  const [made, setMade] = useState(null)
  const [failed, setFailed] = useState(false)

  useEffect(() => {
    if (!ready) return undefined
    let map = null
    let gone = false
    import("./map.js")
      .then(({ PlaceMap }) => {
        if (gone) return
        map = new PlaceMap(element.current, {
          at: settings.at,
          looks: { dark, lang: tag },
          parties,
          labels: {
            "Map.Title": t("map.canvas"),
            "NavigationControl.ZoomIn": t("map.zoom_in"),
            "NavigationControl.ZoomOut": t("map.zoom_out"),
          },
          onPick: pick,
          onRest: (at) => set({ at }),
          onDrawn() {
            performance.mark("palimpsest:map")
            element.current.dataset.drawn = ""
          },
        })
        hold.current = map
        setMade(map)
      })
      .catch((error) => {
        console.info("The map cannot be drawn:", error)
        setFailed(true)
      })
    return () => {
      gone = true
      map?.remove()
      hold.current = null
    }
  }, [ready, parties])

  useEffect(() => made?.restyle({ dark, lang: tag }), [dark, tag])
  useEffect(() => places && made?.show(places), [made, places])
  useEffect(() => made?.choose(settings.place), [made, settings.place])
  useFollowing(made, places, settings.place)

  return html`<section class="map" aria-label=${t("map.label")}>
    <div class="canvas" ref=${element}></div>
    ${failed && html`<p class="notice">${t("map.failed")}</p>`}
    ${asked.problem && html`<div class="notice"><${Problem} problem=${asked.problem} /></div>`}
    ${!places && !asked.problem && html`<p class="notice" role="status">${t("shell.loading")}</p>`}
  </section>`
}

/** Moves to the place that was chosen, once it is known where that is, if it is out of sight. */
function useFollowing(map, places, chosen) {
  const point = places?.find(({ id }) => id === chosen)?.geometry.coordinates
  const where = point?.join(",")
  useEffect(() => {
    if (!map || !point) return
    const [west, south, east, north] = map.bounds().split(",").map(Number)
    const [longitude, latitude] = point
    const [wide, high] = [(east - west) / 10, (north - south) / 10]
    const inSight =
      longitude > west + wide && longitude < east - wide && latitude > south + high && latitude < north - high
    if (!inSight || east - west > 6) map.flyTo(point)
  }, [map, where])
}
