// Listens to the server's events and says what they mean; comes back by itself, ever more slowly.
const FIRST_WAIT = 1000
const LONGEST_WAIT = 15000
const GRACE = 2500 // a stream that ends in good order is back before anybody is told
const SILENCE = 4000 // the server speaks at least every second and a half: then the line is dead

// told: revision(number), unreachable(), alive(), lost(), refused()
export function listen(address, told) {
  let source = null
  let wait = FIRST_WAIT
  let timers = {}
  let ended = false

  function later(name, milliseconds, action) {
    clearTimeout(timers[name])
    timers[name] = setTimeout(action, milliseconds)
  }

  function heard(action) {
    wait = FIRST_WAIT
    clearTimeout(timers.grace)
    timers.grace = undefined
    later("silence", SILENCE, silent)
    action()
  }

  function open() {
    if (ended) return
    source = new EventSource(address)
    later("silence", SILENCE, silent) // a line that is dead does not answer the asking either
    source.addEventListener("revision", event => heard(() => told.revision(Number(event.data))))
    source.addEventListener("alive", () => heard(told.alive))
    source.addEventListener("unreachable", () => heard(told.unreachable))
    source.onerror = failed
  }

  // Nothing was heard for too long: it is told at once, not after another wait.
  function silent() {
    told.lost()
    failed()
  }

  function failed() {
    source.close()
    clearTimeout(timers.silence)
    if (timers.grace === undefined) later("grace", GRACE, told.lost)
    if (wait > FIRST_WAIT) askWhy()
    later("open", wait * (0.75 + Math.random() / 2), open)
    wait = Math.min(wait * 2, LONGEST_WAIT)
  }

  // An EventSource does not tell a refusal from a dead line.
  async function askWhy() {
    const stop = new AbortController()
    try {
      const answer = await fetch(address, { signal: stop.signal, cache: "no-store" })
      if (answer.status === 403 && !ended) told.refused()
    } catch {
      // no line at all: already told
    } finally {
      stop.abort()
    }
  }

  function onLine() {
    wait = FIRST_WAIT
    if (source.readyState === EventSource.CLOSED) later("open", 0, open)
  }

  addEventListener("online", onLine)
  addEventListener("offline", silent)
  open()
  return function stop() {
    ended = true
    removeEventListener("online", onLine)
    removeEventListener("offline", silent)
    for (const timer of Object.values(timers)) clearTimeout(timer)
    source.close()
  }
}
