"""The wall in a meeting room: an officer's answer reaches it, keys move it, nothing flickers, the
server may go and come back."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Callable, Iterator
from time import monotonic

import psutil
import pytest
from playwright.sync_api import Locator, Page, expect

from core.access.principal import CONSOLE, Role
from core.commands.wishes import hand_in_wishes
from core.estimate.request import EstimateRequest, PlanChoice
from core.figures.scenes.registry import makers
from core.store.engine import reading
from core.store.wishes import wish_events
from core.support.wish import WishState, current_wishes
from tests.support.reader import SCREENSHOTS, SIZES, Reader
from tests.support.reference import REFERENCE
from tests.support.running import Account, RunningServer, wait_until_ready

SAKAI, SUITA, NEYAGAWA = "271403", "272051", "272159"
STATING = {SAKAI, SUITA, NEYAGAWA}
SCENES = tuple(makers(REFERENCE).values())

# Writes down, scene by scene, every element of the wall that is added, removed or written to.
WATCH = """() => {
  const root = document.querySelector(".st-key-wall")
  const shadows = [...root.querySelectorAll("*")].map(e => e.shadowRoot).filter(Boolean)
  const wall = shadows.map(s => s.querySelector(".wall")).find(Boolean)
  window.touched = []
  new MutationObserver(all => all.forEach(one => {
    const element = one.target.nodeType === Node.ELEMENT_NODE ? one.target : one.target.parentElement
    if (!element || element.closest("[data-clock]")) return
    window.touched.push(element.closest("section")?.getAttribute("aria-label") ?? element.closest("header, footer")?.localName ?? "wall")
  })).observe(wall, { childList: true, subtree: true, characterData: true, attributes: true })
}"""
# Words of the wall that are cut off at their own edge, cover each other's, or leave the screen.
CUT_OFF = """() => {
  const shadows = [...document.querySelectorAll(".st-key-wall *")].map(e => e.shadowRoot).filter(Boolean)
  const wall = shadows.map(s => s.querySelector(".wall")).find(Boolean)
  const main = wall.querySelector(".stage").getBoundingClientRect()
  const found = []
  for (const element of wall.querySelectorAll("*")) {
    if (!element.checkVisibility() || element.closest("svg, .sign, .chip")) continue
    if (![...element.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim())) continue
    const box = element.getBoundingClientRect()
    const cut = element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline"
    const outside = box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1
    const covers = element.closest(".stage") && box.bottom > main.bottom + 1
    if (cut || outside || covers) found.push(element.textContent.slice(0, 40))
  }
  return found
}"""


@pytest.fixture
def size() -> str:
    """A projector; where the size decides, also the laptop it is connected to."""
    return "hall"


@pytest.fixture(scope="module")
def accounts(server: RunningServer) -> dict[str, Account]:
    return {
        "viewer": server.add_account("etsuran", Role.VIEWER),
        "secretariat": server.add_account("jimu", Role.SECRETARIAT),
        "officer": server.add_account("sakai", Role.OFFICER, SAKAI),
    }


@pytest.fixture
def wall(open_reader: Callable[[], Reader], accounts: dict[str, Account]) -> Page:
    """The wall, opened by an account that may do nothing else; it does not change by itself."""
    return opened_by(open_reader(), accounts["viewer"])


def opened_by(reader: Reader, account: Account, path: str = "meeting") -> Page:
    reader.sign_in(account)
    reader.page.goto(f"{reader._server.address}/{path}")
    expect(reader.page.locator(".wall")).to_be_visible()
    stop = reader.page.get_by_role("button", name="自動を止める")
    if stop.count():
        stop.click()
    return reader.page


def scene(page: Page, key: str) -> Locator:
    """Go to a scene by its number and give it back."""
    number = [maker.key for maker in SCENES].index(key) + 1
    page.keyboard.press(str(number % 10))
    title = SCENES[number - 1].title
    expect(page.locator(".wall h2")).to_have_text(title)
    return page.locator(f'section[aria-label="{title}"]')


def wish(server: RunningServer, lg_code: str, visits: int = 12) -> None:
    """State 希望 for プラン1, whatever was said before."""
    with reading(server.engine) as session:
        current = current_wishes(wish_events(session))
    before = current.get((lg_code, 2027, 1))
    hand_in_wishes(
        server.engine,
        CONSOLE,
        lg_code=lg_code,
        request=EstimateRequest(2027, (PlanChoice(1, visits),)),
        state=WishState.WISHED,
        reference=REFERENCE,
        seen={1: before.event_id} if before else {},
        request_id=f"{lg_code}-{monotonic()}",
        now=server.now(),
    )


def number_wished(server: RunningServer) -> int:
    with reading(server.engine) as session:
        current = current_wishes(wish_events(session)).values()
    return sum(
        w.fiscal_year == 2027 and w.state not in (WishState.WITHDRAWN, WishState.CONSIDERING)
        for w in current
    )


def test_an_officers_wish_comes_to_the_wall_by_itself_and_touches_nothing_else(
    wall: Page,
    open_reader: Callable[[], Reader],
    accounts: dict[str, Account],
    server: RunningServer,
) -> None:
    number = scene(wall, "number").locator(".number")
    before = int(number.inner_text())
    officer = open_reader()
    officer.sign_in(accounts["officer"])
    officer.open("plans?fy=2027&plans=6:12")
    officer.press("希望を提出")
    wall.evaluate(WATCH)
    officer.page.get_by_role("button", name="1プランを「希望」として提出").click()
    expect(number).to_have_text(str(before + 1))
    wish(server, NEYAGAWA)  # when this shows, all else is drawn
    expect(number).to_have_text(str(before + 2))
    touched = set(wall.evaluate("window.touched"))
    titles = {maker.key: maker.title for maker in SCENES}
    assert titles["number"] in touched
    assert not touched & {titles[key] for key in ("participation", "map", "timeline", "trainings")}


@pytest.mark.parametrize("size", ["hall", "wide"])
def test_the_wall_has_the_whole_screen_and_no_way_beside_it(wall: Page) -> None:
    for part in ("stSidebar", "stHeader", "stToolbar"):
        for found in wall.get_by_test_id(part).all():
            expect(found).not_to_be_visible()
    box = wall.locator(".wall").bounding_box()
    viewport = wall.viewport_size
    assert box is not None
    assert viewport is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (
        0,
        0,
        viewport["width"],
        viewport["height"],
    )


@pytest.mark.parametrize("size", ["hall", "wide"])
def test_every_scene_is_whole_and_its_number_is_big(wall: Page, size: str) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    least = 120 * min(SIZES[size][0] / 1920, SIZES[size][1] / 1080)
    expect(wall.locator(".spoken")).to_have_text(f"{wall.url.split('/')[2]}/w")
    for maker in makers(REFERENCE).values():
        shown = scene(wall, maker.key)
        sizes = shown.locator(".number").evaluate_all(
            "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert sizes
        assert min(sizes) >= least - 0.01, maker.key
        wall.screenshot(path=SCREENSHOTS / f"meeting-{maker.key}-{size}.png")
        assert wall.evaluate(CUT_OFF) == [], maker.key
    steps = scene(wall, "timeline").locator("svg.steps")
    ends = "all => all.map(e => e.getBoundingClientRect())"
    labels = steps.locator("text[text-anchor=end]").evaluate_all(ends)
    marks = steps.locator("text[font-size='46']").evaluate_all(ends)
    assert min(mark["left"] for mark in marks) >= max(label["right"] for label in labels)


def test_keys_move_it_at_once(wall: Page) -> None:
    titles = wall.evaluate(
        """() => {
          const shadow = [...document.querySelectorAll(".st-key-wall *")].map(e => e.shadowRoot).find(Boolean)
          const title = () => shadow.querySelector("h2").textContent
          return [title(), ...Array.from({ length: 20 }, () => {
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }))
            return title()  // within the stroke itself: nobody is asked, nothing is waited for
          })]
        }"""
    )
    assert all(before != after for before, after in itertools.pairwise(titles))
    wall.keyboard.press("Home")
    expect(wall.locator(".wall h2")).to_have_text(SCENES[0].title)
    wall.keyboard.press("ArrowLeft")
    expect(wall.locator(".wall h2")).to_have_text(SCENES[-1].title)
    expect(wall.locator(".dots")).to_contain_text(f"{len(SCENES)}/{len(SCENES)}")
    for key, title in {"?": "キーボードの操作", "d": "定義・集計基準・出典", "t": "表"}.items():
        wall.keyboard.press(key)
        expect(wall.get_by_role("dialog", name=title)).to_be_visible()
        wall.keyboard.press("Escape")
        expect(wall.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("size", ["hall", "wide"])
def test_what_is_hidden_shows_everywhere_after_one_key_of_whoever_may(
    wall: Page,
    open_reader: Callable[[], Reader],
    accounts: dict[str, Account],
    server: RunningServer,
) -> None:
    wish(server, SUITA)
    shown = scene(wall, "tiles")
    office = opened_by(open_reader(), accounts["secretariat"])
    scene(office, "tiles")
    signs = shown.locator("li.tile", has_text="吹田市").locator(".sign")
    wall.keyboard.press("r")  # a viewer may not
    expect(wall.get_by_role("button", name="開く", exact=True)).to_have_count(0)
    expect(shown.locator(".number").first).to_have_text("？")
    expect(signs).to_have_text("？")
    office.keyboard.press("r")
    expect(signs).to_have_text("○")
    expect(shown.locator(".number").first).not_to_have_text("？")
    for key in ("tiles", "missing"):
        scene(wall, key)
        assert wall.evaluate(CUT_OFF) == [], key
    wall.screenshot(path=SCREENSHOTS / "meeting-missing-open.png")
    office.keyboard.press("r")
    scene(wall, "tiles")
    expect(signs).to_have_text("？")


def test_a_line_that_says_nothing_is_told_and_comes_back_by_itself(wall: Page) -> None:
    """How soon is fixed in tests/served/test_live.py."""
    expect(wall.locator(".mark")).to_contain_text("現在")
    wall.route("**/live", lambda _route: None)  # neither an answer nor a refusal: a pulled cable
    wall.reload()
    expect(wall.locator(".mark")).to_contain_text("接続が切れています・最後の更新")
    expect(wall.locator(".wall")).to_have_class("wall stale")
    wall.unroute_all()
    expect(wall.locator(".mark")).to_contain_text("現在")
    wall.evaluate("window.dispatchEvent(new Event('offline'))")
    expect(wall.locator(".mark")).to_contain_text("接続が切れています")
    expect(wall.locator(".mark")).to_contain_text("現在")


def test_a_frozen_moment_stays_what_it_was(
    open_reader: Callable[[], Reader], accounts: dict[str, Account], server: RunningServer
) -> None:
    page = opened_by(open_reader(), accounts["secretariat"])
    number = scene(page, "number").locator(".number")
    then = str(number_wished(server))
    expect(number).to_have_text(then)
    page.get_by_role("button", name="控えを取る").click()
    message = page.locator(".message")
    expect(message).to_contain_text("控えを取りました")
    frozen = message.inner_text().split("番号")[1].split(")")[0]
    others = [m.lg_code for m in REFERENCE.municipalities if m.lg_code not in STATING]
    wish(server, others[int(frozen)])
    expect(number).to_have_text(str(int(then) + 1))
    page.goto(f"{server.address}/meeting?freeze={frozen}")
    expect(page.locator(".wall")).to_be_visible()
    expect(scene(page, "number").locator(".number")).to_have_text(then)
    expect(page.locator(".mark").first).to_contain_text("控え")
    expect(page.get_by_role("button", name="控えを取る")).to_have_count(0)


def test_the_short_address_leads_to_the_page_where_a_wish_is_stated(reader: Reader) -> None:
    reader.open("w")
    expect(reader.page.get_by_role("heading", name="プラン選択・費用試算")).to_be_visible()
    assert "fy=2027" in reader.page.url


def process_of(server: RunningServer) -> psutil.Process:
    port = server.address.rpartition(":")[2]
    [found] = [p for p in psutil.Process().children() if port in p.cmdline()]
    return found


@pytest.fixture(scope="module")
def restart(server: RunningServer) -> Iterator[Callable[[], None]]:
    """Starts the server of this file anew after it was killed; the last one is stopped again."""
    running = process_of(server)
    command, surroundings, folder = running.cmdline(), running.environ(), running.cwd()
    started: list[subprocess.Popen[bytes]] = []

    def again() -> None:
        with server.log.open("ab") as output:
            started.append(
                subprocess.Popen(
                    command, cwd=folder, env=surroundings, stdout=output, stderr=output
                )
            )
        wait_until_ready(started[-1], server)

    yield again
    for process in started:
        process.kill()
        process.wait()


def test_the_last_numbers_stay_when_the_server_goes_and_it_recovers_by_itself(
    wall: Page, server: RunningServer, restart: Callable[[], None]
) -> None:
    number = scene(wall, "number").locator(".number")
    then = number.inner_text()
    mark = wall.locator(".mark")
    expect(mark).to_contain_text("現在")
    process = process_of(server)
    process.kill()
    process.wait()
    expect(mark).to_contain_text("接続が切れています・最後の更新")
    expect(number).to_have_text(then)
    wall.keyboard.press("ArrowRight")
    expect(wall.locator(".wall h2")).to_have_text(SCENES[1].title)  # and keys still work
    wall.keyboard.press("ArrowLeft")
    wish(server, REFERENCE.municipalities[-1].lg_code)
    restart()
    expect(number).to_have_text(str(int(then) + 1))
    expect(mark).to_contain_text("現在")
    expect(wall.locator(".wall h2")).to_have_text(SCENES[0].title)
