// Reruns its part of the page when a run is no longer what the page was drawn from: see run_watch.py.

const watches = new WeakMap() // Streamlit's element → what is watched from there
const PAUSE = 1000 // milliseconds between two reruns

export default function (given) {
  const component = { ...given, data: given.data[0] } // see mounting.py
  const parent = component.parentElement
  const watch = watches.get(parent) ?? { last: 0 }
  watches.set(parent, watch)
  watch.component = component
  parent.closest("[data-testid=stElementContainer]").style.display = "none" // it takes no room
  const { runs, link } = component.data
  follow(parent, link, Object.keys(runs), (run, id) => look(watch, id, run))
  return () => {
    if (parent.isConnected) return
    clearTimeout(watch.timer)
    follow(parent, link, [])
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
