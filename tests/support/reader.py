"""A reader in front of a real browser, and what every screen owes them wherever they look."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebSocket, expect
from playwright.sync_api import TimeoutError as TooLate
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.settings import PROJECT
from dashboard.context import COOKIE
from tests.support.running import Account, RunningServer
from tests.support.waiting import PATIENCE_SECONDS, wait_until

SIZES = {"hall": (1920, 1080), "wide": (1366, 768), "narrow": (390, 844)}
BOTH = ("wide", "narrow")
SCREENSHOTS = PROJECT / "tests" / "e2e" / "screenshots"

# Names and units a Japanese office writes in Latin letters. Everything else is English left over.
_LATIN = """
aria bcp bpr bpmn cio cloud csv dmarc dx ebpm enter excel fit gap gis govtech ics ict iot iso json kpi lan lgwan
lgx libreoffice mit noriai pdca pdf pmo pos powerpoint qol rfi rfp rpa saas sha sms sns tel teams url
outlook utf wcag webex word xlsx zip zoom
"""
LATIN = frozenset(_LATIN.split())
_WORD = re.compile(r"[A-Za-z]{3,}")
_ADDRESS = re.compile(
    r"[0-9a-f]{8}…|https?://\S+|[\w.+-]+@[\w.-]+|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,5}\b"
)

# Text a reader sees or hears: not of icons, code samples, or what is hidden from them.
_VISIBLE_TEXT = """() => {
  const skipped = "script, style, code, pre, textarea, [aria-hidden='true'], [lang='en']"
  const found = []
  const blockOf = node => {
    let block = node.parentElement
    while (block && getComputedStyle(block).display.startsWith("inline")) block = block.parentElement
    return block
  }
  let last = null
  const visit = root => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node
      if (!element || element.closest(skipped)) continue
      if (element.shadowRoot && node === element) visit(element.shadowRoot)
      if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
      if (node.nodeType === Node.TEXT_NODE) {
        if (!node.data.trim()) continue
        const block = blockOf(node)  // an address may stand in several pieces of one line
        if (block && block === last) found.push(found.pop() + node.data)
        else found.push(node.data)
        last = block
      } else {
        for (const name of ["aria-label", "title", "placeholder", "alt"]) {
          const text = element.getAttribute(name)
          if (text && text.trim()) {
            found.push(text.trim())
            last = null
          }
        }
      }
    }
  }
  visit(document.body)
  return found
}"""

# Whatever a click made the page do, it has done when it has drawn twice.
_DRAWN_TWICE = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

# Words cut off at their own edge, and boxes that stick out of the screen with nothing to scroll.
_CUT_OFF = """() => {
  const scrolls = element => {
    for (let e = element; e && e !== document.body; e = e.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1)
        return true
    }
    return false
  }
  const found = []
  const main = document.querySelector("[data-testid='stMain']")
  for (const element of main ? main.querySelectorAll("*") : []) {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
    if (element.closest("svg, canvas, [data-testid='stIconMaterial'], [aria-hidden='true']")) continue
    const own = [...element.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim())
    if (!own) continue
    const style = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    if (box.width <= 1 || box.height <= 1) continue
    const cut = /hidden|clip/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1
    const outside = box.right > innerWidth + 1 && !scrolls(element)
    if (cut || outside) found.push(element.textContent.trim().slice(0, 60))
  }
  return found
}"""


class _Runs:
    """Whether the script still owes a window an answer, from what goes over its socket.

    Between a click and the first word of the answer nothing on the page says that one is due.
    """

    def __init__(self, page: Page) -> None:
        self.due = False
        self._begun = False
        page.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        self.due = False
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes) and BackMsg.FromString(frame).HasField("rerun_script"):
            self.due, self._begun = True, False

    def _received(self, frame: str | bytes) -> None:
        if not self.due or not isinstance(frame, bytes):
            return
        message = ForwardMsg.FromString(frame)
        if message.HasField("new_session"):
            self._begun = True
        elif message.HasField("script_finished") and self._begun:
            self.due = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN


class Reader:
    """One person with one browser window.

    Attributes:
        page: The Playwright page, for anything not said below.
        size: ``wide`` (1366×768), ``narrow`` (390×844), or ``hall`` (1920×1080) for the wall.
        foreign: Requests to any host but the server's, and what the browser itself forbade.
        broken: Errors of scripts in the page.
    """

    def __init__(self, context: BrowserContext, server: RunningServer, size: str) -> None:
        self.size = size
        self.foreign: list[str] = []
        self.broken: list[str] = []
        self._server = server
        self._host = urlsplit(server.address).netloc
        context.on("request", self._saw_request)
        self.page: Page = context.new_page()
        self._runs = _Runs(self.page)
        self.page.on("websocket", self._saw_socket)
        self.page.on("console", self._saw_console)
        self.page.on("pageerror", lambda error: self.broken.append(str(error)))

    def _saw_request(self, request: Request) -> None:
        self._saw_address(request.url)

    def _saw_socket(self, socket: WebSocket) -> None:
        self._saw_address(socket.url)

    def _saw_address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != self._host:
            self.foreign.append(url)

    def _saw_console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.foreign.append(message.text)

    def open(self, path: str = "") -> None:
        """Go to an address of the server, or to a whole one that it wrote itself."""
        url = path if path.startswith("http") else f"{self._server.address}/{path.lstrip('/')}"
        self.page.goto(url)
        self.settled()

    def settled(self) -> None:
        """Wait until the script has run to its end and everything is drawn."""
        app = self.page.get_by_test_id("stApp")
        expect(app).to_have_attribute("data-test-connection-state", "CONNECTED")
        self.page.evaluate(_DRAWN_TWICE)
        end = monotonic() + PATIENCE_SECONDS
        while self._runs.due:
            assert monotonic() < end, "the script does not come to its end"
            self.page.wait_for_timeout(10)  # lets what the page reports through
        expect(app).to_have_attribute("data-test-script-state", "notRunning")
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0)
        for chart in self.page.get_by_test_id("stVegaLiteChart").all():
            if chart.is_visible():
                expect(chart.locator("svg, canvas").first).to_be_visible()

    def sign_in(self, account: Account) -> None:
        """With the cookie that the form leaves behind; opens nothing."""
        self.page.context.add_cookies(
            [
                {
                    "name": COOKIE,
                    "value": self._server.session_of(account),
                    "url": self._server.address,
                    "httpOnly": True,
                    "sameSite": "Strict",
                }
            ]
        )

    def sign_in_by_form(self, account: Account) -> None:
        """As a person does it; the server then chooses the screen."""
        self.open("sign_in")
        self.page.get_by_label("ユーザー名").fill(account.username)
        self.page.get_by_label("パスワード", exact=True).fill(account.password)
        with self.page.expect_response("**/session"):  # sets the cookie
            self.page.get_by_test_id("stMain").get_by_role("button", name="サインイン").click()
        expect(self.page.get_by_label("ユーザー名")).to_have_count(0)
        self.settled()

    def sign_out(self) -> None:
        """By the button in the menu."""
        self.open_menu()
        with self.page.expect_response("**/session"):
            self.page.get_by_role("button", name="サインアウト").click()
        expect(self.page.get_by_role("button", name="サインアウト")).to_have_count(0)
        self.settled()

    def open_menu(self) -> None:
        """On a narrow screen the menu is folded away; a window made wide may unfold it itself."""
        unfold = self.page.get_by_test_id("stExpandSidebarButton")

        def unfolded() -> bool:
            if unfold.is_visible():
                with suppress(TooLate):  # gone while it was about to be pressed
                    unfold.click(timeout=2000)
            return not unfold.is_visible()

        wait_until(unfolded, "the menu is unfolded")

    def go(self, title: str) -> None:
        """To another screen by its name in the menu; from the first one where none is open."""
        if self.page.url == "about:blank":
            self.open()
        self.open_menu()
        self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=title).click()
        self.page.mouse.move(SIZES[self.size][0] - 1, 1)  # what the entry says of itself goes
        self.settled()
        fold = self.page.get_by_test_id("stSidebarCollapseButton").get_by_role("button")
        if self.size == "narrow" and fold.is_visible():
            fold.click()
            expect(self.page.get_by_test_id("stExpandSidebarButton")).to_be_visible()

    def choose_tab(self, title: str) -> None:
        """One of the tabs of the screen."""
        self.page.get_by_role("tab", name=title, exact=True).click()
        self.settled()
        panel = self.page.get_by_role("tabpanel", name=title, exact=True)
        expect(panel.get_by_test_id("stElementContainer").first).to_be_visible()

    def tick(self, label: str) -> None:
        """A checkbox, by the words beside it."""
        box = self.page.get_by_test_id("stCheckbox").filter(has_text=label)
        box.locator("label").first.click()
        self.settled()

    def choose(self, label: str, option: str) -> None:
        """An entry of a selectbox; typed as well, since a long list draws only what shows."""
        box = self.page.get_by_test_id("stSelectbox").filter(has_text=label)
        box.get_by_role("combobox").click()
        self.page.keyboard.type(option)
        self.page.get_by_role("option", name=option, exact=True).click()
        self.settled()

    def type(self, label: str, text: str) -> None:
        """Into a field, and on to the next one."""
        field = self.page.get_by_label(label, exact=True)
        field.fill(text)
        field.press("Tab")
        self.settled()

    def press(self, name: str) -> None:
        """A button of the screen, by its words; in an open popover rather than behind it."""
        self.settled()
        self.page.get_by_role("button", name=name).last.click()
        self.settled()

    def english_left(self, allowed: Sequence[str] = ()) -> list[str]:
        """English in what can be seen or heard; addresses, digests, icons and code do not count."""
        known = LATIN | {word.lower() for word in allowed}

        def is_english(text: str) -> bool:
            return any(w.lower() not in known for w in _WORD.findall(_ADDRESS.sub(" ", text)))

        return sorted({t[:80] for t in self.page.evaluate(_VISIBLE_TEXT) if is_english(t)})

    def cut_off(self) -> list[str]:
        """Words that are cut off, and boxes that stick out of the screen."""
        found: list[str] = self.page.evaluate(_CUT_OFF)
        return found

    def check(self, allowed: Sequence[str] = ()) -> None:
        """What holds on every screen: Japanese, nothing cut off, nothing broken, nobody else.

        Args:
            allowed: Latin words that belong on this screen, beside :data:`LATIN`.
        """
        expect(self.page.locator("html")).to_have_attribute("lang", "ja")
        sideways = "Math.max(0, document.documentElement.scrollWidth - innerWidth)"
        problems = {
            "English left over": self.english_left(allowed),
            "cut off": self.cut_off(),
            "pixels to scroll sideways": self.page.evaluate(sideways),
            "requests to other hosts": self.foreign,
            "errors in the page": self.broken,
        }
        found = {what: value for what, value in problems.items() if value}
        assert not found, f"{self.page.url}: {found}"

    def shot(self, name: str, *, whole: bool = True, allowed: Sequence[str] = ()) -> Path:
        """Write the picture of the whole screen (or of what shows at first), then check it.

        Who acts on the wide screen looks at each picture on a phone as well: what is drawn for a
        size is the browser's doing, so nobody has to come there twice.
        """
        self.settled()
        path = self._picture(name, self.size, whole)
        self.check(allowed)
        if self.size == "wide":
            self._turned("narrow", menu=False)
            self._picture(name, "narrow", whole)
            self.check(allowed)
            self._turned("wide", menu=True)
        return path

    def _picture(self, name: str, size: str, whole: bool) -> Path:
        path = SCREENSHOTS / f"{name}-{size}.png"
        path.parent.mkdir(exist_ok=True)
        width, height = SIZES[size]
        if whole:
            inside = "document.querySelector(\"[data-testid='stMain']\")?.scrollHeight ?? 0"
            self.page.set_viewport_size(
                {"width": width, "height": max(height, self.page.evaluate(inside))}
            )
        self.page.screenshot(path=path, animations="disabled")
        if whole:
            self.page.set_viewport_size({"width": width, "height": height})
        return path

    def _turned(self, size: str, *, menu: bool) -> None:
        """The same window at another size, its menu as somebody finds it who comes at that size."""
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})
        self.settled()
        if menu:
            self.open_menu()
        elif self.page.get_by_test_id("stSidebar").count():
            expect(self.page.get_by_test_id("stExpandSidebarButton")).to_be_visible()
        self.settled()
