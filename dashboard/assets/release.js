// A page that another release of the program has made asks its reader to load it anew: after the
// browser has connected again, and when a file of the old release is not there any more.
const made = document.querySelector("meta[name='noriai-release']")?.content
const STATE = "data-test-connection-state"

async function compare() {
  try {
    const answer = await fetch("/release", { cache: "no-store" })
    if (answer.ok && (await answer.text()) !== made) ask()
  } catch {
    // nobody answers: the page says so itself, and this is asked again with the next connection
  }
}

function ask() {
  if (document.getElementById("noriai-release")) return
  const bar = document.createElement("div")
  bar.id = "noriai-release"
  bar.setAttribute("role", "alert")
  bar.append("新しい版に切り替わりました。入力中の内容があれば控えてから、画面を再読み込みしてください。")
  const button = document.createElement("button")
  button.textContent = "再読み込み"
  button.addEventListener("click", () => location.reload())
  bar.append(button)
  document.body.append(bar)
}

addEventListener("vite:preloadError", compare)
let connections = 0
new MutationObserver(changes => {
  for (const change of changes) {
    if (change.target.getAttribute(STATE) === "CONNECTED" && connections++) compare()
  }
}).observe(document.documentElement, { subtree: true, attributes: true, attributeFilter: [STATE] })
