// Closes Streamlit's sidebar on a phone when another page has come. Streamlit calls the default export at the
// first mount and whenever `data` has changed, so only for a new page or after a reload.

const PHONE = "(max-width: 767px)" // from here down the sidebar lies over the page
const seen = new WeakMap() // Streamlit's element → the address that was on the screen last

export default function ({ data, parentElement }) {
  parentElement.closest(".stElementContainer")?.classList.add("lab-unseen")
  if (seen.get(parentElement) === data.address) return
  seen.set(parentElement, data.address)
  if (matchMedia(PHONE).matches) requestAnimationFrame(close)
}

function close() {
  const sidebar = document.querySelector('[data-testid="stSidebar"]:not([data-collapsed="true"])')
  sidebar?.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click()
}
