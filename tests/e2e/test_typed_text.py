"""Text that people typed, in a browser: shown as typed, and no link, picture, icon or markup."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect

from core.access.principal import Role
from core.settings import PROJECT
from core.values.free_text import visible
from tests.support.hostile import Typed, fill_hostile
from tests.support.reader import Reader
from tests.support.running import HOST, RunningServer, free_port
from tests.support.screens import SAKAI
from tests.support.waiting import PATIENCE_SECONDS, wait_until

PIECES = (
    "www.evil.example", "http://evil.example/?a=b&c=d#e", "HTTPS://EVIL.EXAMPLE", "www.",
    "tanto@evil.example", "mailto:a@evil.example", "xmpp:a@evil.example", "://", "//evil.example",
    "javascript:alert(1)", "<http://evil.example>", "[x](http://evil.example)", "[x]", "[x][x]",
    "![](http://evil.example/x.png)", "[a]: http://evil.example", "[^1]", "[^1]: 注",
    "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "<!-- x -->", "&amp;", "&#60;b>",
    ":red[x]", ":color[x]{foreground=red}", ":small[x]", ":help[x]", ":red-badge[x]", "::x[y]",
    ":::x", ":material/delete:", ":material_delete:", ":streamlit:", ":smile:", ":+1:", ":", "::",
    "$x$", "$$x$$", "\\", "\\(", "\\*", "`code`", "```", "~~~", "~~x~~", "**x**", "*", "__x__",
    "_", "# x", "#", "=====", "---", "***", "- x", "+ x", "1. x", "1) x", "> x", "- [ ] x", "1234. x", "1234567890. x",
    "a&b", "x!", "{x}", "+++", "(x)", "x:", "^x", "x ##", "a:b:c", "&", "!",
    "| a | b |", "|---|", "|", "->", "<-", "<->", "--", ">=", "<=", "~=", "    x", "\t", "\n",
    "\n\n", "red", "x", "堺", "(仮)", "12:30", "2026-11-24", "=1+1", "\u202e", "\u200b", "\x07",
)  # fmt: skip
_SHOWN = """count => Array.from({ length: count }, (_, number) =>
  [...document.querySelectorAll(
    `.st-key-text${number} :is([data-testid=stMarkdownContainer], th, td)`)].map(
    each => [each.textContent, [...each.querySelectorAll("*")].map(inside =>
      inside.tagName + [...inside.attributes].map(a => a.name).join())]))"""
_OURS = "edit 12:30:45 ", " 終"
HARMLESS = {"P", "BR", "SPAN", "STRONG"}
COLOURED = "SPANclass,style"
"""Of our own words beside it."""
ICON = "SPANrole,aria-label,translate,style"


def texts() -> list[str]:
    """Every piece alone, and many put together at random, the same on every run."""
    chance = random.Random(9)
    mixed = [
        chance.choice(["", " ", "\n"]).join(chance.choices(PIECES, k=chance.randint(2, 5)))
        for _ in range(160)
    ]
    return [each for each in dict.fromkeys([*PIECES, *mixed]) if visible(each).strip()]


@pytest.fixture
def typed_page(tmp_path: Path) -> Iterator[str]:
    held = tmp_path / "texts.json"
    held.write_text(json.dumps(texts()), "utf-8")
    port = str(free_port())
    script = str(Path(__file__).with_name("typed_page.py"))
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", script, "--server.port", port, "--", str(held)],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://{HOST}:{port}"

    def answers() -> bool:
        try:
            with urlopen(f"{address}/_stcore/health", timeout=PATIENCE_SECONDS):
                return True
        except OSError:
            return False

    wait_until(answers, "the page answers")
    yield address
    process.terminate()
    process.wait()


def test_every_text_is_shown_as_typed_wherever_markdown_is_read(
    browser: Browser, typed_page: str
) -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    page.goto(typed_page)
    expect(page.get_by_text("すべて描きました")).to_be_visible()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    wrong = []
    for text, shown in zip(texts(), page.evaluate(_SHOWN, len(texts())), strict=True):
        typed = " ".join(visible(text).split())
        assert len(shown) >= 7, text
        for number, (words, inside) in enumerate(shown):
            ours = COLOURED, ICON
            alone = " ".join(words.removeprefix(_OURS[0]).removesuffix(_OURS[1]).split())
            marked = set(inside) - HARMLESS - (set(ours) if number == 0 else set())
            if (words and alone != typed) or marked:
                wrong.append((text, words, marked))
    page.close()
    assert wrong == []


# ── the screens themselves ────────────────────────────────────────────────────────────────────

_FOUND = """() => {
  const roots = [document], found = [], texts = []
  for (const root of roots)
    for (const each of root.querySelectorAll("*")) if (each.shadowRoot) roots.push(each.shadowRoot)
  for (const root of roots) {
    for (const each of root.querySelectorAll("[href], [src], [action], [style*='url(']"))
      if (/evil/.test(decodeURIComponent(["href", "src", "action", "style"].map(
          name => each.getAttribute(name) ?? "").join(" ")).replace(/毒.*/s, "")))
        found.push(each.outerHTML.slice(0, 200))
    for (const each of root.querySelectorAll("[onerror], script"))
      if (/毒|evil|hit\\(/.test(each.outerHTML)) found.push(each.outerHTML.slice(0, 200))
    for (const each of root.querySelectorAll("[aria-label], [title], [alt], [placeholder]"))
      for (const name of ["aria-label", "title", "alt", "placeholder"])
        if (/:color\\[|\\\\[^\\w\\s]/.test(each.getAttribute(name) ?? ""))
          found.push(`${name}: ${each.getAttribute(name)}`) // read aloud with its escapes
    const walker = document.createTreeWalker(root === document ? document.body : root, 4)
    while (walker.nextNode()) {
      const mark = walker.currentNode.data.match(/毒\\d{4}/)
      if (!mark || walker.currentNode.parentElement.closest("svg")) continue // charts cut names
      const element = walker.currentNode.parentElement
      const around = element.closest("[data-testid=stMarkdownContainer]") ?? element
      texts.push([mark[0], around.textContent])
    }
  }
  return [found, texts]
}"""

PLACES = {
    "public": (("home", ""), ("trainings", ""), ("about", "制度値")),
    "officer": (
        ("our_municipality", ""), ("consultations", ""), ("plans", "保存した試算"),
        ("boarding?programme=docs", ""), ("trainings?view=ours", ""),
        ("trainings?view=subscribe", ""), ("trainings?training={training}", ""),
    ),
    "secretariat": (
        ("consultations?number=R8-006", ""), ("administration", "監査記録"), ("administration", "制度値"),
        ("kpi", "アラート・目標"), ("ledger?record={record}", ""), ("ledger", "後乗り募集"),
        ("trainings?training={training}", "申込者・出席"), ("trainings?view=month", ""),
        ("meeting_preparation", ""), ("meeting", ""),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def typed(server: RunningServer) -> Typed:
    return fill_hostile(server.engine)


@pytest.fixture(params=["wide"])
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def opened(server: RunningServer, path: str) -> str:
    def one(query: str) -> str:
        with server.engine.connect() as connection:
            return str(connection.exec_driver_sql(query).scalar())

    return path.format(
        training=one("SELECT training_id FROM training_version WHERE title LIKE '%毒%'")
        if "{training}" in path
        else "",
        record=one("SELECT max(id) FROM ledger_event WHERE note LIKE '%毒%'")
        if "{record}" in path
        else "",
    )


def test_on_the_screens_nothing_comes_of_what_was_typed(
    typed: Typed, server: RunningServer, open_reader: Callable[[], Reader]
) -> None:
    """That nothing was asked of another host, the reader's fixture asserts."""
    seen: set[str] = set()
    for who, places in PLACES.items():
        reader = open_reader()
        if who != "public":
            role = Role(who)
            code = SAKAI if role is Role.OFFICER else None
            reader.sign_in(server.add_account(f"typed-{who}", role, code))
        for path, tab in places:
            reader.open(opened(server, path))
            if tab:
                reader.choose_tab(tab)
            made, shown = reader.page.evaluate(_FOUND)
            assert made == [], (who, path, tab)
            assert reader.page.evaluate("typeof window.hit") == "undefined"
            for mark, around in shown:
                seen.add(mark)
                whole = " ".join(typed.texts[mark].split())
                assert whole in " ".join(around.split()), (who, path, tab, around)
    assert len(seen) > 40
