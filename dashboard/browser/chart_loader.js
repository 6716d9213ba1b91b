// Streamlit sends a component's script with every change of its data: the chart's own, live_chart.js, is fetched
// once. Where it cannot be, that is said in words.

export default function (component) {
  const { data: [data], parentElement: parent } = component // see mounting.py
  const lost = parent.querySelector(".live-chart-lost")
  let leave
  const show = (chart) => {
    lost?.remove()
    if (parent.isConnected) leave = chart.default({ ...component, data, load })
  }
  load(data.module).then(show).catch((error) => {
    console.error(error)
    const words = lost ?? parent.appendChild(document.createElement("p"))
    Object.assign(words, { className: "live-chart-lost", role: "status", textContent: data.unavailable })
  })
  return () => leave?.()
}
