// The shapes of marks, once as paths: drawn into pictures for the map, and as SVG beside words.
import { html } from "./ui.js"

const SIDE = 24
const SCALE = 2 // pictures are drawn for screens of twice the density

/** Within a square of 24: what is filled, and what is only drawn along. */
const SHAPES = Object.freeze({
  circle: { fill: "M12 4a8 8 0 1 0 .01 0z" },
  square: { fill: "M5 5h14v14H5z" },
  triangle: { fill: "M12 3.5 21 19.5H3z" },
  pentagon: { fill: "M12 3.5 20.6 9.8 17.3 20H6.7L3.4 9.8z" },
  diamond: { fill: "M12 1 23 12 12 23V16.5L16.5 12 12 7.5z", line: "M12 1 23 12 12 23 1 12z" },
  half: { fill: "M12 4.5a7.5 7.5 0 0 1 0 15z", line: "M12 4.5a7.5 7.5 0 1 0 .01 0z" },
  dot: { fill: "M12 9a3 3 0 1 0 .01 0z", line: "M12 4.5a7.5 7.5 0 1 0 .01 0z" },
  ring: { line: "M12 8a4 4 0 1 0 .01 0z" },
})

/** A mark as SVG, beside a word that says what it means. `faint`: not certain yet. */
export const Symbol = ({ mark, faint = false, dark = false }) => {
  const { fill, line } = SHAPES[mark.shape]
  const colour = dark ? mark.dark : mark.light
  return html`<svg class="symbol" viewBox="0 0 ${SIDE} ${SIDE}" aria-hidden="true" opacity=${faint ? 0.55 : 1}>
    ${fill && html`<path d=${fill} fill=${colour} />`}
    ${line && html`<path d=${line} fill="none" stroke=${colour} stroke-width="2.5" />`}
  </svg>`
}

/** A mark as a picture for the map, on ground of the other lightness so that it stands out anywhere. */
export function pictureOf(mark, { dark, faint = false }) {
  const { canvas, context } = blank(SIDE)
  const { fill, line } = SHAPES[mark.shape]
  const [colour, ground] = dark ? [mark.dark, "#10151a"] : [mark.light, "#ffffff"]
  const outline = new Path2D(line ?? fill)
  context.lineJoin = "round"
  context.fillStyle = context.strokeStyle = ground
  context.lineWidth = 5
  context.stroke(outline)
  context.fill(outline)
  context.globalAlpha = faint ? 0.55 : 1
  context.fillStyle = context.strokeStyle = colour
  context.lineWidth = 2.5
  if (faint) context.setLineDash([3, 2])
  if (fill) context.fill(new Path2D(fill))
  if (line || faint) context.stroke(outline)
  return picture(canvas, context)
}

/** A ring for a cluster, as a picture: each part `{share, colour}` takes its share of it. */
export function ringOf(parts, { dark, side = 44 }) {
  const { canvas, context } = blank(side)
  const middle = side / 2
  context.fillStyle = dark ? "#171d23" : "#ffffff"
  context.beginPath()
  context.arc(middle, middle, middle - 1, 0, 2 * Math.PI)
  context.fill()
  context.lineWidth = 6
  let from = -Math.PI / 2
  for (const { share, colour } of parts) {
    const to = from + share * 2 * Math.PI
    context.beginPath()
    context.arc(middle, middle, middle - 5, from, to)
    context.strokeStyle = colour
    context.stroke()
    from = to
  }
  return picture(canvas, context)
}

function blank(side) {
  const canvas = document.createElement("canvas")
  canvas.width = canvas.height = side * SCALE
  const context = canvas.getContext("2d")
  context.scale(SCALE, SCALE)
  return { canvas, context }
}

const picture = (canvas, context) => ({
  image: context.getImageData(0, 0, canvas.width, canvas.height),
  options: { pixelRatio: SCALE },
})
