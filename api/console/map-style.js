// The base map: land, water, borders and names, quiet enough that what is reported stands out.
// Contested lines are dashed wherever they lie, and no country is shaded: docs/basemap.md says why.

/** Each in light surroundings, and in dark ones. */
const COLOURS = {
  water: ["#d3dfe4", "#12181d"],
  land: ["#f5f3ee", "#1e2327"],
  coast: ["#b3c4cc", "#34424b"],
  river: ["#b9cdd6", "#2c3c46"],
  region: ["#d9d3c8", "#30363b"],
  border: ["#a39b8f", "#59616a"],
  contested: ["#9a7f72", "#8a7467"],
  dot: ["#8d867c", "#7b828a"],
  city: ["#4d4943", "#b9bfc5"],
  place: ["#8d8578", "#747b82"],
  country: ["#6f685e", "#8f969d"],
  sea: ["#7f98a5", "#56707e"],
}

// MapLibre draws glyphs with the fonts of the reader, as the style names no address of `glyphs`. It reads weight
// and slant out of the first name; the names after it are the families.
const REGULAR = ["Regular", "system-ui", "sans-serif"]
const MEDIUM = ["Medium", "system-ui", "sans-serif"]
const ITALIC = ["Italic", "system-ui", "sans-serif"]

const LANGUAGES = ["en", "uk", "ro"]
const RANK = ["get", "rank"] // the lower, the sooner it is shown

/** Where the files of the base map lie: beside this module. */
export const BASEMAP_URLS = Object.fromEntries(
  ["areas", "lines", "tributaries", "labels"].map((name) => [
    name,
    new URL(`basemap/${name}.geojson`, import.meta.url).href,
  ]),
)

/**
 * The style of the base map alone; the id of each of its layers and sources begins with `base-`.
 * @param {object} looks
 * @param {boolean} [looks.dark] for dark surroundings
 * @param {string} [looks.lang] the language of the names; English unless it is Ukrainian or Romanian
 * @param {Record<string, string>} [looks.urls] where the four files lie
 * @returns {import("maplibre-gl").StyleSpecification}
 */
export function mapStyle({ dark = false, lang = "en", urls = BASEMAP_URLS } = {}) {
  const colours = Object.fromEntries(Object.entries(COLOURS).map(([part, pair]) => [part, pair[dark ? 1 : 0]]))
  const name = ["get", LANGUAGES.find((language) => lang.startsWith(language)) ?? "en"]
  return {
    version: 8,
    sources: {
      "base-areas": source(urls.areas, "Natural Earth"),
      "base-lines": source(urls.lines),
      "base-tributaries": source(urls.tributaries, "GSHHG"),
      "base-labels": source(urls.labels),
    },
    layers: [
      { id: "base-water", type: "background", paint: { "background-color": colours.water } },
      ...ground(colours),
      ...borders(colours),
      ...waterNames(colours, name),
      ...placeNames(colours, name),
    ],
  }
}

function source(data, attribution) {
  return { type: "geojson", data, maxzoom: 10, ...(attribution && { attribution }) }
}

function ground(colours) {
  const area = (id, type, kind, paint) => ({ id, type, source: "base-areas", filter: is(kind), paint })
  return [
    // Under the land, so that only its outer half shows, and nothing of the cut at 180 degrees.
    area("base-coast", "line", "land", { "line-color": colours.coast, "line-width": 1.4 }),
    area("base-land", "fill", "land", { "fill-color": colours.land }),
    river("base-rivers", "base-lines", colours),
    river("base-tributaries", "base-tributaries", colours),
    area("base-lakes", "fill", "lake", { "fill-color": colours.water, "fill-outline-color": colours.coast }),
    area("base-drained", "line", "drained", {
      "line-color": colours.river,
      "line-width": 0.8,
      "line-dasharray": [2, 2],
    }),
  ]
}

function river(id, from, colours) {
  const wide = (first, others) => ["match", RANK, 1, first, others]
  return {
    id,
    type: "line",
    source: from,
    filter: ["all", is("river"), upTo(1, 5, 2)],
    layout: { "line-cap": "round", "line-join": "round" },
    paint: {
      "line-color": colours.river,
      "line-width": byZoom(4, wide(0.6, 0.3), 8, wide(1.8, 1.1), 12, wide(5, 3)),
    },
  }
}

function borders(colours) {
  const line = (id, filter, paint) => ({
    id,
    type: "line",
    source: "base-lines",
    filter,
    layout: { "line-join": "round" },
    paint,
  })
  const between = (status) => ["all", is("border"), ["==", ["get", "status"], status]]
  const width = byZoom(3, 0.6, 6, 1, 10, 1.8)
  return [
    {
      ...line("base-regions", is("region"), { "line-color": colours.region, "line-width": byZoom(5, 0.6, 9, 1.2) }),
      minzoom: 4.5,
    },
    line("base-borders", between("agreed"), { "line-color": colours.border, "line-width": width }),
    line("base-borders-contested", between("contested"), {
      "line-color": colours.contested,
      "line-width": width,
      "line-dasharray": [3, 2.5],
    }),
  ]
}

function waterNames(colours, name) {
  const along = (id, from) => ({
    id,
    type: "symbol",
    source: from,
    minzoom: 6.5,
    filter: ["all", is("river"), ["has", "en"]],
    layout: {
      "text-field": name,
      "text-font": ITALIC,
      "text-size": 11,
      "text-letter-spacing": 0.06,
      "text-max-angle": 45,
      "symbol-placement": "line",
      "symbol-spacing": 400,
    },
    paint: inked(colours.sea, colours.land),
  })
  return [
    along("base-label-rivers", "base-lines"),
    along("base-label-tributaries", "base-tributaries"),
    {
      ...label("base-label-seas", name, ["all", is("sea"), upTo(1, 4.5, 2)], {
        "text-font": ITALIC,
        "text-size": byZoom(3, 11, 7, 16),
        "text-letter-spacing": 0.12,
        "text-max-width": 6,
      }),
      paint: inked(colours.sea, colours.water),
    },
  ]
}

function placeNames(colours, name) {
  const cities = ["all", is("city"), upTo(1, 4.4, 2, 5.8, 3, 7, 4)]
  const sized = (first, second, third, fourth) => ["match", RANK, 1, first, 2, second, 3, third, fourth]
  return [
    {
      ...label("base-label-regions", name, is("region"), {
        "text-font": REGULAR,
        "text-size": 11,
        "text-letter-spacing": 0.08,
        "text-max-width": 7,
      }),
      minzoom: 6.2,
      maxzoom: 9.5,
      paint: inked(colours.place, colours.land),
    },
    {
      id: "base-city-dots",
      type: "circle",
      source: "base-labels",
      filter: cities,
      paint: {
        "circle-radius": sized(2.6, 2.2, 1.8, 1.8),
        "circle-color": colours.dot,
        "circle-stroke-color": colours.land,
        "circle-stroke-width": 1,
      },
    },
    {
      ...label("base-label-cities", name, cities, {
        "text-font": REGULAR,
        "text-size": byZoom(4, sized(12.5, 11.5, 10.5, 10.5), 8, sized(16, 14.5, 13, 11.5)),
        "text-variable-anchor": ["left", "right", "top", "bottom"],
        "text-radial-offset": 0.5,
        "text-justify": "auto",
      }),
      paint: inked(colours.city, colours.land),
    },
    {
      ...label("base-label-countries", name, ["all", is("country"), upTo(2, 3.5, 3)], {
        "text-font": MEDIUM,
        "text-size": byZoom(3, 10, 6, 14),
        "text-letter-spacing": 0.16,
        "text-transform": "uppercase",
        "text-max-width": 7,
      }),
      maxzoom: 7,
      paint: inked(colours.country, colours.land),
    },
  ]
}

function label(id, name, filter, layout) {
  return {
    id,
    type: "symbol",
    source: "base-labels",
    filter,
    layout: { "text-field": name, "text-padding": 4, "symbol-sort-key": RANK, ...layout },
  }
}

function inked(ink, halo) {
  return { "text-color": ink, "text-halo-color": halo, "text-halo-width": 1.4 }
}

function is(kind) {
  return ["==", ["get", "class"], kind]
}

/** What has a rank up to the first number, or up to the third from the zoom that the second says, and so on. */
function upTo(...steps) {
  return ["<=", RANK, ["step", ["zoom"], ...steps]]
}

/** A size that grows in between: zoom, size, zoom, size ... */
function byZoom(...stops) {
  return ["interpolate", ["exponential", 1.4], ["zoom"], ...stops]
}
