// What the page is set to. All of it is in the address, so that a view can be sent, cited and gone back to.

/** Every setting with its default. Clocks that are null are now, or the moment of the log position. */
export const DEFAULTS = Object.freeze({
  valid_at: null, // a date, YYYY-MM-DD
  known_at: null, // a date
  log_position: null, // the recorded clock, exactly
  clock: "known", // which of the two is on the second slider: known, recorded
  place: null, // the id of a place
  open: null, // what lies on top of it: "development:ID", "claim:ID", "actor:ID", "disagreements", ...
  since: null, // what to compare with: a date of the known clock, or "@" and a log position
  at: null, // where the map is: "longitude,latitude,zoom"
  lang: null, // null: as the browser prefers
  theme: null, // null: as the system has it
})

const DATE = /^\d{4}-\d{2}-\d{2}$/
const ID = /^[a-z0-9][a-z0-9._-]{0,119}$/
const OPEN = /^[a-z-]+(:[a-z0-9][a-z0-9._-]{0,119})?$/

const isDate = (text) => DATE.test(text) && !Number.isNaN(Date.parse(text))
const isPosition = (text) => /^\d{1,18}$/.test(text)

const READ = {
  valid_at: (text) => (isDate(text) ? text : null),
  known_at: (text) => (isDate(text) ? text : null),
  log_position: (text) => (isPosition(text) ? Number(text) : null),
  clock: (text) => (text === "recorded" ? "recorded" : "known"),
  place: (text) => (ID.test(text) ? text : null),
  open: (text) => (OPEN.test(text) ? text : null),
  since: (text) => (isDate(text) || (text[0] === "@" && isPosition(text.slice(1))) ? text : null),
  at: (text) => (/^-?[\d.]+,-?[\d.]+,[\d.]+$/.test(text) ? text : null),
  lang: (text) => (/^[a-z]{2}$/.test(text) ? text : null),
  theme: (text) => (text === "dark" || text === "light" ? text : null),
}

/** The settings that an address holds; what it holds that makes no sense is as if it were not there. */
export function readSettings(search) {
  const given = new URLSearchParams(search)
  const read = Object.entries(READ).map(([name, reads]) => [name, given.has(name) ? reads(given.get(name)) : null])
  return Object.fromEntries(read.map(([name, value]) => [name, value ?? DEFAULTS[name]]))
}

/** The part of an address that holds the settings: "" or "?...". */
export function writeSettings(settings) {
  const told = Object.keys(DEFAULTS).filter((name) => settings[name] !== DEFAULTS[name] && settings[name] !== null)
  const text = new URLSearchParams(told.map((name) => [name, String(settings[name])])).toString()
  return text && `?${text.replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%40", "@")}`
}

/** The clocks of the settings, as parameters of a question. */
export const clocksOf = ({ valid_at, known_at, log_position }) => ({ valid_at, known_at, log_position })

/** Whether the view follows what is recorded: no log position is named. */
export const isLive = ({ log_position }) => log_position === null

/** What lies on top: `{what, id}`; `what` is null when nothing does. */
export function openedOf({ open }) {
  const [what = null, id = null] = open?.split(/:(.*)/s) ?? []
  return { what, id }
}
