"""Files in and out: what offices write is understood, what cannot be is named with its line."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from xlsxwriter.workbook import Workbook

from core.access.principal import CONSOLE
from core.commands.ledger import record_participation
from core.commands.ledger_import import import_ledger
from core.exports.ledger import Words, ledger_csv, ledger_workbook
from core.imports.ledger import plan as plan_module
from core.imports.ledger import table
from core.imports.ledger.names import Known, Names
from core.imports.ledger.plan import Outcome, Preview, plan, read_file
from core.imports.ledger.table import FileTold
from core.imports.table import FoundRow, Told
from core.procurement.event import EventKind, LedgerEvent, corrected
from core.procurement.layout import Column, guarded, unguarded
from core.procurement.recording import Entry, System
from core.store.audit import AuditFilter
from core.store.engine import data_revision
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import PartialDate, Precision, parse_date
from core.values.free_text import cleaned
from core.views.administration import audit_view
from core.views.ledger import ledger_export_view, ledger_import_view
from tests.support.ledgers import ledgers
from tests.support.reference import REFERENCE

HEAD = "団体名,共同調達,区分,種類,適用日,開始予定,出典,備考\n"
_ids = itertools.count(1)
WORDS = Words.of(REFERENCE)
OUT: dict[str, Callable[..., bytes]] = {
    "csv": partial(ledger_csv, made_up=False),
    "xlsx": partial(ledger_workbook, made_on=date(2023, 6, 1), made_up=False),
}


def preview_of(engine: Engine, content: bytes, now: datetime, **more: object) -> Preview:
    options = {"accept_names": False} | more
    return ledger_import_view(engine, CONSOLE, REFERENCE, content=content, now=now, **options)


def take(engine: Engine, content: bytes, now: datetime, **more: object) -> tuple[int, int]:
    options = {"accept_names": False, "name": "台帳"} | more
    seen = preview_of(engine, content, now).last_event
    done = import_ledger(
        engine,
        CONSOLE,
        content=content,
        reference=REFERENCE,
        **({"seen_event": seen, "request_id": f"f{next(_ids)}", "now": now} | options),
    )
    return done.new, done.unchanged


def reasons(preview: Preview) -> dict[int, tuple[Outcome, str]]:
    return {r.row.line: (r.outcome, r.reason) for r in preview.rows}


def day_of(text: str, engine: Engine, now: datetime) -> PartialDate | str:
    content = (HEAD + f"堺市,docs,,当初参加,{text},,x,\n").encode()
    (row,) = preview_of(engine, content, now).rows
    return row.event.effective if row.event else row.reason


@pytest.mark.parametrize(
    ("text", "first", "precision"),
    [
        ("2023-06-01", "2023-06-01", Precision.DAY),
        ("2023/6/1", "2023-06-01", Precision.DAY),
        ("令和5年6月", "2023-06-01", Precision.MONTH),
        ("R5.6.1", "2023-06-01", Precision.DAY),
        ("Ｒ５．６", "2023-06-01", Precision.MONTH),
        ("令和5年度", "2023-04-01", Precision.FISCAL_YEAR),
        ("2023", "2023-04-01", Precision.FISCAL_YEAR),
        ("令和5年7月以降", "2023-07-01", Precision.MONTH_OR_LATER),
        ("45078", "2023-06-01", Precision.DAY),
        ("平成31年4月30日", "2019-04-30", Precision.DAY),
    ],
)
def test_dates_as_offices_write_them(
    text: str, first: str, precision: Precision, engine: Engine, now: datetime
) -> None:
    found = day_of(text, engine, now)
    assert found == PartialDate(date.fromisoformat(first), precision)


@pytest.mark.parametrize("text", ["6/1", "2023-02-30", "R5.6.1以降", "99999", "来年", "31"])
def test_what_is_no_date_is_refused_with_its_column(
    text: str, engine: Engine, now: datetime
) -> None:
    assert str(day_of(text, engine, now)).startswith("「適用日」")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_three_encodings_are_told_by_their_bytes(
    encoding: str, engine: Engine, now: datetime
) -> None:
    content = (HEAD + '堺市,docs,,当初参加,R5.6.1,,"報道, 発表","一行目\n二行目"\n').encode(
        encoding
    )
    (row,) = preview_of(engine, content, now).rows
    assert row.event is not None
    assert (row.row.line, row.event.participant) == (2, "271403")
    assert (row.event.source, row.event.note) == ("報道, 発表", "一行目\n二行目")


@pytest.mark.parametrize(
    ("code", "name", "found", "correction"),
    [
        ("271403", "", "271403", ""),
        ("27140", "", "271403", ""),
        ("２７１４０３", "堺 市", "271403", ""),
        ("", "大阪府", "270008", ""),
        ("270008", "", "270008", ""),
        ("", "大阪府堺市", "271403", ""),
        ("", "泉南郡熊取町", "273619", ""),
        ("", "四条畷市", "272299", "四条畷市→四條畷市"),
        ("272299", "四条畷市", "272299", ""),
        ("", "大坂狭山市", "272311", "大坂狭山市→大阪狭山市"),
        ("", "堺", "271403", "堺→堺市"),
    ],
)
def test_who_is_meant(code: str, name: str, found: str, correction: str) -> None:
    meant = Names(Known.of(REFERENCE)).participant(code, name)
    assert (meant.key, meant.correction) == (found, correction)


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [
        ("", "", "団体コードも団体名もありません"),
        ("271404", "", "271404"),
        ("", "大阪", "大阪市、大阪府のどれか決まりません"),
        ("271403", "豊中市", "団体コード271403は堺市のもの"),
        ("", "札幌市", "札幌市"),
    ],
)
def test_who_cannot_be_meant(code: str, name: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Names(Known.of(REFERENCE)).participant(code, name)


ROWS = (
    HEAD
    + "堺市,chat,,当初参加,2021-05-01,,報道,\n"  # 2
    + "堺市,chat,,当初参加,2021-05-01,,報道,\n"  # 3 twice in the file
    + "豊中市,chat,,当初参加,2021-05-01,,別の報道,\n"  # 4 conflicts
    + "吹田市,chat,,運用開始,2021-05-01,,報道,\n"  # 5 cannot follow
    + "高槻市,eapply,C,当初参加,2021-05-01,,報道,\n"  # 6 no such lot
    + "高槻市,電子申請システム,B,当初参加,2021-05-01,,報道,\n"  # 7
    + "守口市,docs,,無償版,R5.4,,報道,\n"  # 8 no free edition
    + "守口市,docs,,参加,R5.4,,,\n"  # 9 no such kind, no source
    + "枚方市,chat,,運用開始,2021-06-01,,報道,\n"  # 10 before its joining, which stands below
    + "枚方市,chat,,当初参加,2021-05-01,,報道,\n"  # 11
    + "茨木市,chat,,訂正,2021-05-01,,報道,\n"  # 12 what does it correct?
    + ",,,,,,,\n"
    + "八尾市,talent,,予定,R5.4,R5.3,報道,\n"  # 14 target before
)


def test_every_row_is_new_unchanged_conflicting_or_refused_with_its_line_and_reason(
    engine: Engine, now: datetime
) -> None:
    first = "堺市,chat,,当初参加,2021-05-01,,報道,\n豊中市,chat,,当初参加,2021-05-01,,報道,\n"
    assert take(engine, (HEAD + first).encode(), now) == (2, 0)
    preview = preview_of(engine, ROWS.encode(), now)
    found = reasons(preview)
    assert {line: outcome.value for line, (outcome, _) in found.items()} == {
        2: "unchanged",
        3: "refused",
        4: "conflict",
        5: "refused",
        6: "refused",
        7: "new",
        8: "refused",
        9: "refused",
        10: "new",
        11: "new",
        12: "refused",
        14: "refused",
    }
    for line, words in {
        3: "2行目と同じ内容です",
        4: "記録番号2と出典(台帳「報道」、ファイル「別の報道」)が違います",
        5: "これより前に参加の記録がありません",
        6: "区分「C」はありません",
        8: "無償版はありません",
        9: "種類「参加」はありません",
        12: "「訂正する記録番号」が必要です",
        14: "より前です",
    }.items():
        assert words in found[line][1], found[line][1]
    before = data_revision(engine)
    with pytest.raises(InvalidInputError, match="何も取り込みませんでした") as refusal:
        take(engine, ROWS.encode(), now)
    assert "5行目: " in str(refusal.value)
    assert data_revision(engine) == before
    assert len(ledger_export_view(engine, CONSOLE)) == 2


def test_thousands_of_rows_of_one_cell_that_do_not_fit_are_not_tried_one_by_one(
    engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    folded: list[int] = []
    steps = plan_module.steps
    monkeypatch.setattr(
        plan_module, "steps", lambda events: folded.append(len(events)) or steps(events)
    )
    days = [date(2015, 1, 1) + timedelta(days=number) for number in range(3_000)]
    rows = "".join(f"堺市,docs,,運用開始,{day},,報道,\n" for day in days)
    preview = preview_of(engine, (HEAD + rows).encode(), now)
    assert len(preview.of(Outcome.REFUSED)) == 3_000
    assert "200を超え" in preview.rows[0].reason
    assert len(folded) == 1


def test_one_import_is_one_entry_of_the_audit_trail_and_the_same_file_changes_nothing(
    engine: Engine, now: datetime
) -> None:
    content = (HEAD + "堺市,docs,,当初参加,R5.4,,報道,\n豊中市,docs,,関心,R5.4,,報道,\n").encode()
    assert take(engine, content, now, name="追加.csv") == (2, 0)
    assert take(engine, content, now + timedelta(days=1)) == (0, 2)
    assert data_revision(engine) == 1
    entry, _initial_data = audit_view(engine, CONSOLE, wanted=AuditFilter()).entries
    assert (entry.action, entry.subject) == ("ledger:import", "追加.csv")
    assert (entry.detail["new"], entry.detail["unchanged"]) == (2, 0)


def test_a_double_click_imports_once_and_a_changed_ledger_asks_to_look_again(
    engine: Engine, now: datetime
) -> None:
    content = (HEAD + "堺市,docs,,当初参加,R5.4,,報道,\n").encode()
    assert take(engine, content, now, request_id="click", seen_event=0) == (1, 0)
    assert take(engine, content, now, request_id="click", seen_event=0) == (1, 0)
    with pytest.raises(ConflictError, match="もう一度ファイルを選んで確認"):
        take(engine, content, now, seen_event=0)
    assert len(ledger_export_view(engine, CONSOLE)) == 1


def test_a_name_is_read_as_offered_only_when_that_was_accepted(
    engine: Engine, now: datetime
) -> None:
    content = (HEAD + "四条畷市,docs,,当初参加,R5.4,,報道,\n").encode()
    preview = preview_of(engine, content, now)
    assert preview.corrections == ("四条畷市→四條畷市",)
    assert "読み替えますか" in preview.in_the_way[0].reason
    accepted = preview_of(engine, content, now, accept_names=True)
    assert [r.event.participant for r in accepted.new if r.event] == ["272299"]


def workbook(*rows: list[object], formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for address, shown in (formats or {}).items():
        sheet[address].number_format = shown
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


HEADINGS = ["団体コード", "共同調達", "種類", "適用日", "出典", "担当"]


def test_a_workbook_kept_by_hand_is_understood(engine: Engine, now: datetime) -> None:
    content = workbook(
        ["共同調達 参加状況(令和5年度)"],
        [],
        HEADINGS,
        [271403, "docs", "当初参加", date(2023, 6, 1), "報道", "山田"],
        [272035.0, "docs", "当初参加", date(2023, 6, 1), "報道", ""],
        ["272051", "docs", "当初参加", 45078, "報道", None],
        ["272078", "docs", "当初参加", 2023, "報道", None],
        [None, None, None, None, None, None],
        ["272094", "docs", "当初参加", "=TODAY()", "報道", None],
        ["272108", "docs", "当初参加", datetime(2023, 6, 1, 9, 30), "報道", None],  # noqa: DTZ001
        formats={"D5": "yyyy年m月"},
    )
    preview = preview_of(engine, content, now)
    days = {r.row.line: r.event.effective.label for r in preview.rows if r.event}
    assert days == {4: "令和5年6月1日", 5: "令和5年6月", 6: "令和5年6月1日", 7: "令和5年度"}
    found = reasons(preview)
    assert "「適用日」が数式です" in found[9][1]
    assert "時刻が付いています" in found[10][1]
    assert preview.told.unread == ("担当",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空です"),
        (b"\x00\x01\x02\xff\xff", "Excel"),
        ("団体名,種類\n堺市,関心\n".encode(), "見出しの行が見つかりません"),
        (HEAD.encode(), "見出しの下に行がありません"),
        ("共同調達,種類,適用日\nchat,関心,2023\n".encode(), "団体コードか団体名"),
        (("種類," + HEAD + "x\n").encode(), "同じ見出し"),
        ((HEAD + '堺市,"chat,,\n').encode(), "2行目: CSVの書き方"),
        ((HEAD + "堺市").encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04 not a workbook", "Excelファイル"),
        (b"x" * (table.MAX_BYTES + 1), "大きすぎます"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    content: bytes, words: str, engine: Engine, now: datetime
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        preview_of(engine, content, now)
    assert words in refusal.value.problems["file"]


def read_here(content: bytes) -> list[FoundRow[Column]]:
    """In this process what an import lets another do."""
    return list(table.table_rows(content, Told()))


def test_limits_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = ",".join([HEAD.strip(), *(f"列{n}" for n in range(100))]) + "\n"
    with pytest.raises(InvalidInputError, match="列が多すぎます"):
        read_here(wide.encode())
    monkeypatch.setattr(table, "MAX_ROWS", 2)
    rows = "堺市,docs,,関心,R5.4,,報道,\n"
    assert len(read_here((HEAD + rows * 2).encode())) == 2
    with pytest.raises(InvalidInputError, match="行が多すぎます"):
        read_here((HEAD + rows * 3).encode())


def test_a_zip_that_is_no_workbook_is_refused(engine: Engine, now: datetime) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(InvalidInputError, match=r"Excelファイル\(\.xlsx\)として読めません"):
        preview_of(engine, packed.getvalue(), now)


def test_progress_is_told_while_reading_and_while_comparing(engine: Engine, now: datetime) -> None:
    lines = [f"堺市,docs,,関心,R5.4,,報道{n},\n" for n in range(2500)]
    lines += [f"豊中市,docs,,関心,R5.4,,報道{n},\n" for n in range(2500)]
    told: list[tuple[int, int | None]] = []
    preview_of(engine, (HEAD + "".join(lines)).encode(), now, progress=lambda *a: told.append(a))
    assert (1000, None) in told
    assert (5000, 5000) in told


TEXTS = st.one_of(
    st.sampled_from(
        [
            "=1+1",
            "+81",
            "-",
            "@x",
            "'=1",
            "''",
            "＝1",
            "_x000D_",
            "_x005F_",
            "x005F_",
            "0123",
            'a"b,c',
            "一\n二",
        ]
    ),
    st.text(
        st.characters(exclude_categories=("C", "Z"), include_characters=" \n\u3000🏽\ufe0f"),
        min_size=1,
        max_size=20,
    ).filter(lambda text: cleaned(text) == text),
)
NAMES = {"271": "町一", "272": "町二", "273": "町三", "274": "町四", "270008": "大阪府"}
SYSTEMS = {"chat": System("チャット", (), True), "eapply": System("申請", ("A", "B"), False)}


@settings(max_examples=50)
@given(ledgers(), st.lists(TEXTS, min_size=1, max_size=5), st.sampled_from(["csv", "xlsx"]))
def test_what_goes_out_comes_back_with_its_meaning(
    events: list[LedgerEvent], texts: list[str], suffix: str
) -> None:
    """Into the ledger it came from: unchanged. Into an empty one: the same records."""
    words = Words(
        NAMES,
        [*NAMES.values()],
        {key: system.label for key, system in SYSTEMS.items()},
        ("A", "B"),
        {},
    )
    told = [
        replace(event, source=texts[n % len(texts)], note=texts[n // 2 % len(texts)])
        for n, event in enumerate(events)
    ]
    if not told:
        return
    rows, besides = read_file(OUT[suffix](told, words), Known(NAMES, SYSTEMS))
    assert not besides.unread
    assert [row.problems for row in rows] == [()] * len(told)

    def planned(existing: list[LedgerEvent]) -> Preview:
        cells: dict[tuple[str, str], list[LedgerEvent]] = {}
        for event in existing:
            cells.setdefault((event.programme, event.participant), []).append(event)
        return plan(
            rows,
            FileTold(),
            cells,
            Known(NAMES, SYSTEMS),
            last_event=0,
            accept_names=False,
            recorded_at=told[-1].recorded_at,
            recorded_by="a",
        )

    same = planned(told)
    assert [(r.outcome, r.number) for r in same.rows] == [
        (Outcome.UNCHANGED, e.event_id) for e in told
    ]
    anew = [row.event for row in planned([]).rows if row.event is not None]
    assert len(anew) == len(told)
    places = {e.event_id: n for n, e in enumerate(told)}
    new_places = {e.event_id: n for n, e in enumerate(anew)}
    for before, after in zip(told, anew, strict=True):
        for name in (
            "participant",
            "programme",
            "lot",
            "kind",
            "effective",
            "target",
            "source",
            "note",
        ):
            assert getattr(after, name) == getattr(before, name), name
        assert new_places.get(after.corrects or 0) == places.get(before.corrects or 0)
    assert len(corrected(anew)) == len(corrected(told))


@given(st.text(max_size=8))
@example("'=")
def test_a_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    left = guarded(text)
    assert not left.startswith(("=", "+", "-", "@", "\t"))
    assert unguarded(left) == text


def test_cells_that_look_like_formulas_leave_as_text(engine: Engine, now: datetime) -> None:

    entry = Entry(
        "271403", "docs", EventKind.INTEREST, parse_date("R5.4"), "=cmd|' /C calc'!A0", note="+1"
    )
    record_participation(
        engine, CONSOLE, entry=entry, seen_event=0, reference=REFERENCE, request_id="r", now=now
    )
    events = ledger_export_view(engine, CONSOLE)
    assert b",'=cmd|' /C calc'!A0,,'+1," in ledger_csv(events, WORDS, made_up=False)
    book = openpyxl.load_workbook(io.BytesIO(OUT["xlsx"](events, WORDS)))
    cells = {cell.value: cell.data_type for cell in book.active[2]}
    assert cells["=cmd|' /C calc'!A0"] == "s"
    for made in OUT.values():
        assert take(engine, made(events, WORDS), now) == (0, 1)


def test_corrections_inside_a_file_find_the_number_they_were_given(
    engine: Engine, now: datetime
) -> None:
    head = "記録番号,団体名,共同調達,種類,適用日,出典,訂正する記録番号\n"
    content = (
        head
        + "70,堺市,docs,当初参加,R4.10.1,報道,\n"
        + "71,堺市,docs,訂正,R4.10.1,誤り,70\n"
        + "72,堺市,docs,後乗り,R5.4.1,報道,\n"
        + "73,堺市,docs,後乗り,R5.5.1,調査,72\n"
    ).encode()
    assert take(engine, content, now) == (4, 0)
    events = ledger_export_view(engine, CONSOLE)
    first = events[0].event_id
    assert [e.corrects for e in events] == [None, first, None, first + 2]
    assert take(engine, content, now) == (0, 4)
    wrong = (
        head + f"80,堺市,docs,離脱,R5.6.1,報道,{first}\n81,豊中市,docs,訂正,R5.6,x,{first}\n"
    ).encode()
    found = reasons(preview_of(engine, wrong, now))
    assert "訂正済みです" in found[2][1]
    assert "この団体のこの共同調達の記録ではありません" in found[3][1]


def test_a_row_that_corrects_a_record_does_not_conflict_with_it(
    engine: Engine, now: datetime
) -> None:
    head = "団体名,共同調達,種類,適用日,出典,訂正する記録番号\n"
    assert take(engine, (head + "堺市,docs,当初参加,R5.4,報道,\n").encode(), now) == (1, 0)
    same_day = (head + "堺市,docs,当初参加,R5.4,要綱,1\n").encode()
    assert take(engine, same_day, now) == (1, 0)
    again = (head + "堺市,docs,当初参加,R5.4,通知,\n").encode()
    found = reasons(preview_of(engine, again, now))
    assert (
        "記録番号2と出典(台帳「要綱」、ファイル「通知」)、訂正する記録番号(台帳「1」、ファイル「なし」)"
        in found[2][1]
    )  # not with the corrected one


def test_a_line_end_as_excel_writes_it_is_a_line_end(engine: Engine, now: datetime) -> None:
    """Excel keeps a carriage return as ``_x000D_``."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, heading in enumerate(HEAD.strip().split(",")):
            sheet.write_string(0, place, heading)
            cells = {"団体名": "堺市", "共同調達": "docs", "種類": "予定", "適用日": "R5.4"}
            cells |= {"出典": "報道", "備考": "一行目\r\n二行目"}
            sheet.write_string(1, place, cells.get(heading, ""))
    with zipfile.ZipFile(content) as packed:
        assert b"_x000D_" in packed.read("xl/sharedStrings.xml")
    (row,) = preview_of(engine, content.getvalue(), now).rows
    assert row.event is not None
    assert row.event.note == "一行目\n二行目"
