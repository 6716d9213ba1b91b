// How a run fares: a large figure and a verdict, which go on by themselves while it trains. See run_fare.py.

const fares = new WeakMap() // Streamlit's element → what is shown in it
const PAUSE = 1000 // milliseconds until the same verdict may ask for its buttons again

export default function (given) {
  const component = { ...given, data: given.data[0] } // see mounting.py
  const parent = component.parentElement
  const fare = fares.get(parent) ?? mount(parent)
  fare.component = component
  write(fare, component.data.told)
  const { run, moves, link } = component.data
  follow(parent, link, moves ? [run] : [], (now) => hear(fare, now))
  return () => {
    if (parent.isConnected) return
    clearTimeout(fare.timer)
    follow(parent, link, [])
  }
}

function mount(parent) {
  const box = parent.appendChild(element("div", "run-fare"))
  const figure = box.appendChild(element("div", "figure"))
  const lines = ["figure", "when", "wrong", "best"].map((name) => [name, figure.appendChild(element("p"))])
  const words = box.appendChild(element("p", "words"))
  words.setAttribute("aria-live", "polite")
  const fare = { figure, lines: Object.fromEntries(lines), words }
  fares.set(parent, fare)
  return fare
}

function element(tag, kind = "") {
  const made = document.createElement(tag)
  made.className = kind
  return made
}

function write(fare, told) {
  const { best, ahead, behind } = fare.component.data
  const isMeasured = told.accuracy !== null
  fare.figure.hidden = !isMeasured
  for (const name of ["figure", "when", "wrong"]) fare.lines[name].textContent = told[name]
  fare.lines.best.textContent = best === null ? "" : told.accuracy >= best ? ahead : behind
  fare.words.className = told.is_trouble ? "words trouble" : "words"
  if (fare.said === told.words) return // or a reader of the screen would say it again
  fare.said = told.words
  fare.words.replaceChildren(...told.words.split("**").map(face))
}

// Every second part stood between two **.
function face(text, place) {
  if (place % 2 === 0) return document.createTextNode(text)
  const strong = element("strong")
  strong.textContent = text
  return strong
}

function hear(fare, { told }) {
  const { data } = fare.component
  if (!told?.fare || told.epoch < data.epoch) return // the page has read more than was pushed so far
  write(fare, told.fare)
  if (told.fare.code === data.told.code || fare.timer) return
  fare.timer = setTimeout(() => (fare.timer = undefined), PAUSE)
  fare.component.setTriggerValue("moved", told.fare.code) // its buttons are others
}
