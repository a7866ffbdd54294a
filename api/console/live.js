// The log as it grows (Server-Sent Events), read by fetch because an EventSource cannot send a key.
import { addressOf, send } from "./ask.js"

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000

/** The events in the text of an event stream, as it comes: `{id, data}`; the standard's line ends, all of them. */
export async function* readEvents(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ""
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n")
      rest = blocks.pop()
      for (const block of blocks) {
        const event = readEvent(block)
        if (event.data) yield event
      }
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}

function readEvent(block) {
  const lines = block.split("\n").map((line) => line.match(/^(\w+): ?(.*)$/)).filter(Boolean)
  const of = (name) => lines.filter(([, field]) => field === name).map(([, , value]) => value)
  return { id: of("id").at(-1) ?? null, data: of("data").join("\n") }
}

/** Calls `told` with every event after a log position, and `connected` with true or false as it comes and goes.
 * It goes on where it broke off, until `signal` ends it. */
export async function followLog(after, { told, connected, signal }) {
  let last = after
  let wait = FIRST_WAIT_MS
  while (!signal.aborted) {
    try {
      const response = await send(addressOf("v1/events/stream", { after: last }), { signal })
      connected(true)
      wait = FIRST_WAIT_MS
      for await (const { id, data } of readEvents(response.body)) {
        last = Number(id)
        told(JSON.parse(data))
      }
    } catch {
      // Refused, cut off, or ended by the signal: the loop says which.
    }
    if (signal.aborted) return
    connected(false)
    await new Promise((resolve) => setTimeout(resolve, wait))
    wait = Math.min(2 * wait, LONGEST_WAIT_MS)
  }
}
