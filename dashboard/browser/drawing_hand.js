// The hand over the drawing pad, and the paper it writes on. It decides who draws (one pointer at a time, a pen
// before a palm), draws by keyboard, and passes on to the pad below only what that one hand does, as plain
// mouse events. So the pad never sees a touch that ends without a word, or two at once. What is seen is the
// paper: the pad's picture has one pixel for each of its own, the paper one for each of the screen's. Streamlit
// calls the default export at the first mount and whenever `data` has changed; what Python sends is described
// in drawing_hand.py.

const hands = new WeakMap() // Streamlit's element → the hand mounted in it
const SLOP = 4 // pixels: a touch that stays is a resting palm, or a dot when it is lifted
const PALM = 60 // pixels: fingers touch a narrower place
const PEN_NEAR = 1000 // milliseconds after a pen was seen in which touches are the hand that holds it
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

export default function ({ data: [data], parentElement }) { // see mounting.py
  const hand = hands.get(parentElement) ?? mount(parentElement, data)
  hand.data = data
  hand.layer.setAttribute("aria-label", data.label)
  hand.layer.setAttribute("aria-description", data.help)
  hand.hint.textContent = data.hint
  if (hand.order !== data.drawing.order) {
    hand.order = data.drawing.order
    hand.written = data.drawing.objects.map(({ path, strokeWidth }) => ({ path: path.flat().join(" "), width: strokeWidth }))
    paint(hand)
  }
}

function mount(parent, data) {
  const layer = parent.appendChild(document.createElement("div"))
  layer.className = "drawing-hand"
  layer.tabIndex = 0
  layer.setAttribute("role", "application")
  const paper = layer.appendChild(document.createElement("canvas"))
  const hint = layer.appendChild(document.createElement("div"))
  hint.className = "drawing-hint"
  const cursor = layer.appendChild(document.createElement("div"))
  cursor.className = "drawing-cursor"
  const said = parent.appendChild(document.createElement("div"))
  said.className = "drawing-said"
  said.setAttribute("role", "status")
  const hand = { data, layer, paper, hint, cursor, said, pointer: null, penSeen: -Infinity, at: [0.5, 0.5], drawing: false }
  Object.assign(hand, { written: [], line: null, order: null })
  listen(hand)
  new ResizeObserver(() => fit(hand)).observe(layer)
  hands.set(parent, hand)
  return hand
}

function listen(hand) {
  const { layer } = hand
  const on = (type, react) => layer.addEventListener(type, (event) => react(hand, event))
  on("pointerdown", down)
  on("pointermove", move)
  on("pointerup", up)
  on("pointercancel", cancel)
  on("keydown", key)
  on("blur", rest)
  // What the browser makes of pointers beside is not for the pad: it would be drawn twice.
  const native = ["mousedown", "mousemove", "mouseup", "touchstart", "touchmove", "touchend", "touchcancel"]
  for (const type of native) layer.addEventListener(type, (event) => event.stopPropagation())
}

function down(hand, event) {
  const { pointerId, pointerType, button, timeStamp } = event
  if (pointerType === "pen") hand.penSeen = timeStamp
  if (button !== 0 || rests(hand, event)) return
  if (hand.pointer) {
    if (pointerType !== "pen" || hand.pointer.type !== "touch") return
    release(hand) // the pen goes before the palm that lay there first
  }
  rest(hand)
  hand.layer.setPointerCapture(pointerId)
  hand.pointer = { id: pointerId, type: pointerType, last: place(event), began: false }
  if (pointerType !== "touch") begin(hand)
}

// Whether a touch is the hand that holds a pen.
function rests(hand, { pointerType, width, height, timeStamp }) {
  return pointerType === "touch" && (Math.max(width, height) > PALM || timeStamp - hand.penSeen < PEN_NEAR)
}

function move(hand, event) {
  if (event.pointerType === "pen") hand.penSeen = event.timeStamp // also while it hovers
  if (event.pointerId !== hand.pointer?.id) return
  const [x, y] = place(event)
  const { began, last } = hand.pointer
  if (!began && Math.hypot(x - last[0], y - last[1]) < SLOP) return
  begin(hand)
  hand.pointer.last = [x, y]
  pass(hand, "mousemove", [x, y])
}

function up(hand, event) {
  if (event.pointerId !== hand.pointer?.id) return
  begin(hand) // a touch that never moved is a dot
  hand.pointer.last = place(event)
  release(hand)
}

// The system took the touch away: what is drawn stays, and the next touch draws.
function cancel(hand, event) {
  if (event.pointerId === hand.pointer?.id) release(hand)
}

function begin(hand) {
  if (hand.pointer.began) return
  hand.pointer.began = true
  pass(hand, "mousedown", hand.pointer.last)
}

function release(hand) {
  const { began, last } = hand.pointer
  hand.pointer = null
  if (began) pass(hand, "mouseup", last)
}

function key(hand, event) {
  const step = STEPS[event.key]
  if (hand.pointer || !(step || event.key === " " || (event.key === "Escape" && hand.drawing))) return
  event.preventDefault()
  if (step) go(hand, step, event.shiftKey ? hand.data.small : hand.data.step)
  else if (hand.drawing) rest(hand)
  else {
    hand.drawing = true
    pass(hand, "mousedown", onScreen(hand))
  }
  show(hand)
}

function go(hand, [right, below], step) {
  const inside = (value) => Math.min(1, Math.max(0, value))
  hand.at = [inside(hand.at[0] + right * step), inside(hand.at[1] + below * step)]
  if (hand.drawing) pass(hand, "mousemove", onScreen(hand))
}

// Lift the keyboard's pen.
function rest(hand) {
  if (!hand.drawing) return
  hand.drawing = false
  pass(hand, "mouseup", onScreen(hand))
  show(hand)
}

function show(hand) {
  const [x, y] = hand.at
  hand.cursor.style.left = `${100 * x}%`
  hand.cursor.style.top = `${100 * y}%`
  hand.cursor.classList.toggle("drawing", hand.drawing)
  const words = hand.drawing ? hand.data.writing : hand.data.moving
  hand.said.textContent = words
    .replace("%column", Math.round(x * hand.data.places))
    .replace("%row", Math.round(y * hand.data.places))
}

function place({ clientX, clientY }) {
  return [clientX, clientY]
}

function onScreen({ layer, at: [x, y] }) {
  const { left, top, width, height } = layer.getBoundingClientRect()
  return [left + x * width, top + y * height]
}

function pass(hand, type, place) {
  write(hand, type, place)
  const [clientX, clientY] = place
  const inside = { bubbles: true, composed: true, cancelable: true, view: window, button: 0 }
  const buttons = type === "mouseup" ? 0 : 1
  pad(hand)?.dispatchEvent(new MouseEvent(type, { ...inside, buttons, clientX, clientY }))
}

// The paper as large as the screen shows it, in the screen's own pixels, and the pad below it as large.
function fit(hand) {
  const { layer, paper, data } = hand
  const side = layer.clientWidth
  if (!side) return
  paper.width = paper.height = Math.round(side * devicePixelRatio)
  layer.closest(".st-key-paper").style.setProperty("--pad-scale", side / data.side)
  for (const host of hosts(layer)) host.inert = true // nothing in it is for the keyboard
  paint(hand)
}

// The same on the paper as on the pad: a line through the places, rounded at each by a curve between the
// middles of its neighbours, as Fabric draws it.
function write(hand, type, [clientX, clientY]) {
  const { left, top, width } = hand.layer.getBoundingClientRect()
  const scale = hand.data.side / width
  const place = [(clientX - left) * scale, (clientY - top) * scale]
  if (type === "mousedown") hand.line = [place]
  else hand.line?.push(place)
  if (type === "mouseup" && hand.line) {
    hand.written.push({ path: smooth(hand.line), width: hand.data.pen })
    hand.line = null
  }
  paint(hand)
}

function smooth([first, ...others]) {
  const middle = (one, other) => [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2]
  let path = `M ${first.join(" ")}`
  let last = first
  for (const place of others) {
    path += ` Q ${last.join(" ")} ${middle(last, place).join(" ")}`
    last = place
  }
  return `${path} L ${last[0] + 0.01} ${last[1]}` // a line without length would leave no dot
}

function paint({ paper, hint, data, written, line }) {
  const pen = paper.getContext("2d")
  const scale = paper.width / data.side
  pen.setTransform(scale, 0, 0, scale, 0, 0)
  pen.clearRect(0, 0, data.side, data.side)
  pen.strokeStyle = getComputedStyle(paper).color
  pen.lineCap = pen.lineJoin = "round"
  for (const { path, width } of [...written, ...(line ? [{ path: smooth(line), width: data.pen }] : [])]) {
    pen.lineWidth = width
    pen.stroke(new Path2D(path))
  }
  hint.hidden = Boolean(written.length || line)
}

// Looked up each time: Streamlit may have mounted the pad anew.
function pad({ layer }) {
  const canvases = hosts(layer).map(({ shadowRoot }) => shadowRoot?.querySelector("canvas.upper-canvas"))
  return canvases.find(Boolean)
}

function hosts(layer) {
  return [...layer.closest(".st-key-paper").querySelectorAll('[data-testid="stBidiComponentIsolated"]')]
}
