"""アドバイザー相談 as each side sees it: asking, refusing, answering, publishing, attachments."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.store.consultations import consultations
from core.store.engine import reading
from dashboard import context
from tests.support.cards import cards_of, copied_of
from tests.support.screens import HIRAKATA, SAKAI, Screens, shown_text

Make = Callable[[str], Screens]
PDF = b"%PDF-1.7\n%%EOF\n"


def by_label(widgets: object, label: str) -> object:
    [found] = [w for w in widgets if w.label.startswith(label)]  # type: ignore[attr-defined]
    return found


def press(app: AppTest, label: str) -> AppTest:
    by_label(app.button, label).click()  # type: ignore[attr-defined]
    return app.run()


def every(screens: Screens) -> list:
    with reading(screens.engine) as session:
        return consultations(session)


def asking(screens: Screens, **typed: str) -> AppTest:
    app = screens.open(screens.signed_in("officer"), "consultations")
    if not [t for t in app.text_input if t.label.startswith("件名")]:
        app.segmented_control[0].set_value("new").run()
    texts = {
        "件名": "窓口の混雑",
        "担当課": "DX推進課",
        "担当者名": "堺 太郎",
        "メール": "a@b.lg.jp",
    }
    for label, value in (texts | {k: v for k, v in typed.items() if k != "相談内容"}).items():
        by_label(app.text_input, label).set_value(value)  # type: ignore[attr-defined]
    by_label(app.text_area, "相談内容").set_value(  # type: ignore[attr-defined]
        typed.get("相談内容", "呼出しの仕組みを知りたい")
    )
    by_label(app.radio, "形式").set_value("written")  # type: ignore[attr-defined]
    by_label(app.selectbox, "テーマ").set_value("daily_work")  # type: ignore[attr-defined]
    return app


def test_a_request_is_taken_in_and_the_form_is_empty_again(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = press(asking(screens), "相談を申し込む")
    assert not app.exception
    assert "受付番号は R8-001 です" in app.success[0].value
    (asked,) = every(screens)
    assert (asked.lg_code, asked.request.title) == (SAKAI, "窓口の混雑")
    assert any("R8-001 窓口の混雑" in e.label for e in app.expander)
    app.segmented_control[0].set_value("new").run()
    assert by_label(app.text_input, "件名").value == ""  # type: ignore[attr-defined]
    assert by_label(app.text_input, "担当者名").value == "堺 太郎"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("label", "value", "words"),
    [
        ("相談内容", "長" * 10_000, "現在10,000文字"),
        ("件名", "外字\ue000", "外字"),
        ("メール", "not an address", "メールアドレスとして使えません"),
        ("担当者名", "", "担当者名を入力してください"),
    ],
)
def test_a_refused_form_keeps_everything_and_records_nothing(
    screens_on: Make, label: str, value: str, words: str
) -> None:
    screens = screens_on("empty")
    app = press(asking(screens, **{label: value}), "相談を申し込む")
    assert not app.exception
    said = [error.value.replace("\\", "") for error in app.error]
    assert any(words in line for line in said)
    assert said[-1].startswith("1か所を直してください")
    kept = app.text_area if label == "相談内容" else app.text_input
    assert by_label(kept, label).value == value  # type: ignore[attr-defined]
    assert by_label(app.selectbox, "テーマ").value == "daily_work"  # type: ignore[attr-defined]
    assert every(screens) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("見積.pdf", b"MZ\x90\x00" + b"\0" * 200, "中身がPDFではありません"),
        ("大.pdf", PDF + b"\0" * 6 * 1024**2, "5MB以下"),
    ],
)
def test_a_file_that_cannot_be_kept_is_named(
    screens_on: Make, name: str, content: bytes, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    screens = screens_on("empty")
    app = asking(screens)
    app.file_uploader[0].upload(name, content, "application/pdf")
    app = press(app, "相談を申し込む")
    assert not app.exception
    said = "\n".join(error.value.replace("\\", "") for error in app.error)
    assert words in said
    assert name in said
    assert every(screens) == []


def test_the_neighbour_finds_the_example_and_nothing_else(screens_on: Make) -> None:
    screens = screens_on("filled")
    app = screens.signed_in("officer")
    app.session_state["consultations.tab"] = "好事例"
    screens.open(app, "consultations")
    text = shown_text(app)
    assert "庁舎の無線LAN" in text
    assert "枚方" not in text
    by_label(app.text_input, "ことばで探す").set_value("ありえないことば").run()  # type: ignore[attr-defined]
    assert "条件に合う好事例はありません" in app.info[0].value


def test_an_address_with_anothers_number_opens_nothing(screens_on: Make) -> None:
    screens = screens_on("filled")
    theirs = next(c for c in every(screens) if c.lg_code == HIRAKATA)
    app = screens.open(
        screens.signed_in("officer"), "consultations", f"number={theirs.number.label}"
    )
    assert not app.exception
    text = shown_text(app)
    assert "枚方の相談" not in text
    assert "hirakata-dx" not in text


def test_the_secretariat_records_a_step_and_the_officer_reads_it(screens_on: Make) -> None:
    screens = screens_on("filled")
    ours = next(c for c in every(screens) if c.lg_code == SAKAI)
    app = screens.open(
        screens.signed_in("secretariat"), "consultations", f"number={ours.number.label}"
    )
    assert [card.title for card in cards_of(app)] == [
        "未回答の相談",
        "相談の受付",
        "初回回答までの日数",
        "相談会の残り",
    ]
    assert [card.value for card in cards_of(app)] == ["0件", "2件", "0日", "4回"]
    press(app, "「調整中」と記録する")
    assert not app.exception
    assert next(c for c in every(screens) if c.lg_code == SAKAI).state == "coordinating"
    assert any("堺市「無線LANの相談」" in s.value for s in app.subheader)  # still open
    seen = screens.open(screens.signed_in("officer"), "consultations")
    assert any("**● 調整中**" in m.value for m in seen.markdown)
    assert any("希望日を確認しています" in m.value for m in seen.markdown)


def test_what_was_held_asks_for_its_day_also_when_nobody_scheduled_it(screens_on: Make) -> None:
    screens = screens_on("filled")
    ours = next(c for c in every(screens) if c.lg_code == SAKAI)
    query = f"number={ours.number.label}"
    app = screens.open(screens.signed_in("secretariat"), "consultations", query)
    [step] = [c for c in app.segmented_control if c.label == "次の状態"]
    step.set_value("held").run()
    day = by_label(app.date_input, "実施日(必須")
    assert day.value is None  # type: ignore[attr-defined]
    press(app, "「実施済」と記録する")
    told = {error.value for error in app.error}
    assert {"実施日を選んでください。", "アドバイザーの回答を入力してください。"} <= told
    by_label(app.date_input, "実施日(必須").set_value(context.today())  # type: ignore[attr-defined]
    by_label(app.radio, "形式").set_value("on_site")  # type: ignore[attr-defined]
    by_label(app.text_area, "アドバイザーの回答").set_value("訪ねて答えました。")  # type: ignore[attr-defined]
    press(app, "「実施済」と記録する")
    assert not app.exception
    now = next(c for c in every(screens) if c.lg_code == SAKAI)
    assert (now.state, now.last.step.day) == ("held", context.today())


def test_a_start_that_is_no_time_of_day_is_told_at_its_field(screens_on: Make) -> None:
    screens = screens_on("filled")
    ours = next(c for c in every(screens) if c.lg_code == SAKAI)
    query = f"number={ours.number.label}"
    app = screens.open(screens.signed_in("secretariat"), "consultations", query)
    [step] = [c for c in app.segmented_control if c.label == "次の状態"]
    step.set_value("scheduled").run()
    by_label(app.text_input, "開始時刻").set_value("25:30")  # type: ignore[attr-defined]
    press(app, "「日程決定」と記録する")
    assert any("「25:30」は使えません" in error.value for error in app.error)
    assert next(c for c in every(screens) if c.lg_code == SAKAI).state != "scheduled"


def open_mail(app: AppTest) -> None:
    """As a click on the box does: what stands in it is asked for only then."""
    (box,) = (each for each in app.expander if each.label == "メールの文面")
    app.session_state[box.proto.id.split("-", 2)[2]] = True
    app.run()


def test_the_mail_is_shown_and_cannot_be_sent_without_a_server(screens_on: Make) -> None:
    screens = screens_on("filled")
    ours = next(c for c in every(screens) if c.lg_code == SAKAI)
    app = screens.open(
        screens.signed_in("secretariat"), "consultations", f"number={ours.number.label}"
    )
    open_mail(app)
    subject, body = copied_of(app)
    assert subject == f"[市町村DX]堺市({ours.number.label})アドバイザーへの依頼"
    assert "sakai-dx@city.example.lg.jp" in body
    assert not [b for b in app.button if b.label == "このメールを送る"]
    press(app, "知らせたと記録する")
    assert any("アドバイザーに「" in each.value for each in app.success)
    open_mail(app)
    assert any("アドバイザーへほかの方法" in each.value for each in app.markdown)
    assert not [b for b in app.button if b.label == "知らせたと記録する"]


def test_a_hearing_is_planned_by_one_side_and_read_by_the_other(screens_on: Make) -> None:
    screens = screens_on("empty")
    app = screens.signed_in("secretariat")
    app.session_state["consultations.tab"] = "ヒアリング"
    screens.open(app, "consultations")
    by_label(app.selectbox, "市町村").set_value(SAKAI).run()  # type: ignore[attr-defined]
    press(app, "記録する")
    assert app.error[0].value == "実施日を選んでください。"
    day = context.today().replace(month=12, day=10)
    by_label(app.date_input, "実施日").set_value(day)  # type: ignore[attr-defined]
    press(app, "記録する")
    assert not app.exception
    assert "堺市のヒアリング(2026-12-10)を記録しました" in app.success[0].value
    seen = screens.signed_in("officer")
    seen.session_state["consultations.tab"] = "ヒアリング"
    screens.open(seen, "consultations")
    assert any("令和8年12月10日" in m.value for m in seen.markdown)


def test_what_acts_in_a_file_stands_beside_it_and_before_it_is_opened(screens_on: Make) -> None:
    screens = screens_on("empty")
    scripted = b"%PDF-1.7\n1 0 obj <</S/JavaScript/JS(x)>> endobj\n%%EOF\n"
    app = asking(screens)
    app.file_uploader[0].upload("計算.pdf", scripted, "application/pdf")
    app.file_uploader[0].upload("図.pdf", PDF, "application/pdf")
    app = press(app, "相談を申し込む")
    assert not app.exception
    for role in ("officer", "secretariat"):
        seen = screens.open(screens.signed_in(role), "consultations")
        words = "JavaScriptなどのスクリプトが入っています。心当たりがなければ"
        assert [w.value for w in seen.warning if words in w.value] != [], role
        assert [c.value for c in seen.caption if words in c.value and "計算" in c.value] != []
        assert [c.value for c in seen.caption if "図" in c.value and "。心当たり" in c.value] == []
