"""From a council's yes to the prefecture's money, on screen: one municipality among two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import Engine

from core.access.principal import Principal, Role
from core.commands.parameters import record_parameter
from core.commands.subsidy import apply_for_subsidy
from core.params import Basis
from core.reference.grants import TALENT
from core.store.engine import reading
from core.store.subsidy import cases
from core.subsidy.case import Case
from core.subsidy.check import StepForm
from core.subsidy.document_values import papers_of
from core.subsidy.step import CaseStep
from core.values.fiscal import FiscalYear
from tests.support.contracts import approved
from tests.support.reader import SIZES, Reader
from tests.support.reference import REFERENCE
from tests.support.running import RunningServer

SAKAI, MISAKI = "271403", "273660"
YEAR = FiscalYear(2026)
TODAY = date(2026, 11, 24)  # the fourth Tuesday of the month
NAMES = ("jimukyoku", "jumbi", "tanto", "sakai", "misaki", "ics", "txt")
VENDOR = "乗合デジタル支援株式会社"
MINUTES = "第1回 議事録.txt"


def prepared(engine: Engine, now: datetime) -> None:
    """Two councils said yes to three visits, 300,000 yen, of which half is 150,000; there is 270,000."""
    for code in (SAKAI, MISAKI):
        who = Principal(f"jumbi-{code}", "準備", Role.OFFICER, code)
        approved(engine, who, code, choices=((6, 3),), fiscal_year=2026, start_month=10, now=now)
    record_parameter(
        engine,
        Principal("jumbi", "準備", Role.SECRETARIAT),
        name="talent.programme_budget",
        text="270000",
        valid_from=YEAR.first_day,
        basis=Basis.OFFICIAL,
        source="令和8年度当初予算",
        note="",
        request_id="budget",
        now=now,
    )
    apply_for_subsidy(
        engine,
        Principal(f"jumbi-{MISAKI}", "準備", Role.OFFICER, MISAKI),
        lg_code=MISAKI,
        fiscal_year=YEAR,
        programme=TALENT,
        title="令和8年度デジタル人材シェアリング事業",
        asked=(),
        form=StepForm(TODAY),
        reference=REFERENCE,
        request_id="misaki",
        now=now,
    )


def unfold(reader: Reader, title: str) -> Locator:
    """A folded form, opened."""
    box = reader.page.get_by_test_id("stExpander").filter(
        has=reader.page.locator("summary").filter(has_text=title)
    )
    box.locator("summary").click()
    reader.settled()
    return box


def turned(reader: Reader, size: str) -> None:
    """The same window on another device."""
    width, height = SIZES[size]
    reader.size = size
    reader.page.set_viewport_size({"width": width, "height": height})
    reader.settled()


def takes(reader: Reader, step: CaseStep) -> None:
    """The usual next step, with what stands in its form."""
    reader.press(f"{step.label}を記録する")
    answered(reader, f"「{step.label}」を")


def answered(reader: Reader, words: str) -> None:
    """What the screen answers to the last press, in sight."""
    reader.settled()
    told = reader.page.get_by_test_id("stAlertContentSuccess").filter(has_text=words)
    expect(told).to_be_in_viewport(ratio=1)


def ours(engine: Engine) -> Case:
    with reading(engine) as session:
        return cases(session, SAKAI)[-1]


@pytest.mark.parametrize("size", ["wide"])
def test_from_the_councils_yes_to_the_money(
    server: RunningServer, open_reader: Callable[[], Reader]
) -> None:
    prepared(server.engine, server.now())
    officer, office = open_reader(), open_reader()
    officer.sign_in(server.add_account("tanto-sakai", Role.OFFICER, SAKAI))
    office.sign_in(server.add_account("jimukyoku", Role.SECRETARIAT))

    # --- the contract, with what was approved already in its fields
    officer.open("support")
    officer.shot("support-0-approved", allowed=NAMES)
    unfold(officer, "令和8年度の契約を記録する")
    officer.type("事業者名(必須)", VENDOR)
    officer.page.keyboard.press("Escape")  # the calendar of the next field
    officer.shot("support-1-contract", allowed=NAMES)
    officer.press("契約を記録する")
    answered(officer, "R8-契約001 を記録し、参加希望を「契約」にしました")

    # --- the year in one step: the fourth Tuesday of three months, the first of them today
    officer.choose("週", "第4")
    officer.choose("曜日", "火曜日")
    officer.shot("support-2-planning", allowed=NAMES)
    officer.press("予定をまとめて立てる")
    answered(officer, "3回の支援回を予定しました")

    # --- applied for: half of 300,000
    officer.choose_tab("補助金")
    officer.tick("申請の内容を開く")
    expect(officer.page.get_by_text("申請額 150,000円").first).to_be_visible()
    officer.shot("support-3-application", allowed=NAMES)
    officer.press("交付申請を記録する")
    answered(officer, "交付申請を記録しました")

    # --- the secretariat decides on both at once: nine tenths of 150,000 each
    office.open("support")
    office.shot("support-4-office", allowed=NAMES)
    office.choose_tab("補助金")
    unfold(office, "まとめて決定(決定を待つ申請 2件)")
    expect(
        office.page.get_by_text("申請額の合計300,000円が予算の残り270,000円を超える")
    ).to_be_visible()
    office.shot("support-5-deciding", allowed=NAMES)
    office.press("2件をまとめて決定する")
    expect(office.page.get_by_text("申請額から減額する理由を入力してください。")).to_be_visible()
    office.type("理由(減額するとき必須)", "予算の範囲内で按分")
    office.press("2件をまとめて決定する")
    answered(office, "2件の交付決定を記録しました")
    assert ours(server.engine).decided == 135_000
    office.shot("support-6-decided", allowed=NAMES)

    # --- a visit is recorded on a phone, with its minutes
    officer.choose_tab("契約・支援回")
    turned(officer, "narrow")
    officer.page.get_by_role("button", name="第1回").first.click()
    officer.settled()
    officer.page.get_by_test_id("stButtonGroup").get_by_text("実施を記録する", exact=True).click()
    officer.settled()
    officer.page.get_by_label("議題(必須)").fill("業務の棚卸し")
    officer.type("実施した内容(必須)", "業務の一覧をつくった。")
    officer.page.locator("input[type=file]").first.set_input_files(
        [{"name": MINUTES, "mimeType": "text/plain", "buffer": "議事録".encode()}]
    )
    expect(officer.page.get_by_text(MINUTES)).to_be_visible()
    officer.shot("support-7-visit", allowed=NAMES)
    officer.press("実施を記録する")
    answered(officer, "の実施を記録しました")
    expect(officer.page.get_by_role("link", name=MINUTES)).to_be_visible()
    officer.shot("support-8-held", allowed=NAMES)
    turned(officer, "wide")

    # --- it ends after this visit: the two that were planned go, 100,000 are paid
    box = unfold(officer, "変更契約を記録する")
    for label, text in (("支援回数(必須)", "1"), ("契約額(税込)(必須)", "100000")):
        box.get_by_label(label, exact=True).fill(text)
        box.get_by_label(label, exact=True).press("Tab")
        officer.settled()
    box.get_by_label("変更契約の理由(必須)").fill("担当課の廃止")
    box.get_by_label("変更契約の理由(必須)").press("Tab")
    officer.press("変更契約を記録する")
    answered(officer, "支援回の予定2回を中止にしました")
    unfold(officer, "支払を記録する")
    officer.type("プラン6 BPR の支払額(残り100,000円)", "10万")
    officer.press("支払を記録する")
    answered(officer, "支払済の合計は100,000円です")
    officer.shot("support-9-paid", allowed=NAMES)

    # --- 変更申請 and what follows, each in turn
    officer.choose_tab("補助金")
    unfold(officer, "変更申請を記録する")
    officer.type("理由(必須)", "支援回数の減")
    officer.shot("support-10-change", allowed=NAMES)
    takes(officer, CaseStep.CHANGE_APPLIED)
    office.page.get_by_role("button", name="堺市").first.click()
    office.settled()
    office.shot("support-11-case", allowed=NAMES)
    takes(office, CaseStep.CHANGE_DECIDED)
    officer.open("support?tab=補助金")
    takes(officer, CaseStep.REPORTED)
    for reader, step in (
        (office, CaseStep.FINALISED), (officer, CaseStep.CLAIMED), (office, CaseStep.PAID),
    ):  # fmt: skip
        reader.page.reload()
        takes(reader, step)
    case = ours(server.engine)
    assert (case.decided, case.final, case.paid) == (50_000, 50_000, 50_000)
    office.shot("support-12-over", allowed=NAMES)
    officer.page.reload()
    officer.shot("support-13-over-here", allowed=NAMES)

    # --- its papers, made from what was recorded
    with officer.page.expect_download() as download:
        officer.press("すべての書類(zip)")
    with ZipFile(download.value.path()) as papers:
        names = papers.namelist()
        assert len(names) == len(papers_of(case))
        assert names == sorted(names)
        for name in names:
            with ZipFile(BytesIO(papers.read(name))) as paper:
                said = "".join(
                    paper.read(part).decode() for part in paper.namelist() if part.endswith(".xml")
                )
            assert "堺市" in said, name


def test_another_municipality_reaches_nothing_by_address(
    server: RunningServer, open_reader: Callable[[], Reader]
) -> None:
    stranger = open_reader()
    stranger.sign_in(server.add_account("tanto-misaki", Role.OFFICER, MISAKI))
    stranger.open("support?contract=1&visit=1")
    expect(stranger.page.get_by_text("リンクの契約「1」はありません")).to_be_visible()
    expect(stranger.page.get_by_text("R8-契約001")).to_have_count(0)
    stranger.open(f"support?tab=補助金&case={ours(server.engine).number.label}&town={SAKAI}")
    expect(stranger.page.get_by_text("はこの年度にありません")).to_be_visible()
    stranger.shot("support-14-stranger", allowed=NAMES)
    for code in (SAKAI, MISAKI):
        found = stranger.page.request.get(f"{server.address}/attachments/visits/{code}/1")
        assert found.status in (403, 404)
        assert "議事録" not in found.text()
