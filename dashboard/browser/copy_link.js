// A button that copies the address of what is on the screen. Streamlit calls the default export at the first
// mount and whenever `data` has changed.

const TOLD = 2500 // milliseconds for which it says so

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button") ?? mount(parentElement)
  button.title = data.label
  button.setAttribute("aria-label", data.label)
  button.onclick = () => copy(button, data)
}

function mount(parent) {
  const place = parent.appendChild(document.createElement("div"))
  place.className = "copy-link"
  place.innerHTML = `<span role="status"></span><button type="button"><svg viewBox="0 0 24 24" aria-hidden="true">
    <path d="M10 14a4.5 4.5 0 0 0 6.4 0l3-3a4.5 4.5 0 0 0-6.4-6.4l-1 1M14 10a4.5 4.5 0 0 0-6.4 0l-3 3a4.5 4.5 0 0 0 6.4 6.4l1-1"/>
  </svg></button>`
  return place.querySelector("button")
}

async function copy(button, { copied, failed }) {
  const status = button.previousElementSibling
  status.textContent = (await written(location.href)) ? copied : failed
  clearTimeout(button.timer)
  button.timer = setTimeout(() => (status.textContent = ""), TOLD)
}

// Browsers have their clipboard for scripts over HTTPS only; a class opens the lab by HTTP.
async function written(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const focused = document.activeElement
    const field = document.body.appendChild(document.createElement("textarea"))
    field.value = text
    field.select()
    const done = document.execCommand("copy")
    field.remove()
    focused?.focus()
    return done
  }
}
