// Days, instants and windows: what is counted, and how it is written. Days are days in UTC, as in the API.
import { language, t } from "./texts.js"

const DAY_MS = 86_400_000

/** Today, YYYY-MM-DD. */
export const today = () => new Date().toISOString().slice(0, 10)

/** The number of a day, for sliders and scales. */
export const dayNumber = (date) => Math.floor(Date.parse(date) / DAY_MS)

/** The day with that number. */
export const dayOf = (number) => new Date(number * DAY_MS).toISOString().slice(0, 10)

const formats = new Map()

function format(options) {
  // Days before months, also in English: readers are anywhere.
  const tag = language() === "en" ? "en-GB" : language()
  const key = tag + JSON.stringify(options)
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(tag, { timeZone: "UTC", ...options }))
  return formats.get(key)
}

/** A day, such as 13 December 2025; `short`: 13 Dec 2025. */
export const writeDay = (date, { short = false } = {}) =>
  format({ day: "numeric", month: short ? "short" : "long", year: "numeric" }).format(new Date(date))

/** An instant: its day, and its time where it is not midnight. */
export function writeInstant(instant, options) {
  const date = new Date(instant)
  if (date.getTime() % DAY_MS === 0) return writeDay(date, options)
  const time = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(date)
  return `${writeDay(date, options)}, ${time} UTC`
}

const TICKS = Object.freeze({
  day: { day: "numeric", month: "short" },
  month: { month: "short" },
  year: { year: "numeric" },
})

/** What stands at a tick of an axis: a day, a month or a year. */
export const writeTick = (at, unit) => format(TICKS[unit]).format(new Date(at))

/** The last instant of a window is not part of it: the day it ends on is the one before. */
const lastDay = (latest) => new Date(Date.parse(latest) - 1)

const wholeMonth = (from, last) =>
  from.getUTCDate() === 1 &&
  from.getUTCMonth() === last.getUTCMonth() &&
  from.getUTCFullYear() === last.getUTCFullYear() &&
  new Date(last.getTime() + 1).getUTCDate() === 1

/** A window as the API tells it, `{edtf, earliest, latest}`, in words: one day, a month, or from when to when.
 * What is approximate says so. */
export function writeWindow({ edtf, earliest, latest }, options) {
  const about = /[~?%]/.test(edtf ?? "")
  if (!earliest && !latest) return edtf ?? t("dates.unknown")
  if (!latest) return t("dates.since", { from: writeInstant(earliest, options) })
  if (!earliest) return t("dates.until", { to: writeDay(lastDay(latest), options) })
  const [from, last] = [new Date(earliest), lastDay(latest)]
  const days = (Date.parse(latest) - from.getTime()) / DAY_MS
  if (about && !edtf.includes("/")) return t("dates.about", { when: writeEdtf(edtf, options) ?? writeDay(from, options) })
  if (days <= 1) return writeInstant(earliest, options)
  if (wholeMonth(from, last)) return format({ month: "long", year: "numeric" }).format(from)
  return t(about ? "dates.about_span" : "dates.span", { from: writeDay(from, options), to: writeDay(last, options) })
}

/** What an EDTF of a day, a month or a year with a qualifier names, before it was widened; null for others. */
function writeEdtf(edtf, options) {
  const [, year, month, day] = edtf.match(/^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?[~?%]$/) ?? []
  if (!year || Number(month) > 12) return null
  if (day) return writeDay(`${year}-${month}-${day}`, options)
  return month ? format({ month: "long", year: "numeric" }).format(new Date(`${year}-${month}`)) : year
}
