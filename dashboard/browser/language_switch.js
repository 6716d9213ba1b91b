// The language switch: a button for each language. Streamlit calls the default export at the first mount and
// whenever `data` has changed, so after each change of the language.

const YEAR = 365 * 24 * 3600 // seconds

export default function ({ data: [data], parentElement, setTriggerValue }) { // see mounting.py
  document.documentElement.lang = data.spoken
  if (data.cookie) remember(data.cookie, data.spoken)
  const group = parentElement.querySelector(".languages") ?? parentElement.appendChild(document.createElement("div"))
  group.className = "languages"
  group.setAttribute("role", "group")
  group.setAttribute("aria-label", data.label)
  group.replaceChildren(...data.languages.map((language) => button(language, data.spoken, setTriggerValue)))
}

function button({ tag, name }, spoken, setTriggerValue) {
  const element = document.createElement("button")
  element.type = "button"
  element.lang = tag
  element.textContent = name
  element.setAttribute("aria-pressed", String(tag === spoken))
  element.onclick = () => tag !== spoken && setTriggerValue("chosen", tag)
  return element
}

function remember(name, tag) {
  const secure = location.protocol === "https:" ? "; secure" : ""
  document.cookie = `${name}=${tag}; path=/; max-age=${YEAR}; samesite=lax${secure}`
}
