// Tiles of digits. Streamlit calls the default export at the first mount and whenever `data` has changed.

export default function ({ data: [data], parentElement, setTriggerValue }) { // see mounting.py
  const grid = parentElement.querySelector(".tiles") ?? parentElement.appendChild(document.createElement("div"))
  grid.className = ["tiles", data.oneRow && "one-row", !data.seen && "ink"].filter(Boolean).join(" ")
  grid.style.setProperty("--tile", `${data.size}px`)
  const click = data.clickable ? (place) => setTriggerValue("clicked", place) : null
  const focused = [...grid.children].indexOf(grid.getRootNode().activeElement)
  grid.replaceChildren(...data.tiles.map((tile, place) => element(tile, place, click)))
  if (!click) return
  grid.onkeydown = step
  grid.firstChild?.setAttribute("tabindex", 0)
  if (focused >= 0) go(grid.firstChild, grid.children[Math.min(focused, data.tiles.length - 1)])
}

// One stop for the keyboard, and arrows within: sixty tiles would be sixty stops.
function step(event) {
  const to = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key]
  const tiles = [...event.currentTarget.children]
  const next = tiles[tiles.indexOf(event.target) + to]
  if (!next) return
  event.preventDefault()
  go(event.target, next)
}

function go(from, to) {
  from.tabIndex = -1
  to.tabIndex = 0
  to.focus()
}

function element({ picture, caption, note }, place, click) {
  const tile = document.createElement(click ? "button" : "div")
  tile.className = "tile"
  const image = document.createElement("img")
  image.src = picture
  image.alt = ""
  const small = document.createElement("small")
  small.textContent = note
  tile.append(image, caption, small)
  if (click) {
    tile.onclick = () => click(place)
    tile.tabIndex = -1
  }
  return tile
}
