"""What the papers of an application say, worked out by hand, as Word and Excel show it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from core.exports.documents.paper import example_file, paper_file, paper_file_name, papers_zip
from core.subsidy.document import DocumentKind, Mark
from core.subsidy.document_values import BLANK, document_values, papers_of, said
from core.subsidy.step import CaseStep
from core.views.subsidy_papers import Paper
from tests.support.office import convert
from tests.support.papers import (
    CASE,
    NAMES,
    PROGRAMME,
    SAKAI,
    event,
    line,
    values_of,
)

K = DocumentKind


def paper(kind: DocumentKind) -> Paper:
    return Paper(SAKAI, "堺市", CASE.number.label, values_of(kind), None)


def amounts(kind: DocumentKind, *marks: Mark) -> list[int | str | None]:
    values = values_of(kind).values
    return [values.get(mark) for mark in marks]


def test_the_papers_of_a_case_are_those_of_its_steps() -> None:
    assert papers_of(CASE) == tuple(DocumentKind)
    assert papers_of(replace(CASE, events=CASE.events[:2])) == (
        K.APPLICATION, K.PLAN, K.BUDGET, K.DECISION,
    )  # fmt: skip
    with pytest.raises(KeyError):
        values_of(K.REPORT, replace(CASE, events=CASE.events[:2]))


def test_a_paper_says_what_held_on_its_day_and_nothing_that_came_later() -> None:
    asked = values_of(K.APPLICATION)
    assert asked.day == date(2023, 6, 1)
    assert amounts(K.APPLICATION, Mark.APPLIED_AMOUNT, Mark.ELIGIBLE, Mark.OWN, Mark.VISITS) == [
        1_150_000, 2_300_000, 1_150_000, 23,
    ]  # fmt: skip
    assert amounts(K.APPLICATION, Mark.DOCUMENT, Mark.MAYOR, Mark.GOVERNOR, Mark.RATE) == [
        "堺情第123号", "堺市長", "大阪府知事", "1/2",
    ]  # fmt: skip
    assert Mark.DECIDED_AMOUNT not in asked.values
    assert amounts(K.DECISION, Mark.DECIDED_AMOUNT, Mark.APPLIED_DAY) == [
        1_150_000, "令和5年6月1日",
    ]  # fmt: skip


def test_a_change_stands_between_two_decisions() -> None:
    marks = (Mark.BEFORE, Mark.CHANGE_AMOUNT, Mark.CHANGE, Mark.DECIDED_AMOUNT, Mark.VISITS)
    assert amounts(K.CHANGE_APPLICATION, *marks) == [
        1_150_000, 1_050_000, -100_000, 1_150_000, 23,
    ]  # fmt: skip
    assert amounts(K.CHANGE_DECISION, *marks[:4]) == [1_150_000, 1_050_000, -100_000, 1_050_000]


def test_the_report_counts_what_was_held_and_paid() -> None:
    marks = (Mark.VISITS, Mark.HELD, Mark.PAID, Mark.REPORTED_AMOUNT, Mark.COMPLETED)
    assert amounts(K.REPORT, *marks) == [21, 20, 2_000_000, 1_000_000, "令和6年3月12日"]
    assert [
        (row[Mark.ROW_ITEM], row[Mark.ROW_VISITS], row[Mark.ROW_HELD], row[Mark.ROW_PAID])
        for row in values_of(K.REPORT).rows
    ] == [("プラン4 ポリシー改定", 9, 9, 900_000), ("プラン6 BPR", 12, 11, 1_100_000)]


def test_what_was_paid_in_advance_is_taken_off_the_claim() -> None:
    assert amounts(K.ADVANCE_CLAIM, Mark.CLAIMED, Mark.RECEIVED, Mark.DECIDED_AMOUNT) == [
        400_000, 0, 1_050_000,
    ]  # fmt: skip
    assert amounts(K.CLAIM, Mark.FINAL_AMOUNT, Mark.RECEIVED, Mark.REST, Mark.CLAIMED) == [
        1_000_000, 400_000, 600_000, 600_000,
    ]  # fmt: skip


def test_what_is_unknown_is_room_to_write_and_zero_is_zero() -> None:
    alone = replace(CASE, events=(event(1, CaseStep.APPLIED, date(2023, 6, 1), None),))
    found = document_values(
        K.APPLICATION, alone, programme=replace(PROGRAMME, terms=None), contracts=(), visits=(),
        names=NAMES,
    )  # fmt: skip
    unknown = (Mark.DOCUMENT, Mark.ELIGIBLE, Mark.CONTRACT, Mark.VISITS, Mark.RATE, Mark.VENDOR)
    assert not set(unknown) & set(found.values)
    assert said(Mark.ELIGIBLE, found.values) == f"{BLANK}円"
    assert said(Mark.VENDOR, found.values) == BLANK
    assert said(Mark.RECEIVED, {Mark.RECEIVED: 0}) == "0円"
    assert found.rows == ({},)
    made = paper_file(Paper(SAKAI, "堺市", "R5-補助003", found, None), made_up=False)
    assert "None" not in zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").decode()


def test_a_joint_application_names_everybody_with_their_shares() -> None:
    lines = (line("庁内システム", 3_000_000, 1_500_000), line("同", 1_000_001, 500_000, "272191"))
    joint = replace(
        CASE,
        programme="kyodo",
        members=(SAKAI, "272191"),
        events=(event(1, CaseStep.APPLIED, date(2023, 6, 1), 2_000_000, *lines),),
    )
    found = document_values(
        K.PLAN, joint, programme=PROGRAMME, contracts=(), visits=(), names=NAMES
    )
    assert found.values[Mark.MEMBERS] == "堺市、和泉市"
    assert [(row[Mark.ROW_TOWN], row[Mark.ROW_ITEM], row[Mark.ROW_OWN]) for row in found.rows] == [
        ("堺市", "庁内システム", 1_500_000), ("和泉市", "同", 500_001),
    ]  # fmt: skip


def test_names_sort_by_municipality_and_the_order_of_the_way() -> None:
    every = [paper(kind) for kind in DocumentKind]
    other = [replace(each, lg_code="271004", town="大阪市") for each in every]
    told: list[str] = []
    made = papers_zip([*other, *every], made_up=False, say=told.append)
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    assert names == sorted(names)
    assert names[0] == "271004_大阪市_01_交付申請書_R5-補助003.docx"
    assert names[13] == "271403_堺市_03_収支予算書_R5-補助003.xlsx"
    assert (len(names), told[0], told[-1]) == (
        22, "1/22件目 大阪市 交付申請書", "22/22件目 堺市 請求書",
    )  # fmt: skip
    assert made == papers_zip([*other, *every], made_up=False)
    assert paper_file_name(every[0], made_up=True).startswith("見本データ(架空)_271403_")


def test_the_accounts_add_up_by_formula() -> None:
    sheet = load_workbook(io.BytesIO(paper_file(paper(K.SETTLEMENT), made_up=False))).active
    assert sheet is not None
    assert [sheet[f"B{row}"].value for row in (9, 10, 11)] == [1_000_000, 1_000_000, "=SUM(B9:B10)"]
    assert sheet["D17"].value == "=SUM(D15:D16)"
    assert (sheet["A16"].value, sheet["C16"].value, sheet["D16"].value) == (
        "プラン6 BPR", 11, 1_100_000,
    )  # fmt: skip


@pytest.mark.office
def test_every_paper_opens_and_says_what_it_must(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    paths = []
    for kind in DocumentKind:
        path = tmp_path / "made" / f"{kind.value}{kind.suffix}"
        path.write_bytes(paper_file(paper(kind), made_up=False))
        paths.append(path)
        path = path.with_stem(f"{kind.value}-example")
        path.write_bytes(example_file(kind, None))
        paths.append(path)
    texts = {
        made.stem: "".join(
            each.extract_text() for each in PdfReader(made).pages
        ).replace(" ", "").replace("\u3000", "").replace("\n", "")
        for made in convert(paths, "pdf", tmp_path / "pdf")
    }  # fmt: skip
    for kind in DocumentKind:
        text = texts[kind.value]
        assert "(参考様式)" in text
        assert "令和5年度デジタル人材シェアリング事業補助金" in text
        assert kind.label in text
        assert "{" not in text
        assert "見本データ(架空)" not in text
        assert "見本データ(架空)" in texts[f"{kind.value}-example"]
    for kind, *sentences in (
        (K.APPLICATION, "堺情第123号", "大阪府知事様", "金1,150,000円", "プラン4ポリシー改定"),
        (K.PLAN, "<株>デジタル&支援", "令和5年5月15日から令和6年3月31日まで", "23回"),
        (K.BUDGET, "1,150,000", "2,300,000"),
        (K.DECISION, "令和5年6月1日付け堺情第123号", "金1,150,000円", "堺市長様"),
        (K.CHANGE_APPLICATION, "=1+1<b>と&も、そのまま", "△100,000円", "金1,050,000円"),
        (K.CHANGE_DECISION, "金1,150,000円", "金1,050,000円", "△100,000円"),
        (K.ADVANCE_CLAIM, "金400,000円", "金0円"),
        (K.REPORT, "契約21回のうち20回(最後の実施令和6年3月12日)", "金2,000,000円"),
        (K.SETTLEMENT, "2,000,000", "1,000,000"),
        (K.FINAL, "府デ第60号", "金1,000,000円", "600,000円(△は返還)"),
        (K.CLAIM, "令和6年4月20日付け府デ第60号", "金600,000円", "金400,000円"),
    ):
        for sentence in sentences:
            assert sentence in texts[kind.value], (kind.label, sentence, texts[kind.value])
