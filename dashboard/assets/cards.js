// Cards with buttons (dashboard/kit/cards.py): the HTML comes whole and escaped from Python. What is
// already drawn stays; only what differs is changed, so that a button keeps its focus and a
// definition that stands open stays open.
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
