// A bar and a line of words that say how far a run is, and go on by themselves: see run_line.py.
// The first of both comes from Python with the page; run_stream.js brings those that follow.

const lines = new WeakMap() // Streamlit's element → the line mounted in it

export default function (given) {
  const component = { ...given, data: given.data[0] } // see mounting.py
  const parent = component.parentElement
  const line = lines.get(parent) ?? mount(parent)
  if (line.given !== JSON.stringify(component.data)) {
    line.given = JSON.stringify(component.data)
    write(line, component.data)
  }
  const { run, link } = component.data
  follow(parent, link, [run], ({ told }) => told?.text !== undefined && write(line, told))
  return () => parent.isConnected || follow(parent, link, [])
}

function mount(parent) {
  const words = parent.querySelector("[data-words]")
  const bar = parent.querySelector("[role=progressbar]")
  const line = { words, bar }
  lines.set(parent, line)
  return line
}

function write({ words, bar }, { text, share }) {
  words.textContent = text
  bar.firstElementChild.style.width = `${100 * share}%`
  bar.setAttribute("aria-valuenow", Math.round(100 * share))
  bar.setAttribute("aria-label", text)
}
