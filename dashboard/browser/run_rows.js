// Runs in a table whose rows go on by themselves: see run_rows.py.

const tables = new WeakMap() // Streamlit's element → the table in it

export default function (given) {
  const component = { ...given, data: given.data[0] } // see mounting.py
  const parent = component.parentElement
  const table = tables.get(parent) ?? mount(parent)
  table.component = component
  write(table, component.data)
  const { rows, waiting, link } = component.data
  const moving = rows.filter((row) => row.moves).map((row) => row.id)
  follow(parent, link, [...moving, ...waiting], (run, id) => hear(table, id, run))
  return () => parent.isConnected || follow(parent, link, [])
}

function mount(parent) {
  const element = parent.appendChild(document.createElement("table"))
  element.className = "run-rows"
  const table = { head: element.createTHead(), body: element.createTBody(), rows: new Map() }
  tables.set(parent, table)
  return table
}

function write(table, { titles, rows, chosen, waiting }) {
  const given = JSON.stringify([titles, rows, chosen, waiting])
  if (table.given === given) return
  table.given = given
  table.waiting = new Set(waiting)
  const head = document.createElement("tr")
  head.append(...titles.map(title))
  table.head.replaceChildren(head)
  const [focused] = [...table.rows].find(([, row]) => row.contains(document.activeElement)) ?? []
  table.rows = new Map(rows.map((row) => [row.id, rowOf(table, row, row.id === chosen)]))
  table.body.replaceChildren(...table.rows.values())
  table.rows.get(focused)?.querySelector("button").focus({ preventScroll: true }) // it may just have opened its run
}

function title(text) {
  const cell = document.createElement("th")
  cell.scope = "col"
  cell.textContent = text
  return cell
}

function rowOf(table, { id, mark, name, cells }, isChosen) {
  const row = document.createElement("tr")
  if (isChosen) row.setAttribute("aria-current", "true")
  const button = document.createElement("button")
  const line = Object.assign(document.createElement("span"), { className: "swatch" })
  line.style.background = mark
  button.append(line, name)
  button.onclick = () => table.component.setTriggerValue("opened", id)
  row.insertCell().append(button)
  for (const text of cells) row.insertCell().textContent = text
  return row
}

function hear(table, id, { told }) {
  if (!told?.cells) return
  const [, ...cells] = table.rows.get(id)?.cells ?? []
  cells.forEach((cell, place) => (cell.textContent = told.cells[place]))
  if (told.status === "waiting" || !table.waiting.delete(id) || table.waiting.size) return
  table.component.setTriggerValue("moved", id) // nothing is left to cancel
}
