// Rows of a scene → picture. Each mark is told by lightness and by a sign, never by colour alone.
import { h } from "./patch.js"

const FILLS = ["#ffffff", "#e8f1fe", "#c5d7fb", "#7096f8", "#0017c1", "#000060"]
const INKS = ["#1a1a1a", "#1a1a1a", "#1a1a1a", "#000000", "#ffffff", "#ffffff"]
const LINES = { 5: "#000060", 4: "#0017c1", 3: "#4d4d4d", 2: "#3460fb", 1: "#1a1a1a" }
const DASHES = { 5: null, 4: "22 10", 3: "6 10", 2: "30 8 6 8", 1: "2 6" }
const EDGE = "#4d4d4d"

export function chartView(chart, covered, map) {
  const views = { bars: barsView, tiles: tilesView, steps: stepsView }
  if (covered && chart.kind !== "tiles") return h("p", { class: "waiting" }, "まだ隠れています")
  return chart.kind === "map" ? mapView(chart, map) : views[chart.kind](chart, covered)
}

export function legendView(chart) {
  return h("ul", { class: "legend", "aria-label": "凡例" }, chart.legend.map(mark =>
    h("li", { key: mark.label },
      h("span", { class: `chip ${look(mark)}`, style: paint(mark.shade), "aria-hidden": "true" }, mark.sign),
      mark.label)))
}

// Known, published only, planned: told by the pattern where there is no colour.
function look(mark) {
  return mark.hatched ? "hatched" : mark.dashed ? "dashed" : ""
}

function paint(shade) {
  return `background-color:${FILLS[shade]};color:${INKS[shade]}`
}

// One bar: parts one after the other, hollow where nothing is known.
export function barView(chart, item) {
  const values = item.values.map(value => value ?? 0)
  const total = values.reduce((sum, value) => sum + value, 0)
  const unknown = item.values.every(value => value === null)
  const end = Math.max(chart.limit ?? 0, total, 1)
  const parts = chart.legend.map((mark, i) => {
    const width = values[i] / end * 100
    return h("span", { key: mark.label, class: `part ${look(mark)}`, hidden: !values[i], style: `width:${width.toFixed(3)}%;${paint(mark.shade)}` },
      h("span", {}, words(mark, values[i], chart.unit, width)))
  })
  return h("div", { class: `bar ${unknown ? "unknown" : ""}`, "aria-hidden": "true" }, parts)
}

// 480万円 where that is exact, so that it is read from the last row.
function amount(value, unit) {
  if (unit !== "円") return String(value)
  return value && value % 10000 === 0 ? `${(value / 10000).toLocaleString("ja-JP")}万円` : `${value.toLocaleString("ja-JP")}円`
}

// Widths in hundredths of a bar: a sign needs 4, a digit or 万 about 1.9.
function fits(text, width) {
  return width > 3 + 1.9 * text.length
}

function words(mark, value, unit, width) {
  const number = amount(value, unit)
  if (fits(`${mark.sign}${number}`, width)) return `${mark.sign}${number}`
  if (unit !== "円" && width > 1 + 2 * number.length) return number
  return width > 5 ? mark.sign : ""
}

// The parts of a bar of amounts whose amount has no room within it.
function amountsView(chart, item) {
  if (chart.unit !== "円") return null
  const told = chart.legend.map((mark, i) => `${mark.sign}${mark.label} ${amount(item.values[i] ?? 0, chart.unit)}`)
  const outside = told.filter((_, i) => {
    const number = `${chart.legend[i].sign}${amount(item.values[i] ?? 0, chart.unit)}`
    return item.values[i] && !fits(number, item.values[i] / farEnd(chart) * 100)
  })
  return outside.length > 0 && h("p", { class: "amounts" }, outside.map(text => h("span", { key: text }, text)))
}

function barsView(chart) {
  return h("div", { class: "bars", role: "img", "aria-label": chart.alt },
    chart.items.map((item, i) => h("div", { key: item.key, class: chart.items.length > 1 ? "bar-row named" : "bar-row" },
      chart.items.length > 1 && h("p", { class: "bar-name" }, `${item.label} ${item.detail}`),
      limitView(chart, item),
      barView({ ...chart, limit: farEnd(chart) }, item),
      amountsView(chart, item),
      i === chart.items.length - 1 && h("div", { class: "bar-end" },
        h("span", {}, `0${chart.unit}`),
        h("span", {}, chart.end)))))
}

function total(item) {
  return item.values.reduce((sum, value) => sum + (value ?? 0), 0)
}

// All bars of a picture end where the longest of them, or the limit, does.
function farEnd(chart) {
  return Math.max(chart.limit ?? 0, ...chart.items.map(total))
}

// Where the limit lies in a bar that has gone beyond it.
function limitView(chart, item) {
  const end = farEnd(chart)
  if (chart.limit === null || total(item) <= chart.limit) return null
  return h("p", { class: "limit", style: `margin-left:${(chart.limit / end * 100).toFixed(3)}%` },
    `上限 ${chart.limit.toLocaleString("ja-JP")}${chart.unit}▼`)
}

function tilesView(chart, covered) {
  return h("ul", { class: "tiles", "aria-label": chart.alt },
    chart.items.map(item => {
      const mark = chart.legend[item.mark]
      return h("li", { key: item.key, class: "tile", style: covered ? paint(0) : paint(mark.shade) },
        h("span", { class: "sign", "aria-label": covered ? "" : mark.label }, covered ? "？" : mark.sign),
        h("span", { class: "name" }, item.label))
    }))
}

function mapView(chart, map) {
  if (!map) return h("p", { class: "waiting" }, "地図を読み込んでいます")
  const placed = chart.items.filter(item => map.byCode.has(item.key))
  const fill = mark => mark.hatched ? "url(#unknown)" : FILLS[mark.shade]
  return h("svg", { class: "map", viewBox: `-4 -4 1008 ${map.height + 8}`, role: "img", "aria-label": chart.alt },
    h("defs", { key: "defs" },
      h("pattern", { id: "unknown", width: 14, height: 14, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
        h("rect", { width: 14, height: 14, fill: FILLS[0] }),
        h("line", { x1: 0, y1: 0, x2: 0, y2: 14, stroke: EDGE, "stroke-width": 3 }))),
    placed.map(item => h("path", {
      key: item.key, d: map.byCode.get(item.key).d, fill: fill(chart.legend[item.mark]),
      stroke: EDGE, "stroke-width": 2,
    })),
    placed.map(item => {
      const { x, y } = map.byCode.get(item.key)
      const mark = chart.legend[item.mark]
      return h("text", {
        key: `t${item.key}`, x, y: y + 16, "text-anchor": "middle", "font-size": 46, "font-weight": 700,
        fill: INKS[mark.shade], "aria-hidden": "true",
      }, mark.sign)
    }))
}

const STEPS = { left: 100, right: 1000, top: 30, bottom: 880, width: 1500, height: 960 }

function stepsView(chart) {
  const days = chart.items.map(item => Date.parse(item.key))
  const dots = chart.dots.map(dot => ({ ...dot, at: Date.parse(dot.day) }))
  const first = Math.min(days[0], ...dots.map(dot => dot.at))
  const last = Math.max(days.at(-1), ...dots.map(dot => dot.at))
  const high = Math.max(chart.limit ?? 0, ...chart.items.flatMap(item => item.values), ...dots.map(dot => dot.value))
  const x = day => STEPS.left + (last === first ? 1 : (day - first) / (last - first)) * (STEPS.right - STEPS.left)
  const y = value => STEPS.bottom - value / high * (STEPS.bottom - STEPS.top)
  const lasts = chart.legend.map((_, i) => lastOf(chart, dots, i))
  const told = lasts.map((value, i) => ({ value, i })).filter(each => each.value !== null)
  const ends = spread(told.map(each => y(each.value)))
  return h("svg", { class: "steps", viewBox: `0 0 ${STEPS.width} ${STEPS.height}`, role: "img", "aria-label": chart.alt },
    levels(high).map(value => h("g", { key: `l${value}` },
      h("line", { x1: STEPS.left, x2: STEPS.right, y1: y(value), y2: y(value), stroke: "#949494", "stroke-width": value ? 1 : 3 }),
      h("text", { x: STEPS.left - 36, y: y(value) + 12, "text-anchor": "end", "font-size": 34 }, value))),
    years(first, last).map(([day, label]) => h("g", { key: `y${label}` },
      h("line", { x1: x(day), x2: x(day), y1: STEPS.bottom, y2: STEPS.bottom + 12, stroke: EDGE, "stroke-width": 2 }),
      h("text", { x: x(day), y: STEPS.bottom + 52, "text-anchor": "middle", "font-size": 34 }, label))),
    chart.legend.map((mark, i) => h("path", {
      key: `p${mark.label}`, d: stepsOf(chart, days, i, x, y),
      fill: "none", stroke: LINES[mark.shade], "stroke-width": 8, "stroke-dasharray": DASHES[mark.shade],
    })),
    dots.map(dot => h("text", {
      key: `d${dot.series}${dot.day}${dot.planned}`, x: x(dot.at), y: y(dot.value) + 16, "text-anchor": "middle",
      "font-size": 46, "font-weight": 700, stroke: LINES[chart.legend[dot.series].shade], "stroke-width": dot.planned ? 3 : 0,
      fill: dot.planned ? FILLS[0] : LINES[chart.legend[dot.series].shade],
    }, chart.legend[dot.series].sign)),
    told.map(({ value, i }, place) => h("text", {
      key: `t${chart.legend[i].label}`, x: STEPS.right + 30, y: ends[place] + 12, "font-size": 34, "font-weight": 700,
      fill: LINES[chart.legend[i].shade],
    }, `${chart.legend[i].sign}${chart.legend[i].label} ${value}`)))
}

// A line from each known value to the next day; nothing is drawn where nothing is known.
function stepsOf(chart, days, series, x, y) {
  return chart.items.map((item, n) => {
    const value = item.values[series]
    if (value === null) return ""
    const before = n ? chart.items[n - 1].values[series] : null
    const begin = before === null ? `M${x(days[n])},${y(value)}` : `V${y(value)}`
    return begin + (n + 1 < days.length ? `H${x(days[n + 1])}` : "")
  }).join("")
}

// The number a series ends with: the last of the line, else the last published one that happened.
function lastOf(chart, dots, series) {
  const line = chart.items.at(-1).values[series]
  const told = dots.filter(dot => dot.series === series && !dot.planned)
  return line ?? (told.length ? told.at(-1).value : null)
}

function levels(high) {
  const step = high > 25 ? 10 : 5
  return Array.from({ length: Math.floor(high / step) + 1 }, (_, i) => i * step)
}

// First of April of each 年度 within, thinned so that labels do not touch.
function years(first, last) {
  const found = []
  for (let year = new Date(first).getUTCFullYear(); Date.UTC(year, 3, 1) <= last; year++) {
    const day = Date.UTC(year, 3, 1)
    if (day >= first) found.push([day, year > 2019 ? `R${year - 2018}.4` : `${year}.4`])
  }
  const every = Math.ceil(found.length / 8)
  return found.filter((_, i) => i % every === 0)
}

// Labels at the right end, at least their own height apart.
function spread(wanted) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b])
  const placed = wanted.slice()
  order.forEach((index, n) => {
    if (n) placed[index] = Math.max(placed[index], placed[order[n - 1]] + 48)
  })
  const over = Math.max(0, placed[order.at(-1)] - STEPS.bottom - 10)
  return placed.map(value => value - over)
}
