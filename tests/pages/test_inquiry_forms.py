"""様式の照会 under AppTest: composed, filled in both ways, merged, and what came by mail recorded."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from streamlit.testing.v1 import AppTest

from core.access.principal import Principal, Role
from core.commands.forms import keep_form
from core.commands.inquiries import compose_inquiry, publish_inquiry
from core.commands.responses import hand_in
from core.consultation.attachment import OfferedFile
from core.exports.form.handed_out import handed_out
from core.inquiry.composition import Composition
from core.inquiry.form.field import FieldKind, FormLayout
from core.inquiry.form.recognise import given_values
from core.inquiry.kinds.kind import Scope
from core.inquiry.question import Question
from core.inquiry.response import Way
from core.inquiry.round import Inquiry
from core.store.engine import reading
from core.store.inquiries import inquiry_of, responses
from core.values.errors import InvalidInputError
from core.views.forms import form_to_fill_view
from dashboard.inquiries import form_merging
from tests.support.cards import tables_of
from tests.support.forms import EDGE, OPEN, saved, two_sheets, unmarked
from tests.support.reference import REFERENCE
from tests.support.screens import HIRAKATA, SAKAI, Screens, as_read, japan_now, shown_text

Make = Callable[[str], Screens]
OFFICE = Principal("test-secretariat", "担当", Role.SECRETARIAT)
OFFICER = Principal("test-officer", "担当", Role.OFFICER, SAKAI)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOSTILE = "<img src=x onerror=alert(1)>**[職員](javascript:alert(1))**"
FORM = two_sheets()
LAYOUT = FORM.layout
SAID = {"s1_B3": "記入者", "s1_B4": "1200", "s1_B6": "検討中", "s2_B4": "住基", "s2_C4": "0"}


def hostile_form() -> bytes:
    """A label and a cell that would be markup."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "<b>様式"
    sheet["A1"], sheet["A2"] = HOSTILE, "団体名"
    for at in ("B1", "B2"):
        sheet[at].protection, sheet[at].border = OPEN, EDGE
    sheet["B1"] = "<script>alert(2)</script>"
    sheet.protection.sheet = True
    return saved(book)


def on_record(screens: Screens, number: int = 1) -> Inquiry:
    with reading(screens.engine) as session:
        return inquiry_of(session, number)


def begun(screens: Screens, body: bytes | None = None, layout: FormLayout | None = None) -> int:
    """A draft with a form; without a body, with a question whose form is still to come."""
    now = japan_now()
    composition = Composition(
        "様式の照会", 2026, now - timedelta(days=1), now + timedelta(days=20),
        questions=(Question("f", "excel_form", "別紙様式"),),
    )  # fmt: skip
    made = compose_inquiry(
        screens.engine, OFFICE, inquiry_id=0, composition=composition, seen_version=0,
        request_id="compose", now=now,
    )  # fmt: skip
    if body is not None:
        kept = keep_form(
            screens.engine, OFFICE, inquiry_id=made, question="f",
            file=OfferedFile("別紙.xlsx", body), request_id="keep", now=now,
        )  # fmt: skip
        asked = Question("f", "excel_form", "別紙様式", form=kept.file_id, layout=(layout or kept.layout).as_json())  # fmt: skip
        composed = Composition("様式の照会", 2026, composition.opens_at, composition.closes_at, questions=(asked,))  # fmt: skip
        compose_inquiry(
            screens.engine, OFFICE, inquiry_id=made, composition=composed, seen_version=1,
            request_id="compose-2", now=now,
        )  # fmt: skip
    return made


def published(screens: Screens, body: bytes = FORM.body) -> int:
    made = begun(screens, body)
    publish_inquiry(
        screens.engine, OFFICE, inquiry_id=made, seen_version=2, reference=REFERENCE,
        request_id="publish", now=japan_now(),
    )  # fmt: skip
    return made


def filled(code: str, values: Mapping[str, str] = SAID) -> bytes:
    """The form of a municipality as it comes back."""
    name = REFERENCE.by_code[code].name
    return handed_out(LAYOUT, FORM.body, {**values, **given_values(LAYOUT, code, name)})


def answered(
    screens: Screens, values: Mapping[str, str], times: int = 0, code: str = SAKAI
) -> None:
    officer = replace(OFFICER, lg_code=code)
    hand_in(
        screens.engine, officer, lg_code=code, inquiry_id=1, typed={"f": {"values": dict(values)}},
        seen_revision=0, seen_event=times, reference=REFERENCE, clock=lambda _: japan_now(),
        request_id=f"in-{code}-{times}", now=japan_now(),
    )  # fmt: skip


def opened(screens: Screens, tab: str = "", question: str = "") -> AppTest:
    query = "inquiry=1" + (f"&tab={tab}" if tab else "") + (f"&question={question}" if question else "")  # fmt: skip
    return screens.open(screens.signed_in("secretariat"), "inquiries", query)


def button(app: AppTest, label: str) -> Any:
    [found] = [each for each in app.button if as_read(each.label) == label]
    return found


def said(app: AppTest) -> str:
    assert not app.exception
    return as_read(shown_text(app)).replace("\\", "")


def layout_on_record(screens: Screens) -> FormLayout:
    return FormLayout.of_plain(on_record(screens).composition.by_key["f"].layout)


# ── composing ─────────────────────────────────────────────────────────────────────────────────


def test_a_workbook_is_registered_its_fields_are_put_right_and_saved(screens_on: Make) -> None:
    screens = screens_on("empty")
    begun(screens)
    app = opened(screens, question="f")
    app.file_uploader[-1].upload("別紙.xlsx", b"PK broken", XLSX).run()
    button(app, "様式を登録する").click().run()
    assert app.error
    app.file_uploader[-1].upload("別紙.xlsx", FORM.body, XLSX).run()
    button(app, "様式を登録する").click().run()
    assert "記入欄を20欄見つけました" in said(app)
    assert "ロックのないセル" in said(app)
    assert "記入欄1「市町村名」(基本情報 B2)" in said(app)  # the name; it has no code
    assert "非表示のシート: 選択肢" in said(app)
    # one field is put right: name, kind, required
    [every] = [str(each.key) for each in app.button if each.label == "すべて必須にする"]
    at = every.replace(".every.True", ".at")
    app.session_state[at] = ["基本情報", "B3"]
    app.run()
    app.text_input(key=at.replace(".at", ".field.s1_B3.label")).input("記入した人").run()
    app.checkbox(key=at.replace(".at", ".field.s1_B3.required")).check().run()
    app.selectbox(key=at.replace(".at", ".field.s1_B3.kind")).select("number").run()
    button(app, "下書きを保存する").click().run()
    assert "下書きを保存しました" in said(app)
    field = layout_on_record(screens).by_key["s1_B3"]
    assert (field.label, field.required, field.kind) == ("記入した人", True, FieldKind.NUMBER)
    assert len(layout_on_record(screens).fields) == 20


def test_where_nothing_is_found_cells_are_marked_by_address_and_taken_out_again(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    begun(screens, unmarked().body)
    app = opened(screens, question="f")
    assert "図のセルを押すか番地を入力して" in said(app)
    [typed] = [each for each in app.text_input if each.label == "番地で選ぶ"]
    typed.input("B15").run()  # a formula
    button(app, "記入欄に加える").click().run()
    assert any("数式でないセル" in as_read(each.value) for each in app.error)
    [typed] = [each for each in app.text_input if each.label == "番地で選ぶ"]
    typed.input("B3、B10:C11").run()
    button(app, "記入欄に加える").click().run()
    assert "記入欄 **5欄**" in said(app)
    button(app, "記入欄から外す").click().run()  # the one that was marked first stands open
    assert "記入欄 **4欄**" in said(app)
    button(app, "B3を記入欄に加える").click().run()
    button(app, "すべて必須にする").click().run()
    button(app, "下書きを保存する").click().run()
    layout = layout_on_record(screens)
    assert [field.key for field in layout.fields] == ["s1_B3", "s1_B10", "s1_C10", "s1_B11", "s1_C11"]  # fmt: skip
    assert all(field.required for field in layout.fields)


def test_what_a_workbook_says_is_text_on_every_screen(screens_on: Make) -> None:
    screens = screens_on("empty")
    published(screens, hostile_form())
    answered(screens, {"s1_B1": "<script>alert(3)</script>"})
    for tab in ("設問", "様式"):
        app = opened(screens, tab)
        shown = shown_text(app)
        assert not app.exception
        assert "様式" in shown
        assert not re.search(r"(?<!\\)<(img|script|b>様式)", shown)  # Markdown or HTML


# ── answering ─────────────────────────────────────────────────────────────────────────────────


KEY = "answering.1.0.f"


def drafted(screens: Screens) -> Any:
    """What stands in the draft of 堺市; None for nothing."""
    with reading(screens.engine) as session:
        draft = responses(session, on_record(screens))[SAKAI].draft
    return draft and draft.typed.get("f")


@pytest.fixture
def field(screens_on: Make) -> tuple[Screens, AppTest]:
    """The inquiry as an officer has it before them."""
    screens = screens_on("empty")
    published(screens)
    app = screens.open(screens.signed_in("officer"), "inquiries", "inquiry=1")
    assert not app.exception
    return screens, app


def test_a_damaged_form_is_named_cell_by_cell_and_a_good_one_goes_into_the_answer(
    field: tuple[Screens, AppTest],
) -> None:
    screens, app = field
    assert drafted(screens) is None
    book = load_workbook(io.BytesIO(filled(SAKAI)))
    book["基本情報"]["B4"] = "およそ千人"
    book["明細"]["C5"] = "1,500千円"
    app.file_uploader[0].upload("堺.xlsx", saved(book), XLSX).run()
    button(app, "記入した様式を確かめる").click().run()
    assert "直してください: 1か所" in said(app)
    assert "およそ千人" in said(app)
    assert "基本情報 B4" in said(app)
    assert "読み替えたところ" in said(app)
    assert drafted(screens) is None  # nothing went in
    assert "この内容を回答に入れる" not in [each.label for each in app.button]
    app.file_uploader[0].upload("堺.xlsx", filled(SAKAI), XLSX).run()
    button(app, "記入した様式を確かめる").click().run()
    assert "様式のくずれはありません。" in said(app)
    button(app, "この内容を回答に入れる").click().run()
    found = drafted(screens)
    assert found["values"] == {**SAID, "s1_B2": "堺市"}
    assert isinstance(found["file"], int)


def test_a_form_of_another_municipality_is_refused(field: tuple[Screens, AppTest]) -> None:
    screens, app = field
    app.file_uploader[0].upload("堺.xlsx", filled(HIRAKATA), XLSX).run()
    button(app, "記入した様式を確かめる").click().run()
    assert any("枚方市を指しています" in as_read(each.value) for each in app.error)
    assert drafted(screens) is None


def test_on_the_screen_each_field_says_what_stands_against_it(
    field: tuple[Screens, AppTest],
) -> None:
    screens, app = field
    app.session_state[f"{KEY}.way"] = "screen"
    app.run()
    [people] = [each for each in app.text_input if each.label.startswith("人口")]
    people.input("千人").run()
    assert any("人口(B4)" in as_read(each.value) for each in app.error)
    [people] = [each for each in app.text_input if each.label.startswith("人口")]
    people.input("1,200人").run()
    assert not app.error
    [state] = [each for each in app.selectbox if each.label.startswith("導入の状況")]
    state.select("該当なし").run()
    key = people.key.replace(".line", ".absent").replace("s1_B4", "s1_B3")
    app.checkbox(key=key).check().run()
    found = drafted(screens)["values"]
    assert found == {"s1_B2": "堺市", "s1_B3": "該当なし", "s1_B4": "1,200人", "s1_B6": "該当なし"}
    assert "file" not in drafted(screens)


def test_what_is_handed_out_holds_code_name_and_what_was_said_last_and_only_its_own(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    published(screens)
    given: dict[str, Any] = {"lg_code": SAKAI, "inquiry_id": 1, "question": "f"}
    first = form_to_fill_view(screens.engine, OFFICER, REFERENCE, **given)
    assert first.values == {"s1_B2": "堺市"}
    answered(screens, SAID)
    again = form_to_fill_view(screens.engine, OFFICER, REFERENCE, **given)
    assert again.values == {**SAID, "s1_B2": "堺市"}
    other = Principal("other", "担当", Role.OFFICER, HIRAKATA)
    theirs = form_to_fill_view(
        screens.engine, other, REFERENCE, lg_code=HIRAKATA, inquiry_id=1, question="f"
    )
    assert theirs.values == {"s1_B2": "枚方市"}
    with pytest.raises(InvalidInputError):
        form_to_fill_view(screens.engine, OFFICER, REFERENCE, **{**given, "question": "no"})
    assert Scope(REFERENCE).files == {}


# ── merging ───────────────────────────────────────────────────────────────────────────────────


def test_the_secretariat_sees_who_is_in_side_by_side_and_what_was_corrected(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    published(screens)
    assert "1団体でも提出すると" in said(opened(screens, "様式"))
    answered(screens, {**SAID, "s1_B2": "堺市"})
    app = opened(screens, "様式")
    assert "提出 1/43団体" in said(app)
    assert [as_read(e.proto.label) for e in app.get("download_button")][:3] == ["1団体1シート", "1団体1行", "集計表"]  # fmt: skip
    assert "1,200人" in said(app)
    assert "空欄" in said(app)
    assert "提出し直した団体" not in said(app)
    with reading(screens.engine) as session:
        last = responses(session, on_record(screens))[SAKAI].events[-1].event_id
    answered(screens, {**SAID, "s1_B2": "堺市", "s2_C4": "250"}, last)
    app = opened(screens, "様式")
    assert "堺市(271403)の行が変わりました(1欄)。" in said(app)
    assert "250千円" in said(app)


def test_everybody_stands_side_by_side_page_by_page_and_the_sums_stay_those_of_all(
    screens_on: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_merging, "_PAGE", 2)
    screens = screens_on("empty")
    published(screens)
    towns = list(REFERENCE.by_code)[:3]
    for code in towns:
        answered(screens, {**SAID, "s1_B2": "本人"}, code=code)
    app = opened(screens, "様式")

    def beside() -> Any:
        [found] = [each for each in tables_of(app) if "合計" in each.columns]
        return found

    names = [REFERENCE.by_code[code].name for code in towns]
    assert list(beside().columns) == ["合計", "記入", *names[:2]]
    assert "提出した3団体のうち、1番目から2番目" in said(app)
    sums = beside()["合計"].tolist()
    assert "3,600人" in sums
    next(iter(app.get("pagination"))).set_value(2).run()
    assert list(beside().columns) == ["合計", "記入", names[2]]
    assert beside()["合計"].tolist() == sums


def test_all_forms_that_came_by_mail_are_recognised_confirmed_and_recorded_each_by_itself(
    screens_on: Make,
) -> None:
    screens = screens_on("empty")
    published(screens)
    app = opened(screens, "様式")
    files = {f"{each.lg_code}.xlsx": filled(each.lg_code) for each in REFERENCE.municipalities}
    book = load_workbook(io.BytesIO(files["272035.xlsx"]))
    book["明細"]["C4"] = book["明細"]["C6"] = "不明"
    files["272035.xlsx"] = saved(book)
    del files["272094.xlsx"]
    files["c.xlsx"] = handed_out(LAYOUT, FORM.body, SAID)
    files["枚方市(訂正).xlsx"] = filled(HIRAKATA, {**SAID, "s1_B4": "1300"})
    for name, body in files.items():
        app.file_uploader[-1].upload(name, body, XLSX)
    app.run()
    button(app, "44個のファイルを読み取る").click().run()
    assert "団体かファイルを選ぶもの3個、記録できないもの1個、そのまま記録できるもの40個" in said(
        app
    )
    assert "「不明」は数として読めません" in said(app)
    assert "明細 C4ほか1か所" in said(app)
    assert "直したファイルを選び直してください" in said(app)
    assert said(app).count("同じ団体のファイルがほかに1個あります") == 2

    def of(name: str) -> tuple[Any, Any]:
        """Whose a file is said to be, and whether it is marked."""
        whose = [each for each in app.selectbox if "どの団体の様式か" in each.label]
        marks = [each for each in app.checkbox if each.label == "記録する"]
        [found] = [
            pair
            for pair in zip(whose, marks, strict=True)
            if as_read(pair[0].label).startswith(name)
        ]
        return found

    for name in (f"{HIRAKATA}.xlsx", "枚方市(訂正).xlsx"):
        whose, marked = of(name)
        assert (whose.value, marked.value) == (HIRAKATA, False)
    whose, marked = of("c.xlsx")
    assert (whose.value, marked.disabled) == (None, True)
    whose.select(HIRAKATA).run()
    of("c.xlsx")[1].check()
    of("枚方市(訂正).xlsx")[1].check().run()
    assert any("同じ団体のファイルが2つ以上あります: 枚方市" in as_read(e.value) for e in app.error)
    assert button(app, "印を付けた様式を記録する").disabled
    of("c.xlsx")[0].select("272094").run()
    button(app, "印を付けた様式を記録する").click().run()
    button(app, "42団体を記録する").click().run()
    assert "42団体の様式を記録しました。" in said(app)
    assert "受領番号" in said(app)
    with reading(screens.engine) as session:
        found = responses(session, on_record(screens))
    counted = {code: each.counted for code, each in found.items() if each.counted}
    assert {*REFERENCE.by_code} - {*counted} == {"272035"}
    assert all(each.way is Way.MAIL for each in counted.values())
    corrected = counted[HIRAKATA].answers
    assert corrected is not None
    assert corrected["f"]["values"]["s1_B4"] == "1300"

    # the one that had to be put right comes later
    app.file_uploader[-1].upload("豊中.xlsx", filled("272035"), XLSX).run()
    button(app, "1個のファイルを読み取る").click().run()
    button(app, "印を付けた様式を記録する").click().run()
    button(app, "1団体を記録する").click().run()
    assert "1団体の様式を記録しました。" in said(app)
    assert "提出 43/43団体" in said(app)
