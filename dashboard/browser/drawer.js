// Closes Streamlit's sidebar on a phone when something else was opened. Streamlit calls the default export at
// the first mount and whenever `data` has changed.

const PHONE = "(max-width: 767px)" // from here down the sidebar lies over the page

export default function ({ data, parentElement }) {
  parentElement.closest(".stElementContainer")?.classList.add("lab-unseen")
  const memory = document.documentElement.dataset // outlives this element, which another page makes anew
  const before = memory.labOpened
  memory.labOpened = data.opened
  const other = before !== undefined && before !== data.opened
  if (other && matchMedia(PHONE).matches) requestAnimationFrame(close)
}

function close() {
  const sidebar = document.querySelector('[data-testid="stSidebar"]:not([data-collapsed="true"])')
  sidebar?.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click()
}
