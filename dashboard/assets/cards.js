// Cards with buttons (dashboard/kit/cards.py): the HTML comes whole and escaped from Python. What is
// already drawn stays; only what differs is changed, so that a button keeps its focus and a
// definition that stands open stays open.
//
// It is also what every page asks once: definitions that close again, and buttons that copy.
const presses = new WeakMap()

export function draw({ parentElement, setTriggerValue }, html) {
  if (!presses.has(parentElement)) parentElement.addEventListener("click", pressed)
  presses.set(parentElement, setTriggerValue)
  if (parentElement.noriaiHtml === html) return
  parentElement.noriaiHtml = html
  const wanted = document.createElement("template")
  wanted.innerHTML = html
  align(parentElement, wanted.content)
}

function pressed(event) {
  const place = event.target.closest("[data-press]")
  const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey
  if (!place || (place.matches("a") && elsewhere)) return
  event.preventDefault()
  presses.get(event.currentTarget)("press", place.dataset.press)
}

function align(now, wanted) {
  const before = [...now.childNodes]
  const known = new Map(before.filter(each => each.dataset?.key).map(each => [each.dataset.key, each]))
  const after = [...wanted.childNodes].map((node, index) => {
    const same = node.dataset?.key ? known.get(node.dataset.key) : before[index]
    if (!same || same.nodeName !== node.nodeName) return node
    if (same.nodeType === Node.TEXT_NODE) {
      if (same.data !== node.data) same.data = node.data
    } else {
      attributes(same, node)
      align(same, node)
    }
    return same
  })
  for (const node of before) if (!after.includes(node)) node.remove()
  after.forEach((node, index) => {
    if (now.childNodes[index] !== node) now.insertBefore(node, now.childNodes[index] ?? null)
  })
}

function attributes(now, wanted) {
  for (const { name } of [...now.attributes]) {
    if (!wanted.hasAttribute(name) && name !== "open") now.removeAttribute(name)
  }
  for (const { name, value } of wanted.attributes) {
    if (now.getAttribute(name) !== value) now.setAttribute(name, value)
  }
}

const COPIED = 4000 // how long it is said

document.addEventListener("click", event => {
  for (const open of document.querySelectorAll("details.noriai-terms[open]")) {
    if (!open.contains(event.target)) open.open = false
  }
  const button = event.target.closest("[data-copy]")
  if (button) copy(button)
})
document.addEventListener("keydown", event => {
  if (event.key !== "Escape") return
  for (const open of document.querySelectorAll("details.noriai-terms[open]")) {
    const inside = open.contains(document.activeElement)
    open.open = false
    if (inside) open.querySelector("summary").focus()
  }
})

// Without https there is no clipboard to write to: what is marked is copied the old way.
async function copy(button) {
  const place = button.parentElement
  const field = place.querySelector("textarea")
  const told = place.querySelector("[role='status']")
  let done = true
  try {
    await navigator.clipboard.writeText(field.value)
  } catch {
    field.select()
    done = document.execCommand("copy")
  }
  told.textContent = done ? "コピーしました" : "選択しました。Ctrl+Cでコピーしてください"
  setTimeout(() => { told.textContent = "" }, COPIED)
}
