// One step back is one change. Streamlit switches pages by two entries in the browser's history: the page's
// bare address, and the one that the lab then writes, with the experiment in it. The second takes the first
// one's place here, as does what the lab makes of an address that was just opened.

let untouched = true // nobody has clicked or typed since the page came

export default function ({ parentElement }) {
  parentElement.closest(".stElementContainer")?.classList.add("lab-unseen")
  if (history.pushState.isOfTheLab) return
  for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, () => (untouched = false), true)
  const push = history.pushState.bind(history)
  history.pushState = (state, unused, url) => {
    const isSamePage = new URL(url, location.href).pathname === location.pathname
    if (isSamePage && untouched) history.replaceState(state, unused, url)
    else push(state, unused, url)
    untouched = !isSamePage
  }
  history.pushState.isOfTheLab = true
}
