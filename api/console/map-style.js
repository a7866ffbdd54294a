export function mapStyle({ dark }) {
  return {
    version: 8,
    sources: {},
    layers: [{ id: "base-ground", type: "background", paint: { "background-color": dark ? "#1a2128" : "#eef0ec" } }],
  }
}
