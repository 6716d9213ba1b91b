// Tiles of digits. Streamlit calls the default export at the first mount and whenever `data` has changed.

export default function ({ data: [data], parentElement, setTriggerValue }) { // see mounting.py
  const grid = parentElement.querySelector(".tiles") ?? parentElement.appendChild(document.createElement("div"))
  grid.className = ["tiles", data.oneRow && "one-row", !data.seen && "ink"].filter(Boolean).join(" ")
  grid.style.setProperty("--tile", `${data.size}px`)
  const click = data.clickable ? (place) => setTriggerValue("clicked", place) : null
  grid.replaceChildren(...data.tiles.map((tile, place) => element(tile, place, click)))
  if (click) grid.onkeydown = step
}

// One stop for the keyboard, and arrows within: sixty tiles would be sixty stops.
function step(event) {
  const to = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key]
  const tiles = [...event.currentTarget.children]
  const next = tiles[tiles.indexOf(event.target) + to]
  if (!next) return
  event.preventDefault()
  event.target.tabIndex = -1
  next.tabIndex = 0
  next.focus()
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
    tile.tabIndex = place ? -1 : 0
  }
  return tile
}
