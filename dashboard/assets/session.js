// A sign-in that nobody uses sleeps after a while. This says so before, counts typing and clicking
// as use, and covers the page while it sleeps: the password wakes it, and the page is as it was left.
{
  const WARN_SECONDS = 300
  const NOTE_SECONDS = 60
  const AGAIN_SECONDS = 20
  const WALL = /\/meeting\/?$/ // is watched, not clicked: an open wall is use
  const here = new URL("../session/", document.currentScript.src)
  let known = false // whether this page has seen its sign-in awake
  let kept = -Infinity // when its use was last told
  let timer

  const seconds = () => performance.now() / 1000
  const words = (name, text) => Object.assign(document.createElement(name), { textContent: text })

  function post(path, body) {
    return fetch(new URL(path, here), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    })
  }

  async function look(use) {
    clearTimeout(timer)
    let found
    try {
      if (use) kept = seconds()
      const answer = await (use ? post("keep", {}) : fetch(new URL("life", here), { cache: "no-store" }))
      found = answer.ok && (await answer.json())
    } catch {
      found = false
    }
    if (found) show(found)
    else again(AGAIN_SECONDS) // the server is away: the page says so itself
  }

  function again(wait) {
    clearTimeout(timer)
    timer = setTimeout(() => look(known && WALL.test(location.pathname)), Math.min(wait, 86400) * 1000)
  }

  function show({ state, idle, left, password }) {
    if (state === "asleep" && known) {
      cover(password)
      again(AGAIN_SECONDS) // another tab may wake it
      return
    }
    cover.dialog?.remove()
    known = state === "awake"
    if (!known) {
      warn(null)
      return
    }
    const ends = Math.min(idle, left)
    if (ends > WARN_SECONDS) {
      warn(null)
      again(ends - WARN_SECONDS)
      return
    }
    const minutes = Math.max(1, Math.round(ends / 60))
    warn(
      left <= idle
        ? `サインインから長い時間がたったため、約${minutes}分後に終了します。入力の途中のものは、今のうちに保存してください。`
        : `しばらく操作がないため、約${minutes}分後に画面を休止します。入力した内容はそのまま残ります。`,
      left > idle,
    )
    again(Math.min(AGAIN_SECONDS, ends + 1))
  }

  function warn(text, prolongable) {
    if (!text) {
      warn.box?.remove()
      return
    }
    if (!warn.box?.isConnected) {
      warn.box = document.createElement("div")
      warn.box.className = "noriai-session-warning"
      warn.box.setAttribute("role", "alert")
      document.body.append(warn.box)
    }
    if (warn.box.firstChild?.textContent === text) return
    warn.box.replaceChildren(words("p", text))
    if (prolongable) {
      const go = words("button", "続ける")
      go.type = "button"
      go.addEventListener("click", () => look(true))
      warn.box.append(go)
    }
  }

  function cover(byPassword) {
    if (cover.dialog?.isConnected) return
    warn(null)
    const dialog = (cover.dialog = document.createElement("dialog"))
    dialog.className = "noriai-session-cover"
    dialog.setAttribute("aria-label", "画面を休止しました")
    const form = document.createElement("form")
    const label = words("label", "パスワード")
    const password = Object.assign(document.createElement("input"), {
      type: "password",
      id: "noriai-wake",
      autocomplete: "current-password",
      required: true,
    })
    label.htmlFor = password.id
    const problem = words("p", "")
    problem.setAttribute("role", "alert")
    const go = words("button", "続ける")
    const out = Object.assign(words("button", "サインアウトする"), { type: "button" })
    form.append(words("h2", "画面を休止しました"))
    if (byPassword)
      form.append(
        words("p", "しばらく操作がなかったため休止しました。入力した内容はこの画面に残っています。パスワードを入力すると、続きから使えます。"),
        label, password, problem, go, out,
      )
    else
      form.append(
        words("p", "しばらく操作がなかったため休止しました。組織アカウントでサインインし直してください。この画面に入力した、保存していない内容は失われます。"),
        out,
      )
    form.addEventListener("submit", async event => {
      event.preventDefault()
      go.disabled = true
      problem.textContent = ""
      try {
        const answer = await post("wake", { password: password.value })
        if (answer.ok) show(await answer.json())
        else problem.textContent = await reason(answer)
      } catch {
        problem.textContent = "サーバーにつながりません。しばらく待ってからもう一度押してください。"
      }
      password.value = ""
      go.disabled = false
    })
    out.addEventListener("click", async () => {
      await fetch(new URL("../session", here), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ticket: "" }),
      })
      location.assign(new URL("..", here))
    })
    dialog.addEventListener("cancel", event => event.preventDefault())
    dialog.append(form)
    document.body.append(dialog)
    dialog.showModal()
  }

  async function reason(answer) {
    try {
      return (await answer.json()).message
    } catch {
      return "続けられませんでした。しばらく待ってからもう一度押してください。"
    }
  }

  for (const kind of ["keydown", "pointerdown"]) {
    addEventListener(kind, () => {
      if (known && !cover.dialog?.isConnected && seconds() - kept > NOTE_SECONDS) look(true)
    }, { capture: true, passive: true })
  }
  addEventListener("noriai:session", () => look(false))
  addEventListener("focus", () => look(false))
  document.addEventListener("visibilitychange", () => document.hidden || look(false))
  look(false)
}
