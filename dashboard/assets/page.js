// What the page needs before any Python runs: Japanese for the few words Streamlit itself writes,
// and sign-in fields that password managers recognise (WCAG 3.3.8).
const WORDS = {
  "Press Enter to apply": "Enterキーで確定",
  "Press Enter to submit form": "Enterキーで送信",
  "Press ⌘+Enter to apply": "⌘+Enterで確定",
  "Press Ctrl+Enter to apply": "Ctrl+Enterで確定",
  "Choose an option": "選択してください",
  "Choose options": "選択してください",
  "No results": "該当なし",
  "No options to select": "選択肢がありません",
  "No options to select.": "選択肢がありません",
  "Select all": "すべて選択",
  "Clear all": "すべて解除",
  "Clear value": "値を消す",
  "Clear selection": "選択を消す",
  "Clear": "消す",
  "add icon": "追加",
  "Error:": "エラー:",
  "Close": "閉じる",
  "Copy to clipboard": "コピー",
  "Copied": "コピーしました",
  "Copy": "コピー",
  "Fullscreen": "全画面",
  "Exit fullscreen": "全画面を終える",
  "Close fullscreen": "全画面を終える",
  "Search": "検索",
  "Download as CSV": "CSVで保存",
  "Download": "保存",
  "Show/hide columns": "列の表示",
  "Show data": "データを表示",
  "Show chart": "グラフを表示",
  "Show password text": "パスワードを表示",
  "Hide password text": "パスワードを隠す",
  "Open sidebar navigation": "メニューを開く",
  "Expand sidebar": "メニューを開く",
  "Collapse sidebar": "メニューを閉じる",
  "Connecting": "接続中",
  "Running...": "処理中",
  "Stop": "中止",
  "Rerun": "再実行",
  "Settings": "設定",
  "Print": "印刷",
  "progress": "進み具合",
  "Clear cache": "キャッシュを消す",
  "Increment value": "1増やす",
  "Decrement value": "1減らす",
  "Help": "説明",
  "open": "開く",
  "Loading...": "読み込み中",
  "Show more": "もっと表示",
  "Show less": "表示を減らす",
  "Connection error": "接続エラー",
  "Connecting to Streamlit server": "サーバーにつないでいます",
  "Unable to connect to Streamlit server": "サーバーにつながりません",
  "Error": "エラー",
  "Please wait...": "お待ちください",
  "Page not found": "ページがありません",
  "The page that you have requested does not seem to exist. Running the app's main page.":
    "このアドレスの画面はありません。ホームを表示しています。",
  "Failed to generate file for download":
    "ファイルを作れませんでした。サインインが終わったか、権限が変わったか、データベースが使えません。画面を再読み込みして確かめてください。",
  "Browse files": "ファイルを選ぶ",
  "Drag and drop file here": "ここにファイルをドラッグ",
  "Drag and drop a file here": "ここにファイルをドラッグ",
  "Drag and drop files here": "ここにファイルをドラッグ",
  "Upload": "ファイルを選ぶ",
  "Save as SVG": "SVGで保存",
  "Save as PNG": "PNGで保存",
  "Month": "月",
  "Year": "年",
  "Previous month.": "前の月",
  "Next month.": "次の月",
  "Calendar": "カレンダー",
  "Skip to main content": "本文へ移動",
  "App pages": "画面の一覧",
  "Sidebar": "メニュー",
  "Logo": "乗合 Noriai",
  "Main menu": "メニュー",
  "Navigate to home page": "ホームへ移動",
  "Notifications": "お知らせ",
  "Pagination": "ページ送り",
  "Previous page": "前のページ",
  "Next page": "次のページ",
  "Previous Result": "前の結果",
  "Next Result": "次の結果",
  "Close Search": "検索を閉じる",
  "Scroll tabs left": "タブを左へ送る",
  "Scroll tabs right": "タブを右へ送る",
  "Show password": "パスワードを表示",
  "Hide password": "パスワードを隠す",
  "Increment": "1増やす",
  "Decrement": "1減らす",
  "Open": "開く",
  "Select...": "選択してください",
  "Selected values": "選択した値",
  "Clear entry": "消す",
  "Add files": "ファイルを追加",
  "Choose date": "日付を選ぶ",
  "Choose date range": "期間を選ぶ",
  "Choose date and time": "日時を選ぶ",
  "Quick select a date range": "期間をまとめて選ぶ",
  "Previous month": "前の月",
  "Next month": "次の月",
  "Clear date": "日付を消す",
  "Clear dates": "日付を消す",
  "Clear time": "時刻を消す",
  "Clear date and time": "日時を消す",
  "Dataframe column menu": "列のメニュー",
  "Copy column name": "列名をコピー",
  "Stop script": "中止",
  "Link to heading": "この見出しへのリンク",
  "Count": "件数",
  "Range": "範囲",
  "add icon": "追加",
  "Error:": "エラー:",
}
const SEGMENTS = { year: "年", month: "月", day: "日", hour: "時", minute: "分" }
// What Streamlit builds from parts; each pattern with its Japanese.
const PATTERNS = [
  [/^(\d+)MB per file(?: • (.+))?$/, (_, size, kinds) => `1個${size}MBまで${kinds ? `、${kinds}` : ""}`],
  [/^File must be ([\d.]+)MB or smaller\.$/, (_, size) => `${parseFloat(size)}MB以下のファイルを選んでください。`],
  [/^.* files are not allowed\.$/, () => "この種類のファイルは選べません。"],
  [/^Page (\d+)$/, "$1ページ"],
  [/^Choose date, (.+)$/s, "日付を選ぶ、$1"],
  [/^Clear (.+)$/s, "$1を消す"],
  [/^Remove (.+)$/s, "$1を外す"],
  [/^(.+), close by backspace$/s, "$1(消すにはBackspaceキー)"],
  [/^(\d+) options? available\.$/, "候補は$1件です。"],
  [/^(.+), selected\.$/s, "$1を選びました。"],
  [/^Selected (.+?)\. (.+)$/s, "$2(選択中: $1)"],
  [/^Help for (.+)$/s, "$1の説明"],
  [/^(year|month|day|hour|minute), (.+)$/s, (_, part, label) => `${label}の${SEGMENTS[part]}`],
]
// What the browser and Streamlit say when something fails, in words that fit a closed network.
const ON = "つながりしだい、この画面は自動で続きます。"
const LOST = `サーバーにつながりません。庁内のネットワークにつながっているか確かめて、しばらくお待ちください。${ON}`
const RELOAD = "画面を再読み込みしてください。"
const FAILURES = [
  [/connected to the internet|^Is Streamlit still running/, () => LOST],
  [/^Cannot connect to Streamlit \(HTTP status: 403\)/, () =>
    "このアドレスからは使えません(応答403)。事務局が案内したアドレスで開き直してください。"],
  [/^Connection failed with status ?(\d*)/, (_, status) =>
    `サーバーが準備中か、止まっています(応答${status})。しばらくお待ちください。${ON}`],
  [/^Connection timed out/, () => `サーバーの返事がありません。しばらくお待ちください。${ON}`],
  [/^Connection lost\./, () => "サーバーとの接続が切れました。つながってから、もう一度お試しください。"],
  [/^Request failed with status (?:code )?413/, () => "ファイルが大きすぎて受け取れませんでした。小さくしてから選び直してください。"],
  [/^Request failed with status ?(?:code )?(\d*)/, (_, status) =>
    `ファイルを受け取れませんでした(応答${status})。${RELOAD}それから選び直してください。`],
  [/dynamically imported module|^Importing a module script failed|^Cannot load Streamlit frontend code|^Unable to preload CSS/i, () =>
    `画面の部品を読み込めませんでした。${RELOAD}`],
  [/^Your app is having trouble loading/, () => `画面の部品を読み込めませんでした。${RELOAD}`],
  [/^(Failed to fetch|Load failed|Network ?error|Network issue|Failed to establish websocket connection)/i, () => LOST],
  [/^(Failed to process a Websocket message|Bad message format|Received Streamlit message with no type)/, () =>
    `サーバーの返事を読めませんでした。${RELOAD}`],
  [/^You have requested page \//, () => "このアドレスの画面はありません。ホームを表示しています。"],
  [/^(Request aborted|Unknown error|Download failed|Deferred download not properly configured)\.?$/i, () =>
    `できませんでした。${RELOAD}それからもう一度お試しください。`],
]
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August",
  "September", "October", "November", "December"]
MONTHS.forEach((name, index) => { WORDS[name] = `${index + 1}月` })
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
DAYS.forEach((name, index) => {
  const day = "日月火水木金土"[index]
  WORDS[name.slice(0, 2)] = day
  WORDS[name] = day
})
const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt"]

function japanese(text) {
  if (!/[A-Za-z]/.test(text)) return undefined // most of what is drawn: nothing to look up
  const plain = text.trim().replace(/^(\w*Error: )+(?=[A-Z])/, "")
  if (WORDS[plain]) return WORDS[plain]
  const failure = FAILURES.find(([pattern]) => pattern.test(plain))
  if (failure) return failure[1](...plain.match(failure[0]))
  const [before, ...after] = plain.split(": ")
  if (after.length && WORDS[before]) return `${WORDS[before]}: ${after.join(": ")}`
  const found = PATTERNS.find(([pattern]) => pattern.test(plain))
  return found && plain.replace(...found)
}

// Streamlit's aria-labels are the labels' Markdown; read aloud, marks are words of their own.
const MARKS = /\*\*|\\[!-/:-@[-`{-~]|:[a-z-]+\[|:material\/|&#\d+;/
function spoken(text) {
  return text
    .replace(/:material\/\w+:\s*/g, "")
    .replace(/:(?:color|[a-z-]+)\[((?:\\.|[^\]\\])*)\](?:\{[^}]*\})?/g, "$1")
    .replace(/\*\*/g, "")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .trim()
}

function translateElement(element) {
  for (const name of ATTRIBUTES) {
    if (!element.hasAttribute(name)) continue
    const text = element.getAttribute(name)
    const word = japanese(text) || (name === "aria-label" && MARKS.test(text) && spoken(text))
    if (word && word !== text) element.setAttribute(name, word)
  }
  if (element.matches('input[type="password"]')) {
    const repeated = /新しい|確認/.test(element.getAttribute("aria-label") || "")
    element.setAttribute("autocomplete", repeated ? "new-password" : "current-password")
  } else if (element.matches('input[aria-label="ユーザー名"]')) {
    element.setAttribute("autocomplete", "username")
  }
}

// 年 for yyyy: mm is a month in one field and a minute in the other, the part itself says which.
function placeholder(node) {
  if (!["yyyy", "mm", "dd", "HH"].includes(node.data.trim())) return undefined
  return SEGMENTS[node.parentElement?.closest("[role='spinbutton']")?.dataset.type]
}

// Whatever stands in the box about the connection and is not Japanese by now: never English.
function unconnected(node) {
  const box = node.parentElement?.closest("[role='dialog']")
  const title = box?.querySelector("[slot='title']")
  if (!title || title.contains(node) || !/^(Connection error|接続エラー)$/.test(title.textContent)) return undefined
  if (/[ぁ-んァ-ヶ一-龠]/.test(node.data) || !/[A-Za-z]/.test(node.data)) return undefined
  return node === firstText(box, title) ? LOST : "\u200b"
}

function firstText(box, title) {
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!title.contains(node) && node.data.trim()) return node
  }
  return null
}

function translate(root) {
  if (root.nodeType === Node.TEXT_NODE) {
    const part = placeholder(root)
    if (part) {
      root.data = part
      return
    }
    const word = japanese(root.data) ?? unconnected(root)
    if (word && !root.parentElement?.closest("[data-testid='stMarkdown'], pre, code")) root.data = word
    return
  }
  if (root.nodeType !== Node.ELEMENT_NODE) return
  translateElement(root)
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.ELEMENT_NODE) translateElement(node)
    else translate(node)
  }
}

// A reader who asks for less motion gets none from what Streamlit folds by script either (WCAG 2.3.3).
const animate = Element.prototype.animate
Element.prototype.animate = function (frames, timing) {
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) return animate.call(this, frames, timing)
  return animate.call(this, frames, { ...(typeof timing === "object" ? timing : {}), duration: 0 })
}

// What is looked at once a frame after the document changed, however often it did.
const looks = []
let planned = false
function plan() {
  if (planned) return
  planned = true
  requestAnimationFrame(() => {
    planned = false
    looks.forEach(look => look())
  })
}

translate(document.documentElement)
new MutationObserver(changes => {
  for (const change of changes) {
    if (change.type === "childList") change.addedNodes.forEach(translate)
    else if (change.type === "characterData" || ATTRIBUTES.includes(change.attributeName)) translate(change.target)
  }
  plan()
}).observe(document.documentElement, {
  childList: true, subtree: true, characterData: true, attributes: true,
  attributeFilter: [...ATTRIBUTES, "class", "data-test-script-state"],
})

// After a click the reader is led to what became of it (dashboard/kit/sight.py): what was done comes
// into view and is announced; of what stands against a form, the first field has the focus.
{
  const MARK = /st-key-noriai-(answer|problem|opened)-(\d+)/
  const FIELD = "input, textarea, [role='spinbutton'], [role='combobox'], [role='radio'], [role='checkbox']"
  const ELEMENT = "[data-testid='stElementContainer']"
  const seen = new Set()

  // Browsers before 141 have a region for it instead.
  const said = document.createElement("div")
  if (!document.ariaNotify) {
    said.className = "noriai-said"
    said.setAttribute("role", "status")
    document.body.append(said)
  }
  const say = text => document.ariaNotify ? document.ariaNotify(text) : (said.textContent = text)

  const running = () => document.querySelector("[data-testid='stApp']")?.dataset.testScriptState !== "notRunning"

  // The field a problem stands beneath; nothing where it stands beneath a button or a whole form.
  function fieldAbove(mark) {
    for (let place = mark; place && !place.matches("[data-testid='stMain'], form, [class*='st-key-noriai-form-'], [role='dialog']"); place = place.parentElement) {
      for (let before = place.previousElementSibling; before; before = before.previousElementSibling) {
        const elements = before.matches(ELEMENT) ? [before] : [...before.querySelectorAll(ELEMENT)]
        const fields = elements.map(each => each.querySelector(FIELD)).filter(Boolean)
        if (fields.length === 1) return fields[0]
        if (fields.length || elements.some(each => each.querySelector("button"))) return null
      }
    }
    return null
  }

  function wordsOf(mark) {
    const copy = mark.cloneNode(true)
    copy.querySelectorAll("[role='img'], [data-testid='stIconMaterial'], [data-testid='stAlertDynamicIcon']").forEach(icon => icon.remove())
    return copy.textContent.replace(/\s+/g, " ").trim()
  }

  function lead() {
    const ours = [...document.querySelectorAll("[class*='st-key-noriai-']")]
    describe(ours.filter(each => TOLD.test(each.className)))
    const marks = ours
      .map(mark => ({ mark, kind: mark.className.match(MARK)?.[1], number: mark.className.match(MARK)?.[2] }))
      .filter(({ number }) => number && !seen.has(number))
    if (!marks.length) return
    if (running()) return // what is drawn later would push it out of view again
    marks.forEach(({ number }) => seen.add(number))
    const { mark, kind } = marks.find(each => each.kind === "problem") ?? marks.find(each => each.kind === "answer") ?? marks[0]
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches
    const field = kind === "problem" ? fieldAbove(mark) : null
    mark.style.scrollMarginTop = "4.5rem" // below the header
    mark.scrollIntoView({ block: { problem: "center", opened: "start" }[kind] ?? "nearest", behavior: calm ? "auto" : "smooth" })
    if (field) {
      field.setAttribute("aria-invalid", "true")
      field.addEventListener("input", () => field.removeAttribute("aria-invalid"), { once: true })
      field.focus({ preventScroll: true })
    } else {
      mark.tabIndex = -1
      mark.focus({ preventScroll: true })
    }
    say(wordsOf(kind === "opened" ? mark.querySelector("h1, h2, h3, h4") ?? mark : mark))
  }

  // What a field understood, or why not, belongs to it (kit/written.py), and is said once when it comes.
  const TOLD = /st-key-noriai-(read|wrong)-/
  const told = new Map()
  function describe(messages) {
    const now = new Map()
    for (const words of messages) {
      const field = fieldAbove(words)
      if (!field) continue
      words.id ||= `noriai-told-${told.size}-${now.size}-${performance.now().toFixed()}`
      now.set(field, words.id)
      field.setAttribute("aria-describedby", words.id)
      if (words.className.includes("noriai-wrong-")) field.setAttribute("aria-invalid", "true")
      else field.removeAttribute("aria-invalid")
      const text = wordsOf(words)
      if (words.dataset.said === text) continue
      words.dataset.said = text
      say(text)
    }
    for (const [field, id] of told) {
      if (now.has(field) || field.getAttribute("aria-describedby") !== id) continue
      field.removeAttribute("aria-describedby")
      field.removeAttribute("aria-invalid")
    }
    told.clear()
    now.forEach((id, field) => told.set(field, id))
  }

  looks.push(lead)
}

// Headings come in order whatever size they have, and the menu is a list of links (WCAG 1.3.1).
function inOrder() {
  const main = document.querySelector("[data-testid='stMain']")
  const open = [] // native level and the level it stands for, outermost first
  for (const heading of main?.querySelectorAll("h1, h2, h3, h4, h5, h6") ?? []) {
    const native = Number(heading.tagName[1])
    while (open.length && open.at(-1).native >= native) open.pop()
    const level = Math.min(native, (open.at(-1)?.level ?? 0) + 1)
    open.push({ native, level })
    const said = level === native ? null : String(level)
    if (heading.getAttribute("aria-level") === said) continue
    if (said) heading.setAttribute("aria-level", said)
    else heading.removeAttribute("aria-level")
  }
  for (const section of document.querySelectorAll("[data-testid='stSidebarNavItems'] > div:not([role])")) {
    section.setAttribute("role", "listitem")
    section.querySelectorAll("li").forEach(item => item.setAttribute("role", "none"))
  }
  for (const zone of document.querySelectorAll("[data-testid='stFileUploaderDropzone'][role='presentation']")) {
    zone.setAttribute("role", "group") // it has a name, so it is no decoration
  }
}
looks.push(inOrder)

// Anything over half a second says so; a run that goes on says for how long.
{
  const box = Object.assign(document.createElement("div"), { className: "noriai-waiting", hidden: true })
  box.setAttribute("role", "status")
  document.body.append(box)
  let began = 0
  let timer

  function look() {
    const state = document.querySelector("[data-testid='stApp']")?.dataset.testScriptState
    if (state === "running") {
      if (began) return
      began = performance.now()
      timer = setTimeout(say, 500)
    } else {
      began = 0
      clearTimeout(timer)
      box.hidden = true
    }
  }

  function say() {
    show("処理しています。お待ちください。", "処理を続けています", began)
    timer = setTimeout(say, performance.now() - began < 5000 ? 1000 : 5000)
  }

  function show(first, later, since) {
    const seconds = Math.round((performance.now() - since) / 1000)
    const text = seconds < 5 ? first : `${later}(${seconds}秒)。このままお待ちください。`
    box.hidden = false
    if (box.textContent !== text) box.textContent = text
  }

  // A file is made while its button is off. The server says what it is at, on whatever screen its
  // reader is by then (served/session_life.py); whoever waits no longer says so, and it ends there.
  // A refusal beside the button, which Streamlit takes away after five seconds, stays until it is
  // pressed again.
  const sessions = new URL("../session/", document.currentScript.src)
  const file = Object.assign(document.createElement("div"), { className: "noriai-waiting noriai-making", hidden: true })
  const fileWords = document.createElement("span")
  const leave = Object.assign(document.createElement("button"), { type: "button", textContent: "やめる" })
  fileWords.setAttribute("role", "status")
  file.append(fileWords, leave)
  box.after(file)
  const pressed = new Map() // places of buttons whose file is being made, and since when
  let waiting = [] // what the server says
  let asking

  async function follow() {
    asking = undefined
    if (!pressed.size && !waiting.length) return tell()
    try {
      const answer = await fetch(new URL("making", sessions), { cache: "no-store" })
      if (answer.ok) waiting = (await answer.json()).files
    } catch {
      // the page itself says that the server is away
    }
    tell()
    if (pressed.size || waiting.length) asking ??= setTimeout(follow, 1000)
  }

  function tell() {
    const made = waiting[0]
    const begun = Math.min(...pressed.values())
    file.hidden = !made && !(performance.now() - begun > 500)
    if (file.hidden) return
    leave.hidden = !made
    leave.dataset.number = made?.number ?? ""
    const name = made ? `「${made.label}」` : "ファイル"
    const rest = made ? "別の画面へ移っても作り続け、できたら保存します。" : "お待ちください。"
    const text = `${name}を作っています${made?.step ? `: ${made.step}` : ""}。${rest}`
    if (fileWords.textContent !== text) fileWords.textContent = text
  }

  leave.addEventListener("click", async () => {
    const number = Number(leave.dataset.number)
    const left = waiting.find(each => each.number === number)
    for (const place of pressed.keys()) {
      if (place.textContent.includes(left?.label)) place.dataset.noriaiLeft = ""
    }
    waiting = waiting.filter(each => each !== left)
    tell()
    const body = JSON.stringify({ number })
    await fetch(new URL("leave", sessions), { method: "POST", headers: { "Content-Type": "application/json" }, body }).catch(() => {})
  })

  addEventListener("click", event => {
    const place = event.target.closest?.("[data-testid='stDownloadButton']")
    const button = place?.querySelector("button")
    if (!button || button.disabled) return
    place.querySelector(".noriai-refused")?.remove()
    delete place.dataset.noriaiLeft
    const since = performance.now()
    let refusal
    pressed.set(place, since)
    asking ??= setTimeout(follow, 600)
    const watch = setInterval(() => {
      if (button.disabled && button.isConnected) return tell()
      const told = place.querySelector("[data-testid='stDownloadButtonError']")
      if (told && !("noriaiLeft" in place.dataset)) {
        refusal = told.textContent
        pressed.delete(place)
        return tell()
      }
      if (!told && !refusal && performance.now() - since < 1000 && button.isConnected) return
      clearInterval(watch)
      pressed.delete(place)
      tell()
      if (!refusal || told || !place.isConnected) return
      const kept = Object.assign(document.createElement("p"), { className: "noriai-refused", textContent: refusal })
      kept.setAttribute("role", "alert")
      place.append(kept)
    }, 250)
  }, true)

  looks.push(look)
}

// The foot of every printed sheet: where it is from and of which day. Definitions are opened for it.
{
  const sheet = new CSSStyleSheet()
  document.adoptedStyleSheets.push(sheet)
  const quoted = text => JSON.stringify(text).replace(/</g, "\\3c ")
  let opened = []
  addEventListener("beforeprint", () => {
    const fixed = document.querySelector("[data-testid='stAlertContainer']")?.textContent.match(/日付を(\d{4}-\d\d-\d\d)に固定/)
    const day = fixed?.[1] ?? new Date().toLocaleDateString("sv-SE", { timeZone: "Asia/Tokyo" })
    const from = decodeURI(location.href).slice(0, 300)
    sheet.replaceSync(`@page {
      @bottom-left { content: ${quoted(from)}; width: 75%; font-size: 7.5pt; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
      @bottom-right { content: ${quoted(`${day} 印刷 `)} counter(page) "/" counter(pages); font-size: 7.5pt; vertical-align: top; }
    }`)
    opened = [...document.querySelectorAll("details:not([open])")].filter(each => each.closest("[class*='noriai-']"))
    opened.forEach(each => { each.open = true })
  })
  addEventListener("afterprint", () => {
    opened.forEach(each => { each.open = false })
    opened = []
  })
}
