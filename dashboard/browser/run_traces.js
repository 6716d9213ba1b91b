// Fills a figure's traces with what run_stream.js knows of runs. Python sends the figure without points; each
// trace that is to be filled says how in its `meta.live`, and an axis that follows what was measured in the
// `meta.live` of the layout. curve_charts.py, overlay_charts.py and strip_charts.py write them:
//
//   { how: "line", runs: [id], x, y, where }   every point at which y and `where` were measured
//   { how: "mean" | "band", runs, x, y }       over runs, at the epochs that all of them have reached; a mean
//                                              of several points too, where `smoothing` says of how many
//   { how: "across", runs, run, whole, unknown }   from 0 to where the axis of seconds ends
//   { how: "gradient", runs: [id], alike }     a heat map of all layers; `alike`: runs with one colour scale
//
// Nothing here knows a page, a node or a socket.

export const MOST_POINTS = 500 // of one trace: more than a screen shows
const ROUNDED = 1e-4 // powers of ten that a kept gradient may be off
const FAINTEST = 1e-20 // gradients below this are drawn as this: on a logarithmic axis there is no 0

/** Ids of the runs that the figure shows → whether their layers are shown too. */
export function watched({ data }) {
  const found = new Map()
  for (const { meta } of data) {
    const layers = meta?.live?.how === "gradient"
    for (const id of meta?.live?.alike ?? meta?.live?.runs ?? []) found.set(id, layers || found.get(id) || false)
  }
  return found
}

/** The figure with points. runs: id → what run_stream.js gave; those that are not known yet are left out. */
export function filled({ data, layout }, runs) {
  return { data: data.map((trace) => filledTrace(trace, runs)), layout: ranged(layout, runs) }
}

const WAYS = { line, mean, band, across, gradient }

function filledTrace(trace, runs) {
  const live = trace.meta?.live
  return live ? { ...trace, ...WAYS[live.how](live, runs, trace) } : trace
}

function line({ runs: [id], x, y, where = y }, runs) {
  const points = runs.get(id)?.points ?? {}
  const rows = thin(measured(points, y).filter((row) => points[where][row] !== null))
  return { x: rows.map((row) => points[x][row]), y: rows.map((row) => points[y][row]) }
}

function mean({ runs: ids, x, y, smoothing = 1 }, runs) {
  const found = together(ids, x, y, runs)
  const values = found.map(([, values]) => average(values))
  const smoothed = values.map((_, place) => average(values.slice(Math.max(0, place + 1 - smoothing), place + 1)))
  const rows = thin([...found.keys()])
  return { x: rows.map((row) => found[row][0]), y: rows.map((row) => smoothed[row]) }
}

const average = (values) => values.reduce((sum, value) => sum + value, 0) / values.length

function band({ runs: ids, x, y }, runs) {
  const found = thin(together(ids, x, y, runs))
  const back = [...found].reverse()
  return {
    x: [...found, ...back].map(([place]) => place),
    y: [...found.map(([, values]) => Math.max(...values)), ...back.map(([, values]) => Math.min(...values))],
  }
}

function across({ run, ...rule }, runs) {
  return { x: seconds(runs.get(run), rule) }
}

// [mean x, values of all runs] at each epoch where all of them have one, in order.
function together(ids, x, y, runs) {
  const found = new Map()
  for (const id of ids) {
    const points = runs.get(id)?.points ?? {}
    for (const row of measured(points, y)) {
      const epoch = points.epoch[row]
      if (!found.has(epoch)) found.set(epoch, { places: [], values: [] })
      found.get(epoch).places.push(points[x][row])
      found.get(epoch).values.push(points[y][row])
    }
  }
  const whole = [...found].filter(([, { values }]) => values.length === ids.length)
  whole.sort(([one], [other]) => one - other)
  return whole.map(([, { places, values }]) => [average(places), values])
}

function gradient({ runs: [id], alike }, runs, trace) {
  const { epoch, gradient: rows } = runs.get(id)?.layers ?? { epoch: [], gradient: [] }
  const columns = thin([...rows.keys()])
  const table = (read) => trace.y.map((_, layer) => columns.map((column) => read(rows[column][layer])))
  const [low, high] = decades(alike.flatMap((each) => runs.get(each)?.layers.gradient ?? []))
  const step = Math.max(1, Math.round((high - low) / 6))
  const ticks = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, number) => low + step * number)
  return {
    x: columns.map((column) => epoch[column]),
    z: table((value) => (value === null ? null : exponent(value))),
    customdata: table((value) => value),
    zmin: low,
    zmax: high,
    colorbar: { ...trace.colorbar, tickvals: ticks, ticktext: ticks.map((tick) => `10<sup>${tick}</sup>`) },
  }
}

// The whole powers of ten around all gradients.
function decades(rows) {
  let low = Infinity
  let high = -Infinity
  for (const row of rows) {
    for (const value of row) {
      if (value === null) continue
      low = Math.min(low, exponent(value))
      high = Math.max(high, exponent(value))
    }
  }
  return low > high ? [-6, 0] : [Math.floor(low + ROUNDED), Math.ceil(high + ROUNDED)]
}

const exponent = (value) => Math.log10(Math.max(value, FAINTEST))

function measured(points, name) {
  return [...(points[name] ?? []).keys()].filter((row) => points[name][row] !== null)
}

// At most MOST_POINTS of a list, evenly chosen, the last always among them.
function thin(list) {
  const every = Math.ceil(list.length / MOST_POINTS)
  return list.filter((_, place) => (list.length - 1 - place) % every === 0)
}

function ranged(layout, runs) {
  const changed = { ...layout }
  for (const { axis, how, run, ...rule } of layout.meta?.live ?? []) {
    const range = RANGES[how](runs.get(run), rule, runs)
    if (range) changed[axis] = { ...layout[axis], range }
  }
  return changed
}

const RANGES = { seconds, loss, accuracy, worst }

// From 0 to how long the whole run will have taken, to one digit; `unknown` before anything is.
function seconds(run, { whole, unknown }) {
  const now = run?.points.seconds?.at(-1)
  const step = run?.points.step?.at(-1)
  if (!step) return [0, unknown]
  return [0, run.told.unfinished ? Math.max(now, Number(((now * whole) / step).toPrecision(1))) : now]
}

// From 0 to above the fresh network's loss and that of guessing; close: to above the worst of later epochs.
function loss(run, { guess, close }) {
  const later = close ? afterFirstEpoch(run, "loss") : []
  if (later.length) return [0, 1.1 * Math.max(...later)]
  const fresh = (run?.points.val_loss ?? []).find((value) => value !== null) ?? guess
  return [0, 1.15 * Math.max(guess, fresh)]
}

// From 0 to 1; close: from a little below the worst of later epochs.
function accuracy(run, { close }) {
  const later = close ? afterFirstEpoch(run, "accuracy") : []
  return later.length ? [Math.max(0, 1 - 1.1 * (1 - Math.min(...later))), 1] : [0, 1]
}

// To where the worst of what several runs measured after the first epoch is in sight; `worst` of those that move
// no more. Undefined, so that the axis stays as it is, while there is none.
function worst(_, { measure, y, worst: known, runs: ids }, runs) {
  const values = known === null ? [] : [known]
  for (const id of ids) {
    const points = runs.get(id)?.points ?? {}
    values.push(...measured(points, y).filter((row) => points.epoch[row] >= 1).map((row) => points[y][row]))
  }
  if (!values.length) return undefined
  return measure === "loss" ? [0, 1.1 * Math.max(...values)] : [Math.max(0, 1 - 1.1 * (1 - Math.min(...values))), 1]
}

// Training means and validation figures from the end of the first epoch on.
function afterFirstEpoch(run, name) {
  const points = run?.points ?? {}
  const ends = measured(points, `val_${name}`).filter((row) => points.epoch[row] >= 1)
  const values = ends.flatMap((row) => [points[`epoch_${name}`][row], points[`val_${name}`][row]])
  return values.filter((value) => value !== null)
}
