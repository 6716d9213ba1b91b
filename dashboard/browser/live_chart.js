// One Plotly chart in one DOM node that is updated in place.
// Streamlit calls the default export at the first mount, whenever `data` has changed, and whenever the
// viewer changes the theme. What Python sends is described in live_chart.py.

const charts = new WeakMap() // Streamlit's element → the chart mounted in it
let library // promise of plotly.js, one per browser tab
const NARROW = 560 // pixels: two panels side by side would be squeezed
const TALLER = 1.6
const UPPER = [0.58, 1] // shares of the height that two panels take, one below the other
const LOWER = [0, 0.42]
const pen = document.createElement("canvas").getContext("2d") // measures texts, reads colours

export default function (component) {
  const chart = charts.get(component.parentElement) ?? mount(component.parentElement)
  chart.component = component
  chart.node.style.height ||= `${component.data.height}px`
  chart.node.classList.toggle("clickable", component.data.clickable)
  chart.node.setAttribute("role", "figure") // not "img": its buttons are for the keyboard, too
  chart.node.setAttribute("aria-label", component.data.alt)
  describe(chart, component.data)
  draw(chart)
  return () => unmount(chart)
}

// What the chart shows, in numbers: read out with its name, and found by whoever goes through the page by ear.
function describe({ node, words }, { told, filename }) {
  words.textContent = told
  words.id = `told-${filename}`
  node.setAttribute("aria-describedby", words.id)
}

function mount(parent) {
  const node = document.createElement("div")
  node.className = "live-chart"
  node.style.overflow = "hidden"
  const words = document.createElement("p")
  words.className = "live-chart-told"
  parent.append(node, words)
  const chart = { node, words, drawn: null, runs: new Map(), told: 0 }
  chart.observer = new ResizeObserver(() => draw(chart))
  chart.observer.observe(node)
  charts.set(parent, chart)
  return chart
}

// Streamlit also runs the clean-up of a call that a newer one has overtaken: then the chart stays.
function unmount(chart) {
  if (chart.node.isConnected) return
  chart.observer.disconnect()
  chart.leave?.()
  if (chart.drawn) window.Plotly.purge(chart.node)
}

// Runs that move: their points do not come with the figure but from run_stream.js, and run_traces.js fills
// them in. What the figure does not show any more is not followed any more.
function follow(chart, { stream, traces }) {
  const { link, figure } = chart.component.data
  const wanted = traces.watched(figure)
  const more = (id) => ({ layers: wanted.get(id) })
  stream.follow(chart.node, link.socket, wanted.keys(), (run, id) => takeOver(chart, run, id), more)
  for (const id of chart.runs.keys()) if (!wanted.has(id)) chart.runs.delete(id)
  chart.fill = (shown) => traces.filled(shown, chart.runs)
  chart.leave = () => stream.follow(chart.node, link.socket, [])
}

// Several runs' news come in one message: they are drawn together.
function takeOver(chart, run, id) {
  chart.runs.set(id, run)
  chart.told += 1
  chart.frame ??= requestAnimationFrame(() => {
    chart.frame = undefined
    if (chart.node.isConnected) draw(chart)
  })
}

async function draw(chart) {
  const { load, data } = chart.component
  try {
    const modules = await loadAll(data, load)
    if (chart.component.data !== data) return // a newer call draws
    if (data.link) follow(chart, modules)
    drawNow(chart, modules)
  } catch (error) {
    console.error(error)
    if (chart.drawn) window.Plotly.purge(chart.node)
    chart.drawn = null
    chart.node.textContent = data.unavailable
    chart.node.setAttribute("role", "status")
  }
}

// `load` is that of fetching.js.
async function loadAll({ library, link, labels }, load) {
  const wanted = [link && load(link.stream), link && load(link.traces), labels && load(labels)]
  const [stream, traces, names] = await Promise.all([...wanted, loadLibrary(library)])
  return { stream, traces, names }
}

function loadLibrary(address) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = address
    script.onload = resolve
    script.onerror = () => {
      library = undefined // the next update tries again
      script.remove()
      reject(new Error(`${address} could not be loaded`))
    }
    document.head.append(script)
  })
  return library
}

function drawNow(chart, { names }) {
  const { node, component } = chart
  const style = getComputedStyle(node)
  const read = (name) => style.getPropertyValue(`--st-${name}`).trim()
  const template = themed(read)
  const state = JSON.stringify([component.data.figure, component.data.height, node.clientWidth, template, chart.told])
  if (!node.clientWidth || state === chart.drawn) return
  if (!chart.drawn) node.replaceChildren() // words that an earlier attempt may have left
  const figure = structuredClone(component.data.figure) // Plotly writes into what it is given
  const { data, layout } = chart.fill ? chart.fill(figure) : figure
  const width = node.clientWidth
  const placed = names
    ? names.arranged({ data, layout }, { width, height: component.data.height }, widthOf(read("font")), ground(read))
    : fitted(layout, width, component.data.height)
  node.style.height = `${placed.height}px`
  node.classList.toggle("own-height", placed.height !== component.data.height)
  const size = { width, height: placed.height }
  window.Plotly.react(node, data, { ...placed.layout, ...size, template }, configuration(chart))
  if (!chart.drawn) node.on("plotly_click", (event) => report(chart, event.points[0]))
  chart.drawn = state
}

function widthOf(font) {
  pen.font = `13px ${font}`
  return (text) => pen.measureText(text).width
}

// Behind a name that stands among lines.
function ground(read) {
  return faded(read("background-color"), 0.8)
}

function fitted(layout, width, height) {
  const ratio = layout.meta?.ratio // of a picture's height to its width
  if (ratio) return { layout, height: Math.min(height, Math.ceil(ratio * width)) }
  const stacks = width < NARROW && isSideBySide(layout)
  return stacks ? { layout: stacked(layout), height: height * TALLER } : { layout, height }
}

function isSideBySide({ xaxis, xaxis2, yaxis2, xaxis3 }) {
  return Boolean(xaxis2?.domain && yaxis2 && !xaxis3 && xaxis.domain?.[1] < xaxis2.domain[0])
}

// The same two panels, one below the other, each with its title.
function stacked(layout) {
  const titles = layout.annotations?.map((title, place) => ({ ...title, x: 0.5, y: [UPPER, LOWER][place]?.[1] ?? title.y }))
  return {
    ...layout,
    xaxis: { ...layout.xaxis, domain: [0, 1] },
    xaxis2: { ...layout.xaxis2, domain: [0, 1] },
    yaxis: { ...layout.yaxis, domain: UPPER },
    yaxis2: { ...layout.yaxis2, domain: LOWER },
    annotations: titles,
    legend: { ...layout.legend, y: -0.12 },
  }
}

// A cell of a heat map has a row and a column, a point of a curve only its place. The moment tells a second
// click on the same place from the first.
function report({ component }, { curveNumber: curve, pointNumber }) {
  const [row, column] = Array.isArray(pointNumber) ? pointNumber : [pointNumber, pointNumber]
  if (component.data.clickable) component.setStateValue("clicked", { curve, row, column, at: Date.now() })
}

// Made once per wording: Plotly draws everything anew when it is handed another configuration.
function configuration(chart) {
  const { words, language } = chart.component.data
  const wording = JSON.stringify([language, words])
  if (chart.wording === wording) return chart.configuration
  const download = {
    name: "download",
    title: words["Download plot as a PNG"],
    icon: window.Plotly.Icons.camera,
    click: () => savePicture(chart),
  }
  chart.wording = wording
  chart.configuration = {
    displaylogo: false,
    modeBarButtons: [["resetScale2d", download]],
    locale: language,
    locales: { [language]: { dictionary: words } },
  }
  return chart.configuration
}

// With the page's background: light text on a transparent picture cannot be read in a report.
function savePicture({ node, component }) {
  const background = getComputedStyle(node).getPropertyValue("--st-background-color")
  const layout = { ...node.layout, paper_bgcolor: background }
  const { width, height } = node.layout
  const filename = component.data.filename
  window.Plotly.downloadImage({ data: node.data, layout }, { format: "png", scale: 2, width, height, filename })
}

// Streamlit's theme as a Plotly template: defaults only, so whatever a figure sets itself wins.
function themed(read) {
  const text = read("text-color")
  const quiet = faded(text, 0.75)
  const grid = faded(text, 0.12)
  const axis = {
    color: quiet,
    gridcolor: grid,
    linecolor: faded(text, 0.4),
    zerolinecolor: faded(text, 0.25),
    title: { font: { color: quiet, size: 14 } },
  }
  const colorbar = { outlinewidth: 0, tickfont: { color: quiet }, title: { font: { color: quiet, size: 14 } } }
  const layout = {
    autosize: false,
    colorway: read("chart-categorical-colors").split(","),
    coloraxis: { colorbar },
    dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom", // a finger scrolls the page
    font: { family: read("font"), size: 14, color: text },
    hoverlabel: {
      bgcolor: read("secondary-background-color"),
      bordercolor: grid,
      font: { family: read("font"), color: text },
    },
    legend: { bgcolor: "transparent" },
    margin: { l: 60, r: 16, t: 40, b: 48 },
    modebar: { bgcolor: "transparent", color: faded(text, 0.5), activecolor: text },
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    title: { font: { size: 16, weight: 600 }, x: 0, xanchor: "left", xref: "paper" },
    xaxis: axis,
    yaxis: axis,
  }
  return { layout, data: { heatmap: [{ colorbar }] } }
}

// The canvas turns every CSS colour that is opaque into #rrggbb; a translucent one stays as it is.
function faded(color, opacity) {
  pen.fillStyle = color
  const alpha = Math.round(opacity * 255).toString(16).padStart(2, "0")
  return pen.fillStyle.startsWith("#") ? pen.fillStyle + alpha : pen.fillStyle
}
