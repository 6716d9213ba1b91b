// The language switch: a button for each language. Streamlit calls the default export at the first mount and
// whenever `data` has changed, so after each change of the language.

const YEAR = 365 * 24 * 3600 // seconds

export default function ({ data: [data], parentElement, setTriggerValue }) { // see mounting.py
  document.documentElement.lang = data.spoken
  if (data.cookie) remember(data.cookie, data.spoken)
  const group = parentElement.querySelector(".languages") ?? mount(parentElement, data)
  group.setAttribute("aria-label", data.label)
  for (const button of group.children) {
    button.setAttribute("aria-pressed", String(button.lang === data.spoken))
    button.onclick = () => button.lang !== data.spoken && setTriggerValue("chosen", button.lang)
  }
}

// The buttons stay: the one that was pressed keeps the keyboard's focus.
function mount(parent, { languages }) {
  const group = parent.appendChild(document.createElement("div"))
  group.className = "languages"
  group.setAttribute("role", "group")
  for (const { tag, name } of languages) {
    const button = group.appendChild(document.createElement("button"))
    Object.assign(button, { type: "button", lang: tag, textContent: name })
  }
  return group
}

function remember(name, tag) {
  const secure = location.protocol === "https:" ? "; secure" : ""
  document.cookie = `${name}=${tag}; path=/; max-age=${YEAR}; samesite=lax${secure}`
}
