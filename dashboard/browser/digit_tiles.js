// Tiles of digits. Streamlit calls the default export at the first mount and whenever `data` has changed.

export default function ({ data, parentElement, setTriggerValue }) {
  const grid = parentElement.querySelector(".tiles") ?? parentElement.appendChild(document.createElement("div"))
  grid.className = data.oneRow ? "tiles one-row" : "tiles"
  grid.style.setProperty("--tile", `${data.size}px`)
  const click = data.clickable ? (place) => setTriggerValue("clicked", place) : null
  grid.replaceChildren(...data.tiles.map((tile, place) => element(tile, place, click)))
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
  if (click) tile.onclick = () => click(place)
  return tile
}
