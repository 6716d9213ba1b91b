// Digits with a network's answers as they come, and a slider back in time: see witness_tiles.py.
// run_stream.js brings the answers to every recorded point; moving the slider asks nobody.

const views = new WeakMap() // Streamlit's element → what is mounted in it

export default function (given) {
  const component = { ...given, data: given.data[0] } // see mounting.py
  const { data, parentElement } = component
  const view = views.get(parentElement) ?? mount(parentElement)
  view.words = data.words
  if (view.pictures !== data.pictures) hang(view, data)
  view.slider.setAttribute("aria-label", data.words.time)
  if (view.run !== data.run) Object.assign(view, { run: data.run, known: undefined, back: null })
  show(view)
  const take = (known) => {
    view.known = known
    show(view)
  }
  follow(parentElement, data.link, [data.run], take, () => ({ answers: true })).then((isThere) => {
    view.isLost = !isThere
    show(view)
  })
  return () => parentElement.isConnected || follow(parentElement, data.link, [])
}

function mount(parent) {
  const root = parent.appendChild(element("div", "witnesses"))
  const view = { root, tiles: [], back: null }
  view.grid = root.appendChild(element("ul", "grid"))
  view.when = root.appendChild(element("div", "when"))
  view.slider = root.appendChild(element("input", "slider"))
  view.slider.type = "range"
  view.slider.oninput = () => {
    const { value, max } = view.slider
    view.back = value === max ? null : Number(value) // at its end it goes on with the run
    show(view)
  }
  views.set(parent, view)
  return view
}

// The pictures lie side by side in one.
function hang(view, { pictures, digits }) {
  view.pictures = pictures
  view.root.style.setProperty("--pictures", `url(${pictures})`)
  view.root.style.setProperty("--count", digits.length)
  view.tiles = digits.map((digit, place) => {
    const node = element("li", "tile")
    const picture = node.appendChild(element("div", "picture"))
    picture.setAttribute("role", "img")
    picture.style.setProperty("--place", place)
    const told = node.appendChild(element("div", "told"))
    told.setAttribute("aria-hidden", "true") // the picture's name tells it in words
    const [sign, answer, share] = ["sign", "answer", "share"].map((name) => told.appendChild(element("span", name)))
    node.appendChild(element("div", "track"))
    return { node, digit, picture, sign, answer, share }
  })
  view.grid.replaceChildren(...view.tiles.map(({ node }) => node))
}

function show(view) {
  const { words, known, root, slider, when } = view
  const count = known?.answers.step.length ?? 0
  const hasNone = !count && known?.points.step?.length > 0 && known.told.answered === false
  root.classList.toggle("without", hasNone)
  slider.disabled = count < 2
  slider.max = Math.max(0, count - 1)
  if (!count) {
    for (const tile of view.tiles) clear(tile, words)
    when.textContent = view.isLost ? words.unavailable : hasNone ? words.none : words.waiting
    return
  }
  const place = Math.min(view.back ?? count - 1, count - 1)
  slider.value = place
  when.textContent = tell(view, place, ask(view, place))
  slider.setAttribute("aria-valuetext", when.textContent)
}

// Shows what was answered at one of the points; how many of it were right.
function ask({ tiles, known, words }, place) {
  const kept = Uint8Array.from(atob(known.answers.answers[place]), (character) => character.charCodeAt(0))
  const count = kept.length / 3
  tiles.forEach((tile, each) => write(tile, kept[each], kept[count + each], kept[2 * count + each], words))
  return tiles.filter(({ digit }, each) => digit === kept[each]).length
}

function tell({ tiles, known, words }, place, right) {
  const [epoch, last] = [place, known.answers.epoch.length - 1].map((each) => Number(known.answers.epoch[each].toFixed(2)))
  return filled(epoch === last ? words.now : words.then, { epoch, last, right, count: tiles.length })
}

function write({ node, digit, picture, sign, answer, share }, answered, sure, truth, words) {
  const right = answered === digit
  node.className = right ? "tile right" : "tile wrong"
  node.style.setProperty("--share", sure / 100)
  sign.textContent = right ? "✓" : "✗"
  answer.textContent = answered
  share.textContent = percent(sure, words)
  picture.dataset.digit = digit
  const numbers = { digit, answer: answered, share: percent(sure, words), truth: percent(truth, words) }
  name(picture, filled(right ? words.right : words.wrong, numbers))
}

function clear({ node, digit, picture, sign, answer, share }, words) {
  node.className = "tile"
  node.style.setProperty("--share", 0)
  sign.textContent = share.textContent = ""
  answer.textContent = "–"
  name(picture, filled(words.unread, { digit }))
}

function name(picture, text) {
  picture.title = text
  picture.setAttribute("aria-label", text)
}

// A softmax is never quite certain.
function percent(share, words) {
  const number = share > 99 ? "> 99" : share < 1 ? "< 1" : share
  return filled(words.percent, { number })
}

function filled(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name])
}

function element(kind, name) {
  const node = document.createElement(kind)
  node.className = name
  return node
}
