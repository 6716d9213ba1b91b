// Ten bars, made once and then only set to their new length: the style sheet lets them slide. Streamlit calls
// the default export at the first mount and whenever `data` has changed; see answer_bars.py for what it holds.

const charts = new WeakMap() // Streamlit's element → its bars

export default function ({ data: [data], parentElement }) { // see mounting.py
  const chart = charts.get(parentElement) ?? mount(parentElement)
  chart.node.setAttribute("aria-label", data.alt)
  if (chart.status.textContent !== data.said) chart.status.textContent = data.said // or it would be said again
  chart.node.classList.toggle("upright", data.upright || matchMedia("(max-width: 500px)").matches)
  chart.rows.forEach((row, digit) => {
    row.classList.toggle("best", digit === data.best)
    row.style.setProperty("--share", data.shares[digit])
    row.lastChild.textContent = data.texts[digit]
  })
}

function mount(parent) {
  const node = parent.appendChild(document.createElement("div"))
  node.className = "bars"
  node.setAttribute("role", "img")
  const rows = Array.from({ length: 10 }, (_, digit) => node.appendChild(bar(digit)))
  const status = parent.appendChild(document.createElement("p"))
  status.className = "said"
  status.setAttribute("role", "status")
  const chart = { node, rows, status }
  charts.set(parent, chart)
  return chart
}

function bar(digit) {
  const row = document.createElement("div")
  row.className = "bar"
  for (const name of ["digit", "track", "share"]) row.appendChild(document.createElement("span")).className = name
  row.firstChild.textContent = digit
  return row
}
