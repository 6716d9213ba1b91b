// Places the panels of a figure and writes each line's name at its end, so that no legend is needed.
// Python says what the panels are called, `layout.meta.panels`, and of each line its name, `meta.label`, and
// colour: see overlay_charts.py. Panels stand side by side where there is room, else one below the other.
//
// Nothing here knows a page or a node.

const LEFT = 52 // pixels for the numbers beside a panel
const TOP = 40
const BOTTOM = 52
const BETWEEN = 92 // from one panel to the one below it: numbers, title of the axis, title of the panel
const NARROWEST = 230 // of a panel that stands beside another one
const LOW = 240 // of a panel that stands above another one
const LINE = 17 // from one name to the next
const TO_NAME = 24 // from the end of a line to its name
const WIDEST = 0.4 // share of the width that names may take
const ASIDE = 0.015 // share of the axis that is left free beside the lines, for their markers

/** `layout` with the panels placed and the names written, and the height that this takes.
    width, height: pixels there are. measure: text → how many pixels wide it is. ground: colour behind names. */
export function arranged({ data, layout }, { width, height }, measure, ground) {
  const titles = layout.meta.panels
  const panels = titles.map((_, place) => linesOf(data, place ? String(place + 1) : ""))
  const most = Math.min(WIDEST * width, Math.max(0, ...panels.flat().map(({ name }) => measure(name))))
  const right = most ? Math.ceil(most) + TO_NAME + 4 : 12
  const tall = LINE * Math.max(0, ...panels.map((lines) => lines.length))
  const places = placed(titles.length, { width, height, right, tall })
  const changed = { ...layout, margin: { l: LEFT, r: right, t: TOP, b: BOTTOM }, annotations: [] }
  const furthest = Math.max(0, ...panels.flat().flatMap(({ x }) => x)) || 1
  for (const [place, box] of places.boxes.entries()) {
    const axis = place ? String(place + 1) : ""
    changed[`xaxis${axis}`] = { range: [-ASIDE * furthest, (1 + ASIDE) * furthest], ...layout[`xaxis${axis}`], domain: box.across }
    changed[`yaxis${axis}`] = { ...ranged(layout[`yaxis${axis}`], panels[place]), domain: box.upward }
    changed.annotations.push(title(titles[place], box))
    const names = named(panels[place], axis, changed[`yaxis${axis}`], box, (name) => fitting(name, most, measure))
    changed.annotations.push(...names.map((name) => ({ ...name, bgcolor: ground })))
  }
  return { layout: changed, height: places.height }
}

// The lines of a panel that have a name: where they end, and all places, which the axes must hold.
function linesOf(data, axis) {
  return data
    .filter((trace) => trace.meta?.label && (trace.yaxis ?? "y") === `y${axis}`)
    .map((trace) => ({ name: trace.meta.label, color: trace.meta.color, x: numbers(trace.x), y: numbers(trace.y) }))
}

function placed(count, { width, height, right, tall }) {
  const beside = (width - count * (LEFT + right)) / count
  const down = beside < NARROWEST && count > 1
  const share = { across: width - LEFT - right, upward: 0 }
  const panel = down ? Math.max(LOW, tall) : Math.max(height - TOP - BOTTOM, tall)
  share.upward = down ? count * panel + (count - 1) * BETWEEN : panel
  const boxes = Array.from({ length: count }, (_, place) => {
    const left = down ? 0 : place * (beside + right + LEFT)
    const top = down ? place * (panel + BETWEEN) : 0
    const size = { width: down ? share.across : beside, height: panel }
    const across = [left / share.across, (left + size.width) / share.across]
    const upward = [1 - (top + panel) / share.upward, 1 - top / share.upward]
    return { ...size, across: across.map(within), upward: upward.map(within) }
  })
  return { boxes, height: share.upward + TOP + BOTTOM }
}

const within = (share) => Math.min(1, Math.max(0, share))

function title(text, { across, upward }) {
  const place = { xref: "paper", yref: "paper", x: across[0], y: upward[1], xanchor: "left", yanchor: "bottom" }
  return { ...place, text, yshift: 8, showarrow: false, font: { size: 16 } }
}

// The axis with its range in numbers, which decide where the names stand.
function ranged(axis, lines) {
  if (axis.range) return axis
  const values = lines.flatMap(({ y }) => y)
  if (axis.type !== "log") return { ...axis, range: [0, 1.06 * Math.max(0, ...values) || 1] }
  const exponents = values.filter((value) => value > 0).map(Math.log10)
  if (!exponents.length) return { ...axis, range: [-1, 0] }
  const [low, high] = [Math.min(...exponents), Math.max(...exponents)]
  const aside = 0.05 * (high - low || 1)
  return { ...axis, range: [low - aside, high + aside] }
}

function named(lines, axis, y, box, fit) {
  const ends = lines.filter((line) => line.y.length).map((line) => end(line, y, box))
  ends.sort((one, other) => one.top - other.top)
  const tops = spread(ends.map(({ top }) => top), LINE, box.height)
  return ends.map(({ at, top, name, color }, place) => ({
    xref: `x${axis}`,
    yref: `y${axis}`,
    ...at,
    ax: TO_NAME,
    ay: tops[place] - top,
    text: escaped(fit(name)),
    xanchor: "left",
    yanchor: "middle",
    align: "left",
    font: { size: 13 },
    arrowhead: 0,
    arrowwidth: 1.5,
    arrowcolor: color,
    standoff: 5,
    captureevents: false,
  }))
}

// Where a line ends: at its last point, or at the edge of the panel where that lies outside.
function end({ name, color, x: across, y: upward }, axis, { height }) {
  const [low, high] = axis.range
  const last = axis.type === "log" ? Math.log10(Math.max(upward.at(-1), 1e-30)) : upward.at(-1)
  const value = Math.min(high, Math.max(low, last))
  return { name, color, at: { x: across.at(-1), y: value }, top: ((high - value) / (high - low)) * height }
}

/** Places as near as can be, in the sense of least squares, to those wanted, and at least `gap` apart.
    wanted: in ascending order; from 0 to `length`. Pooled where neighbours would overlap (isotonic regression). */
export function spread(wanted, gap, length) {
  const blocks = []
  for (const [place, value] of wanted.entries()) {
    blocks.push({ sum: value - place * gap, count: 1 })
    while (blocks.length > 1 && mean(blocks.at(-2)) > mean(blocks.at(-1))) {
      const last = blocks.pop()
      blocks.at(-1).sum += last.sum
      blocks.at(-1).count += last.count
    }
  }
  const room = Math.max(0, length - (wanted.length - 1) * gap)
  const starts = blocks.flatMap((block) => Array(block.count).fill(Math.min(room, Math.max(0, mean(block)))))
  return starts.map((start, place) => start + place * gap)
}

const mean = ({ sum, count }) => sum / count

// The name, or as much of it as there is room for.
function fitting(name, room, measure) {
  if (measure(name) <= room) return name
  let kept = name
  while (kept && measure(`${kept}…`) > room) kept = kept.slice(0, -1)
  return `${kept.trimEnd()}…`
}

const escaped = (text) => text.replace(/[&<>{}$]/g, (sign) => `&#${sign.charCodeAt(0)};`)

// Points are lists, or NumPy's as Plotly writes them down: the bytes of their numbers.
function numbers(values) {
  if (Array.isArray(values)) return values
  const bytes = Uint8Array.from(atob(values.bdata), (letter) => letter.charCodeAt(0))
  const Kind = { f4: Float32Array, f8: Float64Array, i4: Int32Array, i2: Int16Array, i1: Int8Array }[values.dtype]
  return [...new Kind(bytes.buffer)]
}
