// The map: places as marks, clustered where they are dense, over the base map. Nothing here asks the API.
import { mapStyle } from "./map-style.js"
import { allMarks, markName } from "./palette.js"
import { pictureOf, ringOf } from "./symbols.js"
import { Map as MapLibre, NavigationControl } from "./vendor/maplibre-gl-6.17.0/maplibre-gl.mjs"

const START = { center: [32, 48.6], zoom: 5 }
const CLUSTERS_TO_ZOOM = 8
const PARTS = 8 // the shares of a cluster's ring are told in eighths, so that few rings need be drawn
const NO_PLACES = Object.freeze({ type: "FeatureCollection", features: [] })

/** Draws a map into an element. `onPick(id)` is called for a place that was chosen, `onRest("lon,lat,zoom")` when
 * the view rests, `onDrawn()` when places stand on it for the first time. Throws where the browser has no WebGL. */
export class PlaceMap {
  #map
  #parties
  #marks
  #looks
  #places = NO_PLACES
  #chosen = null
  #marked = false
  #onDrawn

  constructor(element, { at, looks, parties, labels, onPick, onRest, onDrawn }) {
    this.#looks = looks
    this.#onDrawn = onDrawn
    this.#parties = parties
    this.#marks = new Map(allMarks(parties))
    const [longitude, latitude, zoom] = at?.split(",").map(Number) ?? []
    this.#map = new MapLibre({
      container: element,
      style: mapStyle(looks),
      center: at ? [longitude, latitude] : START.center,
      zoom: at ? zoom : START.zoom,
      minZoom: 2,
      maxZoom: 13,
      attributionControl: { compact: true },
      dragRotate: false,
      pitchWithRotate: false,
      locale: labels,
      fadeDuration: 0,
    })
    this.#map.touchZoomRotate.disableRotation()
    this.#map.addControl(new NavigationControl({ showCompass: false }), "top-right")
    this.#map.setMissingStyleImageResolver((name) => this.#draw(name))
    this.#map.on("style.load", () => this.#addPlaces())
    this.#map.on("moveend", (event) => event.originalEvent && onRest(this.#where()))
    this.#map.on("click", (event) => this.#pick(event, onPick))
    for (const layer of ["places", "clusters"]) {
      this.#map.on("mouseenter", layer, () => this.#point("pointer"))
      this.#map.on("mouseleave", layer, () => this.#point(""))
    }
  }

  /** Draws these places, those of `GET /v1/map`. */
  show(places) {
    this.#places = {
      type: "FeatureCollection",
      features: places.map(({ id, geometry, properties }) => ({
        type: "Feature",
        geometry,
        properties: { id, ...properties, mark: markName(properties, this.#parties), ...this.#weigh(properties) },
      })),
    }
    this.#map.getSource("places")?.setData(this.#places)
    if (places.length && !this.#marked) {
      this.#marked = true
      this.#map.once("idle", this.#onDrawn)
    }
  }

  /** Marks a place as the chosen one; none with null. */
  choose(id) {
    this.#chosen = id
    if (this.#map.getLayer("chosen")) this.#map.setFilter("chosen", ["==", ["get", "id"], id ?? ""])
  }

  /** Moves so that a point is in the middle, and near. */
  flyTo(point) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches
    this.#map[still ? "jumpTo" : "easeTo"]({ center: point, zoom: Math.max(this.#map.getZoom(), 9) })
  }

  /** `west,south,east,north` of what is in sight. */
  bounds() {
    const box = this.#map.getBounds()
    const within = (degrees, most) => Math.max(-most, Math.min(most, degrees)).toFixed(4)
    return [
      within(box.getWest(), 180),
      within(box.getSouth(), 90),
      within(box.getEast(), 180),
      within(box.getNorth(), 90),
    ].join(",")
  }

  /** Draws it all in another light, or with labels in another script. */
  restyle(looks) {
    this.#looks = looks
    this.#map.setStyle(mapStyle(looks), { diff: false })
  }

  /** Fits the map to its element after that has changed its size. */
  resize() {
    this.#map.resize()
  }

  remove() {
    this.#map.remove()
  }

  #where() {
    const { lng, lat } = this.#map.getCenter()
    return `${lng.toFixed(3)},${lat.toFixed(3)},${this.#map.getZoom().toFixed(2)}`
  }

  #point(cursor) {
    this.#map.getCanvas().style.cursor = cursor
  }

  async #pick({ point }, onPick) {
    const around = [
      [point.x - 6, point.y - 6],
      [point.x + 6, point.y + 6],
    ]
    const [found] = this.#map.queryRenderedFeatures(around, { layers: ["places", "clusters"] })
    if (!found) return
    if (!found.properties.cluster) return onPick(found.properties.id)
    const zoom = await this.#map.getSource("places").getClusterExpansionZoom(found.properties.cluster_id)
    this.#map.easeTo({ center: found.geometry.coordinates, zoom: Math.min(zoom + 0.2, 13) })
  }

  /** What a place adds to the ring of its cluster: one for its colour, none for the others. */
  #weigh({ status, holder }) {
    return { group: status === "held" ? this.#order().indexOf(holder) : status === "disputed" ? -2 : -1 }
  }

  #order() {
    return [...this.#parties.keys()]
  }

  #addPlaces() {
    const map = this.#map
    const count = (group) => ["+", ["case", ["==", ["get", "group"], group], 1, 0]]
    map.addSource("places", {
      type: "geojson",
      data: this.#places,
      cluster: true,
      clusterMaxZoom: CLUSTERS_TO_ZOOM,
      clusterRadius: 44,
      clusterProperties: {
        disputed: count(-2),
        ...Object.fromEntries(this.#order().map((_, index) => [`held${index}`, count(index)])),
      },
    })
    for (const layer of placeLayers(this.#order().length, this.#looks)) map.addLayer(layer)
    this.choose(this.#chosen)
  }

  /** Draws the picture of a mark, "disputed", or of one that is not certain yet, "disputed~", or of the ring of a
   * cluster, "ring=3/0/5": the eighths of it that are disputed, and that each party holds. */
  #draw(name) {
    const { dark } = this.#looks
    const drawn = name.startsWith("ring=")
      ? ringOf(this.#partsOf(name.slice(5).split("/").map(Number)), { dark })
      : pictureOf(this.#marks.get(name.replace(/~$/, "")), { dark, faint: name.endsWith("~") })
    this.#map.addImage(name, drawn.image, drawn.options)
  }

  #partsOf(eighths) {
    const { dark } = this.#looks
    const ink = (mark) => mark[dark ? "dark" : "light"]
    const colours = [this.#marks.get("disputed"), ...this.#parties.values()].map(ink)
    const parts = eighths.map((many, index) => ({ share: many / PARTS, colour: colours[index] }))
    const rest = 1 - parts.reduce((sum, { share }) => sum + share, 0)
    return rest > 0 ? [...parts, { share: rest, colour: dark ? "#4a545e" : "#c3cad1" }] : parts
  }
}

/** The layers of the places, from the lowest to the highest. */
function placeLayers(parties, { dark }) {
  const eighths = (name) => ["to-string", ["round", ["*", PARTS, ["/", ["get", name], ["get", "point_count"]]]]]
  const shares = Array.from({ length: parties }, (_, index) => ["/", eighths(`held${index}`)]).flat()
  const [ink, ground] = dark ? ["#f4f6f8", "#10151a"] : ["#1d232a", "#ffffff"]
  const halo = { "text-color": ink, "text-halo-color": ground, "text-halo-width": 1.6 }
  const mark = ["concat", ["get", "mark"], ["case", ["get", "certain"], "", "~"]]
  const loudness = ["match", ["get", "status"], "disputed", 4, "divided", 3, "unclear", 2, "held", 1, 0]
  return [
    {
      id: "clusters",
      type: "symbol",
      source: "places",
      filter: ["has", "point_count"],
      layout: {
        "icon-image": ["concat", "ring=", eighths("disputed"), ...shares],
        "icon-size": ["interpolate", ["linear"], ["get", "point_count"], 2, 0.75, 400, 1.25],
        "icon-allow-overlap": true,
        "text-field": ["get", "point_count_abbreviated"],
        "text-font": ["sans-serif"],
        "text-size": 12,
        "text-allow-overlap": true,
      },
      paint: { "text-color": ink },
    },
    {
      id: "places",
      type: "symbol",
      source: "places",
      filter: ["!", ["has", "point_count"]],
      layout: {
        "icon-image": mark,
        "icon-size": ["interpolate", ["linear"], ["zoom"], 4, 0.6, 10, 0.95],
        "icon-allow-overlap": true,
        "symbol-sort-key": loudness,
        "text-field": ["get", "name"],
        "text-font": ["sans-serif"],
        "text-size": 13,
        "text-optional": true,
        "text-variable-anchor": ["left", "right", "top", "bottom"],
        "text-radial-offset": 1.1,
        "text-justify": "auto",
      },
      paint: halo,
    },
    {
      id: "chosen",
      type: "circle",
      source: "places",
      filter: ["==", ["get", "id"], ""],
      paint: {
        "circle-radius": 14,
        "circle-color": "transparent",
        "circle-stroke-color": dark ? "#7ab8ff" : "#0b57d0",
        "circle-stroke-width": 2.5,
      },
    },
  ]
}
