/** A session of a front end, written against the types that are generated from the OpenAPI document. */
import createClient from "openapi-fetch"
import type { components, paths } from "./palimpsest.js"

declare const process: { argv: string[] }
type Schemas = components["schemas"]

const [address, key] = process.argv.slice(2) as [string, string]
// Of the formats that an address has, these are what a client gets that asks for none.
type Formats = "application/json" | "application/problem+json"
const api = createClient<paths, Formats>({ baseUrl: address, headers: { Authorization: `Bearer ${key}` } })

/** The answer, or the problem as an error. */
function held<T>({ data, error }: { data?: T; error?: Schemas["Problem"] }): T {
  if (data === undefined) throw new Error(error?.detail)
  return data
}

/** The claim that a development answers; the compiler knows which kinds do. */
function answered(development: Schemas["Development"]): string | null {
  switch (development.kind) {
    case "claim-denied":
    case "claim-confirmed":
    case "claim-repeated":
    case "claim-renounced":
      return development.claim
    default:
      return null
  }
}

const clocks = { valid_at: "2025-12-13", known_at: "2025-12-13" }
const here = { location_id: "kupiansk" }

const places = held(await api.GET("/v1/locations", { params: { query: clocks } }))
const state = held(await api.GET("/v1/locations/{location_id}", { params: { path: here, query: clocks } }))
const timeline = held(
  await api.GET("/v1/locations/{location_id}/timeline", { params: { path: here, query: clocks } }),
)
const claim = held(
  await api.GET("/v1/claims/{claim_id}", { params: { path: { claim_id: "kupiansk-claimed" }, query: clocks } }),
)

const denial: Schemas["ClaimDeniedWritten"] = {
  id: "denied-in-typescript",
  kind: "claim-denied",
  at: "kupiansk",
  by: "ukraine",
  claim: "kupiansk-claimed",
  reported: "2025-12-14",
}
const written = held(await api.POST("/v1/developments", { body: denial }))
const readBack = held(
  await api.GET("/v1/developments/{development_id}", {
    params: { path: { development_id: written.id }, query: { min_log_position: written.log_position } },
  }),
)

const refused = await api.POST("/v1/developments", { body: { ...denial, summary: "Other words." } })
if (refused.error === undefined) throw new Error("Other content under the same id was taken.")

console.log(
  JSON.stringify({
    places: places.items.map((place) => place.id),
    status: state.status,
    shares: state.positions.map(({ voice, shares }) => [voice, shares["russia"]?.min ?? null]),
    told: timeline.items.map((development) => development.kind),
    outcome: claim.outcome.value,
    receipt: written.status,
    read: [readBack.kind, answered(readBack), readBack.recorded_by],
    problem: [refused.error.type, refused.error.differences?.map((difference) => difference.path)],
  }),
)
