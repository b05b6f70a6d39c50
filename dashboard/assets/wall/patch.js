// Draws a description into a parent, touching only what differs: an element that stays the same
// is neither replaced nor written to, so nothing on a wall flickers when something else changes.
const SVG = "http://www.w3.org/2000/svg"

// One element: tag, attributes (`key` names it among its siblings), children (elements or text).
export function h(tag, attributes, ...children) {
  const shown = children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false)
  return { tag, attributes: attributes || {}, children: shown }
}

export function patch(parent, wanted) {
  const keyed = new Map()
  for (const node of parent.childNodes) if (node.noriaiKey !== undefined) keyed.set(node.noriaiKey, node)
  let next = parent.firstChild
  for (const one of wanted) {
    let node = typeof one === "object" && one.attributes.key !== undefined
      ? keyed.get(one.attributes.key)
      : next
    if (!node || !isSame(node, one)) node = made(one, parent)
    if (node === next) next = next.nextSibling
    else parent.insertBefore(node, next)
    if (typeof one !== "object") {
      if (node.data !== String(one)) node.data = String(one)
      continue
    }
    setAttributes(node, one.attributes)
    patch(node, one.children)
  }
  while (next) {
    const gone = next
    next = next.nextSibling
    gone.remove()
  }
}

function isSame(node, one) {
  if (typeof one !== "object") return node.nodeType === Node.TEXT_NODE
  return node.localName === one.tag && node.noriaiKey === one.attributes.key
}

function made(one, parent) {
  if (typeof one !== "object") return document.createTextNode(String(one))
  const inSvg = one.tag === "svg" || parent.namespaceURI === SVG
  const node = inSvg ? document.createElementNS(SVG, one.tag) : document.createElement(one.tag)
  node.noriaiKey = one.attributes.key
  return node
}

function setAttributes(node, attributes) {
  for (const { name } of [...node.attributes]) {
    if (attributes[name] === undefined || attributes[name] === false || attributes[name] === null) {
      node.removeAttribute(name)
    }
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "key" || value === undefined || value === null || value === false) continue
    const text = value === true ? "" : String(value)
    if (node.getAttribute(name) !== text) node.setAttribute(name, text)
  }
}
