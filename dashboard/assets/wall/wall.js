// The wall of a meeting. Python sends what the scenes say; everything else happens here, so that a
// key is answered at once and the last numbers stay when the server is gone.
import { wallView } from "./draw.js"
import { listen } from "./live.js"
import { boundaries } from "./map.js"
import { patch } from "./patch.js"

const PATIENCE = 4000 // a rerun that takes longer counts as a line that is down
const MESSAGE = 8000
const walls = new WeakMap()
const CLOCK = new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", hour: "2-digit", minute: "2-digit", second: "2-digit" })
const LETTERS = { p: "pause", r: "reveal", k: "freeze", d: "about", t: "table", q: "code", f: "whole", "?": "keys" }
const NAMED = {
  ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "back", PageUp: "back",
  Home: "first", End: "last", Escape: "leave",
}
const PLACE = "noriai.wall" // where this browser was, kept over a reload

export function draw(component) {
  let wall = walls.get(component.parentElement)
  if (!wall) walls.set(component.parentElement, (wall = new Wall(component)))
  wall.take(component)
}

export function leave(parent) {
  walls.get(parent)?.end()
  walls.delete(parent)
}

class Wall {
  constructor({ parentElement, data }) {
    const style = document.createElement("link")
    style.rel = "stylesheet"
    style.href = new URL("wall.css", import.meta.url).href
    this.root = document.createElement("div")
    this.root.className = "wall"
    this.root.hidden = true
    style.onload = () => { this.root.hidden = false }
    parentElement.append(style, this.root)
    this.state = { ...place(data), panel: null, line: "ok", heard: time(), clock: time(), message: null }
    this.stream = "ok"
    this.wanted = 0
    this.asked = null
    this.unanswered = 0
    this.onKey = event => this.key(event)
    document.addEventListener("keydown", this.onKey, true)
    this.root.addEventListener("click", event => this.click(event))
    this.ticking = setInterval(() => this.tick(), 1000)
    this.shownSince = performance.now()
  }

  // New data from Python, or the same again.
  take(component) {
    this.trigger = component.setTriggerValue
    const before = this.data
    this.data = component.data
    if (!this.stop && !this.data.frozen) this.stop = listen(this.data.live, this.told())
    if (this.asked && this.data.answered === this.asked.id) {
      this.asked = null
      this.unanswered = 0
    }
    this.state.index = Math.min(this.state.index, Math.max(0, this.data.scenes.length - 1))
    if (this.data.message && this.data.message.id !== before?.message?.id) this.say(this.data.message.text)
    if (this.data.scenes.some(scene => scene.chart?.kind === "map") && !this.map) {
      boundaries(this.data.map).then(map => { this.map = map; this.show() }, () => {})
    }
    this.look()
    this.catchUp()
  }

  told() {
    return {
      revision: revision => {
        this.wanted = Math.max(this.wanted, revision)
        this.hears("ok")
      },
      alive: () => this.hears(this.stream === "lost" ? "ok" : this.stream),
      unreachable: () => this.hears("database"),
      lost: () => this.hears("lost"),
      refused: () => this.ask(),
    }
  }

  hears(stream) {
    const isBack = this.stream !== "ok" && stream === "ok"
    this.stream = stream
    this.look()
    if (isBack || (stream === "ok" && this.data.troubled)) this.ask() // does the script answer, too?
    this.catchUp()
  }

  // Says how fresh the numbers are, and since when, if the line or the database is gone.
  look() {
    const state = this.state
    if (this.stream === "lost" || this.unanswered) state.line = "lost"
    else state.line = this.stream === "database" || this.data.troubled ? "database" : "ok"
    if (state.line === "ok" && this.data.revision >= this.wanted) state.heard = time()
    this.show()
  }

  catchUp() {
    if (this.stream === "ok" && this.wanted > this.data.revision) this.ask()
  }

  // One rerun at a time; what is told meanwhile is asked for when it is answered.
  ask() {
    if (this.asked) return
    this.asked = { id: newId(), at: performance.now() }
    this.trigger("revision", this.asked.id)
  }

  // A session the server no longer knows never answers: then the page is opened anew.
  wait() {
    if (!this.asked || performance.now() - this.asked.at < PATIENCE) return
    this.asked = null
    this.unanswered += 1
    this.look()
    if (this.stream !== "ok") return
    if (this.unanswered < 2) this.ask()
    else setTimeout(() => location.reload(), Math.random() * 2000)
  }

  tick() {
    this.state.clock = time()
    const clock = this.root.querySelector("[data-clock]")
    if (clock) clock.firstChild.data = this.state.clock
    this.wait()
    const due = performance.now() - this.shownSince > this.data.seconds * 1000
    if (this.state.playing && this.data.seconds > 0 && !this.state.panel && due) this.move(this.state.index + 1)
  }

  show() {
    const focused = this.root.getRootNode().activeElement
    patch(this.root, wallView(this.data, this.state, this.map))
    this.root.classList.toggle("stale", this.state.line !== "ok")
    const { index, playing, letters } = this.state
    sessionStorage.setItem(PLACE, JSON.stringify({ set: this.data.set, index, playing, letters }))
    if (this.state.panel && !this.root.querySelector(".panel").contains(focused)) this.root.querySelector(".panel-head button").focus()
  }

  say(text) {
    this.state.message = text
    clearTimeout(this.saying)
    this.saying = setTimeout(() => { this.state.message = null; this.show() }, MESSAGE)
  }

  move(index) {
    const total = this.data.scenes.length
    if (!total) return
    this.state.index = (index + total) % total
    this.state.panel = null
    this.shownSince = performance.now()
    this.show()
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const button = event.composedPath()[0]
    if (event.key === " " && button instanceof HTMLButtonElement) return
    const letter = this.state.letters || event.key === "?" ? LETTERS[event.key.toLowerCase()] : undefined
    const action = NAMED[event.key] || letter
    const scrolls = this.state.panel && ["PageDown", "PageUp", "Home", "End", " "].includes(event.key)
    if (scrolls) return
    if (action) this.act(action)
    else if (/^[0-9]$/.test(event.key) && this.state.letters && tenth(event.key) <= this.data.scenes.length) this.move(tenth(event.key) - 1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  click(event) {
    const button = event.target.closest("[data-do]")
    if (button) this.act(button.dataset.do)
  }

  act(action) {
    const scene = this.data.scenes[this.state.index]
    const actions = {
      next: () => this.move(this.state.index + 1),
      back: () => this.move(this.state.index - 1),
      first: () => this.move(0),
      last: () => this.move(this.data.scenes.length - 1),
      pause: () => { this.state.playing = !this.state.playing; this.shownSince = performance.now() },
      reveal: () => {
        if (scene?.sealed && this.data.canReveal) this.state.panel = this.state.panel === "unseal" ? null : "unseal"
        else if (scene?.hidden && this.data.canReveal) this.trigger("reveal", { id: newId(), scene: scene.key, open: Boolean(scene.coveredBy) })
      },
      unseal: () => {
        this.state.panel = null
        if (scene?.sealed && this.data.canReveal) this.trigger("reveal", { id: newId(), scene: scene.key, open: true })
      },
      freeze: () => { if (this.data.canFreeze && !this.data.frozen) this.trigger("freeze", newId()) },
      letters: () => { this.state.letters = !this.state.letters },
      whole: () => wholeScreen(),
      close: () => { this.state.panel = null },
      leave: () => { if (this.state.panel) this.state.panel = null; else location.assign(this.data.exit) },
    }
    if (actions[action]) actions[action]()
    else this.state.panel = this.state.panel === action ? null : action
    this.show()
  }

  end() {
    this.stop?.()
    clearInterval(this.ticking)
    clearTimeout(this.saying)
    document.removeEventListener("keydown", this.onKey, true)
  }
}

// Where this browser was in this meeting, or its beginning.
function place(data) {
  const kept = JSON.parse(sessionStorage.getItem(PLACE) || "{}")
  if (kept.set !== data.set) return { index: 0, playing: data.seconds > 0, letters: kept.letters ?? true }
  return { index: kept.index, playing: kept.playing, letters: kept.letters }
}

// 0 is the tenth, as on the keyboard.
function tenth(key) {
  return Number(key) || 10
}

function time() {
  return CLOCK.format(new Date())
}

function wholeScreen() {
  if (document.fullscreenElement) document.exitFullscreen()
  else document.documentElement.requestFullscreen?.()
}

// crypto.randomUUID is missing where the address is neither https nor this machine.
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("")
}
