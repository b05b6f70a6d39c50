"""Open data against the rules of its formats, and what must never be in it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from core.access.principal import CONSOLE, PUBLIC, Principal
from core.cli import main
from core.commands.coverage import declare_coverage
from core.commands.enrolments import enrol
from core.commands.trainings import cancel_training, revise_training
from core.exports.open_data import CELLS, OpenDataFile, open_data_files
from core.procurement.coverage import CoverageEntry, Edition
from core.training.vocabulary import SessionFormat
from core.values.municipality import check_digit
from core.views.open_data import open_data_view
from core.views.trainings import training_view
from dashboard.served.open_data import page_html
from tests.support.reference import REFERENCE
from tests.support.trainings import ADDRESS, a_content, an_applicant

TODAY = date(2023, 11, 15)


def link(training_id: str) -> str:
    return f"https://noriai.example.lg.jp/trainings?training={training_id}"


def files_of(engine: Engine, as_of: date = TODAY) -> dict[str, OpenDataFile]:
    answer = open_data_view(engine, PUBLIC, REFERENCE, as_of=as_of)
    return {file.name: file for file in open_data_files(answer, REFERENCE, link, made_up=False)}


def rows_of(engine: Engine, name: str) -> list[dict[str, str]]:
    body = files_of(engine)[name].body
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.count(b"\n") == body.count(b"\r\n") == body.count(b"\r")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@pytest.fixture
def a_full_list(engine: Engine, held: None, publish: Callable) -> tuple[str, list[str]]:
    sessions = (
        replace(a_content().sessions[0], place="咲洲庁舎", formats=tuple(SessionFormat)),
        replace(a_content().sessions[0], date=date(2023, 11, 27), end=None, capacity=None),
    )
    publish(title="非公開の勉強会", open_data=False)
    return publish(
        open_data=True, sessions=sessions, co_host="大阪府警、堺市", deadline_time=time(17)
    )


def test_the_header_is_the_one_of_the_data_file(engine: Engine, a_full_list: object) -> None:
    header = list(rows_of(engine, "trainings.csv")[0])
    assert header == [column.name for column in REFERENCE.event_columns]
    assert set(CELLS) <= set(header)
    assert header[:4] == ["全国地方公共団体コード", "法人番号", "ID", "地方公共団体名"]


def test_every_cell_keeps_to_its_form(engine: Engine, a_full_list: object) -> None:
    rows = rows_of(engine, "trainings.csv")
    assert len(rows) == 25
    for row in rows:
        code = row["全国地方公共団体コード"]
        assert code == "270008"
        assert code[5] == check_digit(code[:5])
        assert re.fullmatch(r"[0-9a-z-]+", row["ID"])
        for column in ("開始日", "終了日"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", row[column])
        for column in ("開始時間", "終了時間", "参加申込終了時間"):
            assert re.fullmatch(r"(\d\d:\d\d)?", row[column])
        assert re.fullmatch(r"[0-9]*", row["定員"])
        assert "、" not in row["共催団体"] + row["タグ"] + row["キーワード"].replace("、", "")
    assert len({row["ID"] for row in rows}) == len(rows)


def test_one_row_says_what_is_known_and_leaves_out_what_is_not(
    engine: Engine, a_full_list: tuple[str, list[str]]
) -> None:
    training_id, (first, second) = a_full_list
    rows = {row["ID"]: row for row in rows_of(engine, "trainings.csv")}
    row = rows[first]
    assert (row["開始日"], row["開始時間"], row["終了時間"]) == ("2023-11-20", "14:00", "16:00")
    assert (row["定員"], row["場所名称"], row["タグ"]) == ("2", "咲洲庁舎", "現地;オンライン")
    assert (row["参加申込終了日"], row["参加申込終了時間"]) == ("2023-11-10", "17:00")
    assert (row["共催団体"], row["状態"]) == ("大阪府警;堺市", "開催予定")
    assert row["コンテンツURL"] == link(training_id)
    assert (rows[second]["終了時間"], rows[second]["定員"]) == ("", "")
    old = rows["2022-13-20220819"] if "2022-13-20220819" in rows else rows["2022-7-20220511"]
    assert (old["開始時間"], old["対象者"] in ("", "全市町村"), old["状態"]) == ("", True, "終了")
    assert "公表されていない" in old["開始日時特記事項"]


def test_a_corrected_reading_carries_its_printed_form(engine: Engine, held: None) -> None:
    told = {row["ID"]: row["備考"] for row in rows_of(engine, "trainings.csv") if row["備考"]}
    assert {each.rsplit("-", 1)[0] for each in told} == {
        f"2022-{number}" for number in (4, 5, 6, 7, 9, 12, 13, 19)
    }
    assert told["2022-19-20230202"] == "「大阪府警」は印字「大阪府費」の読み替え"


def test_only_what_may_leave_leaves(
    engine: Engine, a_full_list: tuple[str, list[str]], officer: Callable, now: datetime
) -> None:
    _, (session_id, _) = a_full_list
    enrol(
        engine, officer("271004"), lg_code="271004", session_id=session_id,
        applicants=[an_applicant(1, SessionFormat.ONLINE)], reference=REFERENCE, request_id="e", now=now,
    )  # fmt: skip
    everything = b"".join(file.body for file in files_of(engine).values()).decode("utf-8-sig")
    assert "非公開の勉強会" not in everything
    assert ADDRESS not in everything
    assert "職員1" not in everything


def test_a_cancelled_training_stays_with_its_reason_and_its_id(
    engine: Engine, secretariat: Principal, a_full_list: tuple[str, list[str]], now: datetime
) -> None:
    training_id, ids = a_full_list
    cancel_training(
        engine,
        secretariat,
        training_id=training_id,
        reason="台風の接近",
        seen_version=2,
        reference=REFERENCE,
        now=now,
    )
    rows = {row["ID"]: row for row in rows_of(engine, "trainings.csv")}
    assert {(rows[each]["状態"], rows[each]["備考"]) for each in ids} == {
        ("中止", "中止の理由: 台風の接近")
    }


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+81", "-1", "@A1", "=cmd|' /C calc'!A0"])
def test_a_title_that_looks_like_a_formula_arrives_as_text(
    engine: Engine, publish: Callable, title: str
) -> None:
    publish(title=title, open_data=True)
    (row,) = rows_of(engine, "trainings.csv")
    assert row["イベント名"] == f"'{title}"


def test_an_id_survives_a_revision(
    engine: Engine, secretariat: Principal, a_full_list: tuple[str, list[str]], now: datetime
) -> None:
    training_id, _ = a_full_list
    before = {row["ID"] for row in rows_of(engine, "trainings.csv")}
    content = training_view(
        engine, secretariat, REFERENCE, training_id=training_id, as_of=TODAY
    ).training.content
    revise_training(
        engine, secretariat, training_id=training_id, seen_version=2, reference=REFERENCE, request_id="r",
        content=replace(content, title="改めた題名"), now=now + timedelta(minutes=1),
    )  # fmt: skip
    assert {row["ID"] for row in rows_of(engine, "trainings.csv")} == before


def test_municipalities_are_the_43_with_full_width_kana(engine: Engine) -> None:
    rows = rows_of(engine, "municipalities.csv")
    assert len(rows) == 43
    assert sum(int(row["人口"]) for row in rows) == 8_837_685
    assert all(re.fullmatch(r"[ァ-ヶー]+", row["市区町村名_カナ"]) for row in rows)


def test_published_counts_stand_beside_the_ledger_and_bases_apart(engine: Engine) -> None:
    rows = rows_of(engine, "participation.csv")
    paid = [
        (row["値の種類"], row["台帳の網羅"], row["実績・予定"], row["団体数"])
        for row in rows
        if (row["事業キー"], row["集計基準キー"]) == ("chat", "paid")
    ]
    assert paid == [  # nothing was recorded in this database
        ("台帳", "名前なし", "", "0"),
        ("公表値", "", "実績", "34"),
    ]
    for row in rows:
        assert row["基準日"]
        assert row["出典"]
        if row["集計基準キー"] == "including_own_procurement" and row["値の種類"] == "台帳":
            assert row["団体数"] == ""


def test_under_coverage_the_ledgers_count_is_said_to_be_what_is(
    engine: Engine, now: datetime
) -> None:
    declare_coverage(
        engine,
        CONSOLE,
        entry=CoverageEntry("talent", Edition.PAID, date(2023, 7, 1), "契約の一覧", "未記録"),
        seen_event=0,
        reference=REFERENCE,
        request_id="r",
        now=now,
    )
    [ledger] = [
        row
        for row in rows_of(engine, "participation.csv")
        if (row["事業キー"], row["値の種類"]) == ("talent", "台帳")
    ]
    assert (ledger["台帳の網羅"], ledger["実績・予定"], ledger["団体数"]) == ("網羅", "実績", "0")


def test_the_codebook_describes_every_column_of_every_file(engine: Engine) -> None:
    files = files_of(engine)
    described = [(row["ファイル名"], row["列名"]) for row in rows_of(engine, "codebook.csv")]
    assert described == [
        (name, column.name)
        for name, file in files.items()
        if name != "codebook.csv"
        for column in file.columns
    ]
    assert all(row["説明"] and row["ライセンス"] for row in rows_of(engine, "codebook.csv"))


def test_the_page_escapes_what_it_shows_and_names_every_column(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "dashboard.served.open_data.public_address", lambda: "https://a.example/<b>"
    )
    files = [
        replace(file, title=f"{file.title}<script>", licence='"&<i>')
        for file in files_of(engine).values()
    ]
    page = page_html(files)
    assert '<html lang="ja">' in page
    assert "<script>" not in page
    assert "<i>" not in page
    assert "https://a.example/&lt;b&gt;" in page
    for file in files:
        assert all(f'<th scope="row">{column.name}</th>' in page for column in file.columns)


def test_the_command_line_writes_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NORIAI_DATABASE_URL", f"sqlite:///{tmp_path / 'noriai.db'}")
    assert main(["export", "open-data", str(tmp_path / "open")]) == 0
    names = {"trainings.csv", "municipalities.csv", "participation.csv", "codebook.csv"}
    assert {path.name for path in (tmp_path / "open").iterdir()} == names
    assert main(["export", "calendar", str(tmp_path / "a.ics"), "--theme", "econtract"]) == 0
    assert (tmp_path / "a.ics").read_bytes().count(b"BEGIN:VEVENT") == 7
    capsys.readouterr()
    assert main(["export", "calendar", str(tmp_path / "none" / "a.ics")]) == 2
    assert "書き込めません" in capsys.readouterr().err
