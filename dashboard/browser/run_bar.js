// The run on the screen in one slim line: see run_bar.py.

const bars = new WeakMap() // Streamlit's element → the bar in it
const SVG = "http://www.w3.org/2000/svg"
const DASHES = { solid: "none", dash: "6 4", dot: "2 3", dashdot: "6 3 2 3", longdash: "10 4", longdashdot: "10 3 2 3" }

export default function (given) {
  const component = { ...given, data: given.data[0] } // see mounting.py
  const parent = component.parentElement
  const bar = bars.get(parent) ?? mount(parent)
  bar.component = component
  write(bar, component.data)
  hearOf(bar, component.data)
  return () => parent.isConnected || follow(parent, component.data.link, [])
}

function mount(parent) {
  const button = document.createElement("button")
  button.className = "run-bar"
  const chart = document.createElementNS(SVG, "svg")
  chart.setAttribute("viewBox", "0 0 1 1")
  chart.setAttribute("preserveAspectRatio", "none")
  chart.setAttribute("aria-hidden", "true")
  const ground = chart.appendChild(document.createElementNS(SVG, "line"))
  for (const [side, place] of Object.entries({ x1: 0, x2: 1, y1: 1, y2: 1 })) ground.setAttribute(side, place)
  const curve = chart.appendChild(document.createElementNS(SVG, "polyline"))
  const name = document.createElement("strong")
  const facts = document.createElement("span")
  button.append(chart, name, facts)
  parent.append(button)
  const bar = { parent, curve, name, facts }
  button.onclick = () => bar.component.setTriggerValue("opened", bar.component.data.run)
  bars.set(parent, bar)
  return bar
}

function write({ curve, name, facts }, data) {
  name.textContent = data.name
  tell(facts, data.facts)
  name.parentElement.title = data.leads
  curve.style.stroke = data.color
  curve.style.strokeDasharray = DASHES[data.dash]
}

function tell(facts, told) {
  facts.replaceChildren(...told.map((text) => Object.assign(document.createElement("span"), { textContent: text })))
}

function hearOf(bar, { run, moves, link }) {
  if (bar.run !== run) bar.curve.setAttribute("points", "")
  if (bar.run !== run || moves) bar.isWhole = false
  bar.run = run
  follow(bar.parent, link, bar.isWhole ? [] : [run], (now) => hear(bar, now))
}

function hear(bar, { told, points }) {
  if (!told?.bar) return
  tell(bar.facts, told.bar)
  bar.curve.setAttribute("points", line(points, told.epochs))
  bar.isWhole = !told.unfinished && (points.step?.at(-1) ?? 0) >= told.step // else its last points are on their way
  if (bar.isWhole) follow(bar.parent, bar.component.data.link, [])
}

// Accuracy over the run: what it reads right of what it trains on, from 0 to 1, as far as it came.
function line({ epoch = [], accuracy = [] }, epochs) {
  const places = epoch.map((now, place) => [now / epochs, accuracy[place]])
  return places.filter(([, right]) => right !== null).map(([x, right]) => `${x},${1 - right}`).join(" ")
}
