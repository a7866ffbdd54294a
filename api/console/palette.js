// Marks and colours. They take no side: parties get them in the order of their ids, none of the colours is
// of a flag, and each has a shape besides, for those who do not tell colours apart.

/** By Okabe and Ito's palette for all sorts of colour blindness, darkened for light ground where needed. */
const HELD = Object.freeze([
  { light: "#0f7b5f", dark: "#3fc39c", shape: "circle" },
  { light: "#8a3f7d", dark: "#d78fc8", shape: "square" },
  { light: "#9a6400", dark: "#e0a52e", shape: "triangle" },
  { light: "#2b6f9e", dark: "#67b6e6", shape: "pentagon" },
])
const OTHERS = Object.freeze({
  disputed: { light: "#1d232a", dark: "#f4f6f8", shape: "diamond" },
  divided: { light: "#5d6873", dark: "#aab4be", shape: "half" },
  unclear: { light: "#5d6873", dark: "#aab4be", shape: "dot" },
  unknown: { light: "#8b959f", dark: "#78838d", shape: "ring" },
})

/** The mark of each party by id, in the order of the ids: `{light, dark, shape}`. */
export function markParties(actors) {
  const parties = [...actors.values()].filter(({ kind }) => kind === "party").map(({ id }) => id)
  return new Map(parties.sort().map((id, index) => [id, HELD[index % HELD.length]]))
}

/** The mark of a place: by whoever holds it, or by its status. */
export const markOf = ({ status, holder }, parties) =>
  (status === "held" && parties.get(holder)) || OTHERS[status] || OTHERS.unknown

/** The colour of a party, on light or dark ground. */
export const partyColour = (parties, id, dark) => (parties.get(id) ?? OTHERS.divided)[dark ? "dark" : "light"]

/** Every mark that a map may need: `[name, mark]`. */
export const allMarks = (parties) => [
  ...[...parties].map(([id, mark]) => [`held:${id}`, mark]),
  ...Object.entries(OTHERS),
]

/** The name of the mark of a place. */
export const markName = ({ status, holder }, parties) =>
  status === "held" ? (parties.has(holder) ? `held:${holder}` : "unclear") : status in OTHERS ? status : "unknown"
