// Reruns its part of the page when a run is no longer what the page was drawn from: see run_watch.py.

const watches = new WeakMap() // Streamlit's element → what is watched from there
const PAUSE = 1000 // milliseconds between two reruns

export default function (given) {
  const component = { ...given, data: given.data[0] } // see mounting.py
  const parent = component.parentElement
  const watch = watches.get(parent) ?? { stops: new Map(), last: 0 }
  watches.set(parent, watch)
  watch.component = component
  parent.closest("[data-testid=stElementContainer]").style.display = "none" // it takes no room
  follow(watch, component.data).catch(console.error)
  return () => {
    if (parent.isConnected) return
    clearTimeout(watch.timer)
    for (const stop of watch.stops.values()) stop()
  }
}

async function follow(watch, { link, runs }) {
  const { watch: begin } = await import(new URL(link.stream, location.href).href)
  if (watch.component.data.runs !== runs) return // overtaken
  for (const [id, stop] of watch.stops) {
    if (id in runs) continue
    stop()
    watch.stops.delete(id)
  }
  for (const id of Object.keys(runs)) {
    if (!watch.stops.has(id)) watch.stops.set(id, begin(link.socket, id, (run) => look(watch, id, run)))
  }
}

function look(watch, id, { told }) {
  const { runs, at } = watch.component.data
  if (!told || !(id in runs) || watch.timer) return
  if (runs[id].stage === told.stage && runs[id][at] === told[at]) return
  const pause = Math.max(0, watch.last + PAUSE - Date.now())
  watch.timer = setTimeout(() => {
    watch.timer = undefined
    watch.last = Date.now()
    watch.component.setTriggerValue("moved", id)
  }, pause)
}
