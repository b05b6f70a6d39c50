// What the wall looks like: data and the state of this one wall → a description for patch.js.
import { barView, chartView, legendView } from "./charts.js"
import { h } from "./patch.js"

export const KEYS = [
  ["→・Space・PageDown", "次の場面"],
  ["←・PageUp", "前の場面"],
  ["Home・End", "最初・最後の場面"],
  ["1〜9・0", "その番号の場面(0は10番目)"],
  ["P", "自動の切り替えを止める・続ける"],
  ["R", "隠れている場面を会場のすべての画面で開く・隠す、伏せた結果を公開する(事務局)"],
  ["K", "控えを取る: いまの数字をすべて議事録用に残す(事務局)"],
  ["D", "定義・集計基準・出典"],
  ["T", "表で見る"],
  ["Q", "希望を記録する画面のコード"],
  ["F", "全画面"],
  ["?", "この一覧"],
  ["Esc", "閉じる。何も開いていなければ会議の画面を終える"],
]

export function wallView(data, state, map) {
  const scene = data.scenes[state.index]
  return [
    h("header", { key: "header", inert: Boolean(state.panel) }, headings(data, state, scene), corner(data, state)),
    h("p", { key: "notice", class: "notice", role: "alert", hidden: !data.notice }, `▲ ${data.notice}`),
    h("div", { key: "stage", class: "stage", inert: Boolean(state.panel) }, data.scenes.map((one, i) => sceneView(one, i === state.index, map))),
    h("footer", { key: "footer", inert: Boolean(state.panel) }, sourceLine(data, scene), dots(data, state), controls(data, state)),
    h("div", { key: "message", class: "message", role: "status", hidden: !state.message }, state.message || ""),
    state.panel && panel(data, state, scene),
  ].filter(Boolean)
}

function headings(data, state, scene) {
  return h("div", { class: "headings" },
    h("h2", {}, scene ? scene.title : "場面がありません"),
    h("p", { class: "sentence" }, sentence(data, scene)))
}

function sentence(data, scene) {
  if (!scene) return "会議の準備で場面を選んでください。"
  if (!scene.coveredBy) return scene.sentence
  if (scene.coveredBy !== scene.title) return `「${scene.coveredBy}」を開くと見られます。`
  return data.canReveal ? "まだ隠れています。「開く」(R)で、すべての画面で開きます。" : "まだ隠れています。事務局が開くと、この画面でも開きます。"
}

function corner(data, state) {
  return h("div", { class: "corner" },
    h("div", { class: "when" },
      h("p", { class: "clock", "data-clock": true, "aria-hidden": "true" }, state.clock),
      data.madeUp ? h("p", { key: "made-up", class: "mark made-up" }, `▲ ${data.madeUp}`) : null,
      h("p", { key: "mark", class: `mark ${mark(data, state).kind}`, role: "status" }, mark(data, state).text),
      data.frozen ? h("p", { key: "name", class: "mark" }, data.name) : null),
    data.frozen || !data.code ? null : h("button", { class: "code", "data-do": "code", "aria-label": `希望を記録する画面 ${data.spoken} のコードを大きく表示` },
      h("img", { src: data.code, alt: "" }),
      h("span", { class: "spoken" }, data.spoken)))
}

function mark(data, state) {
  if (data.frozen) return { kind: "frozen", text: `■ ${data.frozen.text}` }
  if (state.line === "ok") return { kind: "ok", text: `● ${data.day}現在` }
  const why = state.line === "database" ? "データベースが応答していません" : "接続が切れています"
  return { kind: "lost", text: `✕ ${why}・最後の更新 ${state.heard}` }
}

function sceneView(scene, shown, map) {
  const covered = Boolean(scene.coveredBy)
  const layout = layoutOf(scene)
  return h("section", { key: scene.key, class: `scene ${layout}`, hidden: !shown, "aria-label": scene.title },
    layout === "rows" ? rowsView(scene) : [
      h("div", { key: "figures", class: "figures" }, scene.figures.map(figure => figureView(figure, covered))),
      scene.chart
        ? h("div", { key: "picture", class: `picture ${scene.chart.kind}-picture` },
            h("p", { class: "chart-title" }, chartTitle(scene.chart)),
            chartView(scene.chart, covered, map),
            scene.chart.kind !== "steps" && legendView(scene.chart))
        : scene.rows.length > 0 && h("div", { key: "picture", class: "picture" }, tableView(scene)),
    ])
}

function chartTitle(chart) {
  const end = chart.kind === "bars" ? `・右端は${chart.end}` : ""
  return `${chart.title}・単位: ${chart.unit}${end}`
}

function layoutOf(scene) {
  const kind = scene.chart && scene.chart.kind
  if (kind === "bars" && scene.chart.items.every((item, i) => item.label === scene.figures[i]?.label)) return "rows"
  if (kind === "bars" && scene.chart.items.length <= 3) return "above"
  if (kind) return "beside"
  return scene.rows.length ? "beside" : "alone"
}

function figureView(figure, covered) {
  return h("div", { key: figure.label, class: "figure" },
    h("p", { class: "label" }, figure.label),
    h("p", { class: `value ${figure.value === "不明" ? "unknown" : ""} ${figure.value.length > 9 ? "long" : ""}` },
      h("span", { class: "number" }, figure.value),
      h("span", { class: "unit" }, covered || figure.value === "不明" ? "" : figure.unit)),
    h("p", { class: "beside-note" }, covered ? "" : [figure.value === "不明" ? "" : figure.status, figure.beside].filter(Boolean).join("・")))
}

// One figure a bar: name, number and bar on a line.
function rowsView(scene) {
  return [
    h("p", { key: "title", class: "chart-title" }, chartTitle(scene.chart)),
    h("div", { key: "rows", class: "figure-rows", role: "group", "aria-label": scene.chart.alt },
      scene.figures.map((figure, i) => h("div", { key: figure.label, class: "figure-row" },
        figureView(figure, false),
        barView(scene.chart, scene.chart.items[i])))),
    h("div", { key: "legend" }, legendView(scene.chart)),
  ]
}

function tableView(scene) {
  return h("table", {},
    h("thead", {}, h("tr", {}, scene.columns.map(name => h("th", { scope: "col" }, name)))),
    h("tbody", {}, scene.rows.map(row => h("tr", { key: row[0] },
      row.map((cell, i) => h(i ? "td" : "th", i ? {} : { scope: "row" }, cell))))))
}

function sourceLine(data, scene) {
  return h("p", { class: "source" }, scene
    ? `${data.frozen || !data.name ? "" : `${data.name}・`}${data.day}時点・改訂${data.revision}${data.fixed ? "(日付を固定して表示中)" : ""}・出典: ${scene.publishers.join("、")}`
    : "")
}

function dots(data, state) {
  const total = data.scenes.length
  return h("div", { class: "dots" },
    h("span", { "aria-hidden": "true" }, data.scenes.map((scene, i) =>
      h("i", { key: scene.key, class: i === state.index ? "on" : "" }, i === state.index ? "●" : "○"))),
    h("span", { role: "status", "aria-label": `${total}場面のうち${state.index + 1}番目` }, `${total ? state.index + 1 : 0}/${total}`))
}

function controls(data, state) {
  const scene = data.scenes[state.index]
  const button = (action, text, title, shown = true) =>
    shown && h("button", { key: action, "data-do": action, title }, text)
  return h("div", { class: "controls" },
    button("reveal", scene?.sealed ? "結果を公開" : scene?.coveredBy ? "開く" : "隠す", "R", Boolean(scene?.hidden || scene?.sealed) && data.canReveal),
    button("freeze", "控えを取る", "K いまの数字をすべて議事録用に残します", data.canFreeze && !data.frozen),
    button("back", "戻る", "←"),
    button("pause", state.playing ? "自動を止める" : "自動で進む", "P", data.seconds > 0),
    button("next", "次へ", "→"),
    button("keys", "操作", "?"),
    button("leave", "終える", "Esc"))
}

function panel(data, state, scene) {
  const views = { unseal: unsealPanel, keys: keysPanel, about: aboutPanel, table: tablePanel, code: codePanel }
  return h("div", { key: "panel", class: "panel", role: "dialog", "aria-modal": "true", "aria-label": PANELS[state.panel] },
    h("div", { class: "panel-head" }, h("h3", {}, PANELS[state.panel]), h("button", { "data-do": "close", title: "Esc" }, "閉じる")),
    h("div", { class: "panel-body", tabindex: "0" }, views[state.panel](data, state, scene)))
}

const PANELS = { unseal: "結果を公開しますか", keys: "キーボードの操作", about: "定義・集計基準・出典", table: "表", code: "希望を記録する" }

function unsealPanel(data, state, scene) {
  return [
    h("p", {}, `「${scene?.title}」の結果を、会場のすべての画面と事務局の集計に出します。元には戻せません。`),
    h("button", { "data-do": "unseal", class: "go" }, "公開する"),
  ]
}

function keysPanel(data, state) {
  return [
    h("dl", { class: "keys" }, KEYS.map(([key, what]) => h("div", { key }, h("dt", {}, key), h("dd", {}, what)))),
    h("button", { "data-do": "letters", "aria-pressed": String(!state.letters) }, "文字のキーを使わない"),
  ]
}

function aboutPanel(data, state, scene) {
  if (!scene) return []
  const of = figure => h("div", { key: figure.label },
    h("h4", {}, `${figure.label}: ${figure.value + (scene.coveredBy || figure.value === "不明" ? "" : figure.unit)}`),
    h("p", {}, `定義: ${figure.definition}`),
    h("p", {}, `集計基準: ${figure.basis}`),
    h("p", {}, `基準日: ${figure.asOf}(${figure.status})`),
    h("p", {}, `出典: ${figure.source}`))
  return [
    ...scene.figures.map(of),
    scene.chart && h("p", { key: "chart", class: "chart-basis" }, `図の集計基準: ${scene.chart.basis}`),
    h("p", { key: "sources" }, `この場面の出典: ${scene.sources.join("、")}`),
  ].filter(Boolean)
}

function tablePanel(data, state, scene) {
  if (scene?.coveredBy) return [h("p", {}, "まだ隠れています。")]
  return scene?.rows.length ? [tableView(scene)] : [h("p", {}, "この場面に表はありません。")]
}

function codePanel(data) {
  return [h("div", { class: "code-large" },
    h("img", { src: data.code, alt: "希望を記録する画面のアドレスを示すコード" }),
    h("p", { class: "address" }, data.address),
    h("p", {}, "市町村の方は、この画面を開いてサインインすると、支援プランの希望を記録できます。"))]
}
