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
  "Clear": "消す",
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
  "Clear cache": "キャッシュを消す",
  "Increment value": "1増やす",
  "Decrement value": "1減らす",
  "Help": "説明",
  "open": "開く",
  "Loading...": "読み込み中",
  "Show more": "もっと表示",
  "Show less": "表示を減らす",
  "Connection error": "接続エラー",
  "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:":
    "サーバーにつながりません。しばらく待ってから画面を再読み込みしてください。",
  "Page not found": "ページがありません",
  "The page that you have requested does not seem to exist. Running the app's main page.":
    "このアドレスの画面はありません。ホームを表示しています。",
  "Browse files": "ファイルを選ぶ",
  "Drag and drop file here": "ここにファイルをドラッグ",
  "Upload": "ファイルを選ぶ",
  "Save as SVG": "SVGで保存",
  "Save as PNG": "PNGで保存",
  "Month": "月",
  "Year": "年",
  "Previous month.": "前の月",
  "Next month.": "次の月",
  "Calendar": "カレンダー",
}
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
  return WORDS[text.trim()]
}

function translateElement(element) {
  for (const name of ATTRIBUTES) {
    const word = element.hasAttribute(name) && japanese(element.getAttribute(name))
    if (word) element.setAttribute(name, word)
  }
  if (element.matches('input[type="password"]')) {
    const repeated = /新しい|確認/.test(element.getAttribute("aria-label") || "")
    element.setAttribute("autocomplete", repeated ? "new-password" : "current-password")
  } else if (element.matches('input[aria-label="ユーザー名"]')) {
    element.setAttribute("autocomplete", "username")
  }
}

function translate(root) {
  if (root.nodeType === Node.TEXT_NODE) {
    const word = japanese(root.data)
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

new MutationObserver(changes => {
  for (const change of changes) {
    if (change.type === "childList") change.addedNodes.forEach(translate)
    else translate(change.target)
  }
}).observe(document.documentElement, {
  childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
})
