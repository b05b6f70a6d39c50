"""A vote in a meeting room: nothing of it reaches a browser until the secretariat reveals it on the wall."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from core.access.principal import CONSOLE, Role
from core.commands.meetings import keep_meeting_set
from core.inquiry.question import Option, Question
from core.views.meetings import meetings_view
from tests.e2e.test_meeting import opened_by
from tests.support.reader import Reader
from tests.support.reference import REFERENCE
from tests.support.running import RunningServer
from tests.support.screens import HIRAKATA, SAKAI, japan_now
from tests.support.votes import Asked

CHOICES = tuple(Option(key, f"KOHO-{key}") for key in "xyz")
VOTE = Question("vote", "ranking", "次に共同調達するシステム", options=CHOICES, points=(2, 1))
WHY = Question("why", "text", "選んだ理由")
SECRET = "DOKU-7731"


def listened_to(page: Page) -> list[bytes]:
    """Everything a server says to a page from here on."""
    heard: list[bytes] = []

    def take(message: str | bytes) -> None:
        heard.append(message.encode() if isinstance(message, str) else message)

    page.on("websocket", lambda socket: socket.on("framereceived", take))
    page.on("response", lambda answer: heard.append(answer.url.encode()))
    return heard


def test_a_hidden_vote_is_revealed_on_every_wall_and_kept(
    server: RunningServer, open_reader: Callable[[], Reader]
) -> None:
    office = server.add_account("jimu-vote", Role.SECRETARIAT)
    viewer = server.add_account("etsuran-vote", Role.VIEWER)
    asked = Asked(server.engine, VOTE, WHY, towns=(SAKAI, HIRAKATA), hidden=True, now=japan_now())
    kept = asked.does(
        keep_meeting_set, set_id=None, name="第3回 投票", scenes=(f"inquiry-{asked.number}-vote",),
        seconds=0, seen_row=0, reference=REFERENCE,
    )  # fmt: skip
    room, desk = open_reader(), open_reader()
    heard = [*map(listened_to, (room.page, desk.page))]
    wall = opened_by(room, viewer, f"meeting?set={kept}")
    number = wall.locator("section:not([hidden]) .number")
    expect(number).to_have_text("0")
    asked.hands_in(SAKAI, vote=["y", "x"], why=SECRET)
    expect(number).to_have_text("1")
    asked.hands_in(HIRAKATA, vote=["y", "z"], why=SECRET)
    expect(number).to_have_text("2")
    expect(wall.get_by_role("button", name="結果を公開")).to_have_count(0)

    screen = opened_by(desk, office, f"meeting?set={kept}")
    desk_said = f"{asked.number}"
    screen.goto(f"{server.address}/inquiries?inquiry={desk_said}&tab=集計")
    expect(screen.get_by_text("が投票しました(2団体のうち")).to_be_visible()
    screen.goto(f"{server.address}/inquiries?inquiry={desk_said}&answer={SAKAI}")
    expect(screen.get_by_text("回答の中身は事務局にも届きません")).to_be_visible()
    for messages in heard:
        assert len(messages) > 3
        assert not [each for each in messages if SECRET.encode() in each]
    assert not [each for each in heard[0] if b"KOHO-" in each]  # the wall is told of no option

    screen.goto(f"{server.address}/meeting?set={kept}")
    expect(screen.locator(".wall")).to_be_visible()
    screen.keyboard.press("r")
    expect(screen.get_by_role("dialog", name="結果を公開しますか")).to_be_visible()
    expect(wall.get_by_text("KOHO-y").first).to_have_count(0)
    screen.get_by_role("button", name="公開する").click()
    for page in (wall, screen):
        expect(page.locator(".wall").get_by_text("1位 KOHO-y").first).to_be_visible()
        expect(page.locator("section:not([hidden]) .number").first).to_have_text("4")
    assert [each for each in heard[0] if b"KOHO-y" in each]
    assert not [each for messages in heard for each in messages if SECRET.encode() in each]

    [moment] = [
        each for each in meetings_view(server.engine, CONSOLE).moments if "結果の公開" in each.name
    ]
    asked.hands_in(SAKAI, vote=["z"], why=SECRET)
    expect(wall.locator("section:not([hidden]) .number").first).to_have_text("3")
    screen.goto(f"{server.address}/meeting?freeze={moment.freeze_id}")
    expect(screen.locator("section:not([hidden]) .number").first).to_have_text("4")
