// What runs do while they train, as the lab's server tells it: one WebSocket a tab, however many parts of a
// page watch, and however many runs.
//
// How a part of a page uses it (Python gives its component `link()` of run_stream.py as `data.link`):
//
//   const { follow } = await load(data.link.stream) // `load` of fetching.js, whose own `follow` does this, too
//   follow(node, data.link.socket, ["a run's id", ...], (run, id) => { ... })
//
// The node hears of these runs, and of no others, whenever something is new, and at once of what is known
// already. The same call again changes nothing; with another socket, so in another language, all is told anew.
// Once the node has left the page, the same call lets go of all. A fifth argument says for each id which of
// { layers: true, answers: true } is wanted, too. The listener gets
//
//   run.told     null until the server has answered; then, in the reader's language where it is a text:
//                { gone: true } for a run that there is not, else
//                { status, stage, text, share, step, epoch, epochs, seconds, unfinished, answered }
//                text: "Epoch 3 of 10 · …", what Train says of it; share: 0 to 1, how much of it is done;
//                epoch: whole ones done; stage: changes whenever a page that shows the run must be drawn anew;
//                answered: whether any of its points has answers to the witnesses.
//   run.points   columns of equal length: { step: [...], epoch: [...], seconds: [...], loss: [...], ... }; null
//                where nothing was measured. Empty until the first point came: {}.
//   run.layers   { step: [...], epoch: [...], gradient: [[...], ...] }: of every layer, per weight; only where
//                somebody asked for layers.
//   run.answers  { step: [...], epoch: [...], answers: ["...", ...] }: to the witnesses, at points that have any,
//                as core/dataset/witnesses.py writes them, in base 64; only where somebody asked for answers.
//
// A tab that is hidden closes its socket; when it is looked at again, or when the line was lost, it goes on
// from the last step it knows. What nobody watches any more is given up after a moment, which spans the change
// from one page to the next; the last one closes the socket.

const MOMENT = 1500 // milliseconds
const FIRST_WAIT = 500 // milliseconds until a lost line is tried again; twice as long each time
const LONGEST_WAIT = 20000

const runs = new Map() // id → what is known of it, and who listens
let address // of the socket
let socket
let wait = FIRST_WAIT
let again // timer of the next attempt
let asking // whether the list of runs is about to be sent

const parts = new WeakMap() // node → the socket it was told, and of each run it follows what lets go of it

export function follow(node, where, ids, listener, more = () => ({})) {
  const part = parts.get(node) ?? { stops: new Map() }
  parts.set(node, part)
  const wanted = new Set(node.isConnected ? ids : [])
  for (const [id, stop] of part.stops) {
    if (wanted.has(id)) continue
    stop()
    part.stops.delete(id)
  }
  // Only a part that was drawn anew knows better than the others where the socket is.
  if (wanted.size && part.where !== where) moveTo((part.where = where))
  for (const id of wanted) {
    if (!part.stops.has(id)) part.stops.set(id, watch(id, (run) => listener(run, id), more(id)))
  }
}

function watch(id, listener, { layers = false, answers = false }) {
  if (!runs.has(id)) runs.set(id, unknown())
  const run = runs.get(id)
  const entry = { listener, layers, answers }
  run.listeners.add(entry)
  if (run.told) queueMicrotask(() => run.listeners.has(entry) && listener(run))
  ask()
  return () => {
    run.listeners.delete(entry)
    setTimeout(ask, MOMENT)
  }
}

function unknown() {
  const layers = { step: [], epoch: [], gradient: [] }
  const answers = { step: [], epoch: [], answers: [] }
  return { told: null, points: {}, layers, answers, listeners: new Set() }
}

// Another language, or another server's path: what was told is told anew.
function moveTo(where) {
  if (where === address) return
  address = where
  for (const [id, run] of runs) runs.set(id, { ...run, told: null }) // who holds the old one goes on with it
  socket?.close()
}

// Tell the server which runs are watched, and of each the last step that is known.
function ask() {
  if (asking) return
  asking = true
  queueMicrotask(() => {
    asking = false
    for (const [id, run] of runs) if (!run.listeners.size) runs.delete(id)
    if (!runs.size || document.hidden) socket?.close()
    else if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ watch: wanted() }))
    else connect()
  })
}

function wanted() {
  return Object.fromEntries(
    [...runs].map(([id, run]) => {
      const asked = { after: run.points.step?.at(-1) ?? -1 }
      for (const table of ["layers", "answers"]) {
        if ([...run.listeners].some((entry) => entry[table])) asked[table] = run[table].step.at(-1) ?? -1
      }
      return [id, asked]
    }),
  )
}

function connect() {
  if (socket) return // it is on its way, and asks when it is there
  clearTimeout(again)
  const url = new URL(address, location.href)
  url.protocol = url.protocol.replace("http", "ws")
  const line = (socket = new WebSocket(url))
  line.onopen = ask
  line.onmessage = (event) => {
    wait = FIRST_WAIT
    take(JSON.parse(event.data))
  }
  line.onclose = () => {
    socket = undefined
    if (!runs.size || document.hidden) return
    again = setTimeout(connect, wait * (0.5 + Math.random())) // a class does not come back in one moment
    wait = Math.min(2 * wait, LONGEST_WAIT)
  }
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(again)
  wait = FIRST_WAIT
  if (runs.size || socket) ask()
})

function take(message) {
  for (const [id, news] of Object.entries(message)) {
    const run = runs.get(id)
    if (!run) continue
    for (const name of ["points", "layers", "answers"]) {
      if ("from" in news) cut(run[name], news.from)
      if (news[name]) append(run[name], news[name])
    }
    if (news.told) run.told = news.told
    for (const { listener } of [...run.listeners]) listener(run)
  }
}

// A worker died, and the run went back to where it was last saved.
function cut(table, step) {
  const keep = (table.step ?? []).filter((each) => each <= step).length
  for (const column of Object.values(table)) column.length = keep
}

function append(table, news) {
  const last = table.step?.at(-1) ?? -1
  const first = news.step.findIndex((step) => step > last)
  if (first < 0) return
  for (const [name, values] of Object.entries(news)) (table[name] ??= []).push(...values.slice(first))
}
