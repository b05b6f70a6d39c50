"""Files: numbers as numbers, definitions beside them, every page readable, text searchable."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pypdf import PdfReader

from core.consultation.theme import Theme
from core.exports.kpi import (
    codebook_csv,
    kpi_csv,
    kpi_workbook,
    meeting_deck,
    rows_csv,
    visit_pdf,
)
from core.exports.kpi.workbook import DEFINITIONS, NUMBERS
from core.figures.history import history, published_by
from core.figures.indicator import EVERYBODY, Part
from core.figures.known import Known
from core.figures.peers import peers
from core.figures.reading import grouped, reading
from core.figures.registry import Said, indicators
from core.figures.scenes.registry import scenes_of
from core.support.wish import WishState
from core.values.fiscal import FiscalYear
from core.views.kpi import MEETING_SCENES, KpiAnswer, KpiDetailAnswer, MeetingAnswer
from core.views.peers import AskedLine, VisitAnswer
from tests.support.facts import SAKAI, consultation, facts, wish
from tests.support.office import convert
from tests.support.reference import REFERENCE

JUNE, FEBRUARY = date(2023, 6, 30), date(2023, 2, 28)


@pytest.fixture(scope="module")
def known() -> Known:
    day = date(2023, 6, 1)
    return facts(
        wishes=[
            wish(1, SAKAI, 6, WishState.BUDGET_REQUESTED, day, year=2023),
            wish(2, SAKAI, 4, WishState.APPROVED, day, year=2023, gross=1_100_000, subsidy=550_000),
        ],
        consultations=[consultation(1, SAKAI, Theme.SECURITY, day)],
    )


@pytest.fixture(scope="module")
def meeting(known: Known) -> MeetingAnswer:
    every = indicators(REFERENCE)
    readings = tuple(reading(each, known, JUNE, EVERYBODY, FEBRUARY) for each in every.values())
    overview = KpiAnswer(REFERENCE, JUNE, FEBRUARY, EVERYBODY, readings, ())
    details = {}
    for key in (f"{system}_paid" for system in known.systems):
        each, first = every[key], date(2021, 4, 1)
        found = reading(each, known, JUNE)
        details[key] = KpiDetailAnswer(
            chosen=EVERYBODY,
            reading=found,
            groups=grouped(each, found.parts),
            breakdowns=(),
            before=(),
            points=history(each, known, first, JUNE, EVERYBODY),
            line=history(each, known, first, JUNE, EVERYBODY, drawn=True),
            foreseen=each.foreseen(known, JUNE, EVERYBODY) if each.foreseen else (),
            published=published_by(each, known, JUNE),
            targets=(),
        )
    scenes = {each.key: each for each in scenes_of(MEETING_SCENES, Said(known, JUNE))}
    return MeetingAnswer(overview, details, scenes)


COVERS = ("GovTech大阪 会議資料", "資料編")


def title_of(slide: Any) -> str:
    """The first words on a slide."""
    return next(s.text_frame.text for s in slide.shapes if s.has_text_frame and s.text_frame.text)


def slide_of(deck: Any, title: str) -> Any:
    [found] = [slide for slide in deck.slides if title_of(slide) == title]
    return found


def charts_of(deck: Any, title: str) -> list[Any]:
    return [s.chart for s in slide_of(deck, title).shapes if s.has_chart]


def rows_of(deck: Any, title: str) -> list[list[str]]:
    table = next(s.table for s in slide_of(deck, title).shapes if s.has_table)
    return [[cell.text for cell in row.cells] for row in table.rows]


def visit(known: Known, lg_code: str) -> VisitAnswer:
    ours = REFERENCE.municipality(lg_code)
    plans = range(1, 8)
    return VisitAnswer(
        reference=REFERENCE,
        municipality=ours,
        as_of=JUNE,
        fiscal_year=FiscalYear(2023),
        peers=peers(Said(known, JUNE), ours),
        wishes=tuple(
            wish(plan, lg_code, plan, WishState.BUDGET_REQUESTED, JUNE, year=2023) for plan in plans
        ),
        trainings=(),
        consultations=tuple(
            AskedLine(f"R5-{n:03}", Theme.STANDARDIZATION.label, "調整中", JUNE)
            for n in range(1, 12)
        ),
        windows=(),
    )


def test_the_workbook_holds_numbers_as_numbers_and_definitions_on_a_sheet_of_their_own(
    meeting: MeetingAnswer,
) -> None:
    book = load_workbook(io.BytesIO(kpi_workbook(meeting.overview, JUNE, made_up=False)))
    assert book.sheetnames == [NUMBERS, DEFINITIONS]
    rows = {row[1]: row for row in book[NUMBERS].iter_rows(min_row=5, values_only=True)}
    assert len(rows) == len(indicators(REFERENCE))
    assert rows["チャット: 参加"][2:6] == (34, "団体", 30, 4)
    assert "うち名前がわかる22団体" in rows["チャット: 参加"][7]
    assert rows["電子契約: 参加"][2] == "不明"
    assert rows["チャット: 参加(公表値)"][2:6] == (34, "団体", 30, 4)
    assert rows["希望の府補助金"][2:6] == (1_150_000, "円", 0, 1_150_000)
    assert rows["後乗りの割合"][2] == 40
    assert rows["府補助金の予算"][2] == "不明"
    defined = list(book[DEFINITIONS].iter_rows(min_row=5, values_only=True))
    assert [row[0] for row in defined] == list(indicators(REFERENCE))
    assert all(all(row[place] for place in (1, 2, 3, 4, 6, 7, 8, 9, 10, 11)) for row in defined)
    assert kpi_workbook(meeting.overview, JUNE, made_up=False) == kpi_workbook(
        meeting.overview, JUNE, made_up=False
    )


def test_the_csv_has_a_line_of_the_codebook_for_each_column(meeting: MeetingAnswer) -> None:
    table = list(
        csv.DictReader(io.StringIO(kpi_csv(meeting.overview, made_up=False).decode("utf-8-sig")))
    )
    book = list(csv.DictReader(io.StringIO(codebook_csv(made_up=False).decode("utf-8-sig"))))
    assert [line["項目名"] for line in book] == list(table[0])
    assert all(line["説明"] for line in book)
    rows = {line["指標コード"]: line for line in table}
    assert rows["trainings_held"]["増減"] == "-21"  # a number, not words that begin with a minus
    assert rows["talent_budget"]["値"] == ""
    assert rows["talent_budget"]["不明の理由"]
    assert rows["late_share"]["値"] == "40.0"


def test_words_in_the_rows_are_not_taken_for_formulas() -> None:
    rows = (Part("k", "=1+1", "@x", -3, detail="+cmd"),)
    text = rows_csv(indicators(REFERENCE)["chat_paid"], rows, JUNE, made_up=False).decode(
        "utf-8-sig"
    )
    assert text.splitlines()[1].endswith(",'=1+1,'@x,-3,,'+cmd")


def test_slides_are_native_japanese_and_say_unit_basis_day_and_source(
    meeting: MeetingAnswer,
) -> None:
    deck = Presentation(io.BytesIO(meeting_deck(meeting, JUNE, made_up=False)))
    charts = 0
    for slide in [s for s in deck.slides if title_of(s) not in COVERS]:
        words = "\n".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)
        for owed in ("単位", "基準日", "令和5年6月30日", "集計基準", "出典"):
            assert owed in words, (owed, words)
        notes = slide.notes_slide.notes_text_frame.text
        assert "定義" in notes
        assert "出典" in notes
        assert not [s for s in slide.shapes if s.shape_type == MSO_SHAPE_TYPE.PICTURE]
        charts += sum(s.has_chart for s in slide.shapes)
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            if not (shape.has_table):
                assert shape.top + shape.height <= deck.slide_height
            else:
                assert shape.top + sum(row.height for row in shape.table.rows) <= 6.4 * 914_400
            if shape.has_chart:
                assert shape.chart.value_axis.axis_title.text_frame.text in ("団体", "円")
    assert charts == 4


def test_every_run_of_text_names_its_japanese_type(meeting: MeetingAnswer) -> None:
    archive = zipfile.ZipFile(io.BytesIO(meeting_deck(meeting, JUNE, made_up=False)))
    for name in archive.namelist():
        if name.startswith("ppt/slides/slide"):
            xml = archive.read(name).decode()
            assert xml.count("<a:r>") == xml.count("<a:ea ")
            assert xml.count('lang="ja-JP"') == xml.count("<a:r>")
        if name.startswith("ppt/charts/chart"):
            assert "<a:ea " in archive.read(name).decode()


def test_published_counts_stand_at_their_days_and_planned_ones_apart(
    meeting: MeetingAnswer,
) -> None:
    deck = Presentation(io.BytesIO(meeting_deck(meeting, JUNE, made_up=False)))
    (chart,) = charts_of(deck, "参加団体の推移")
    series = {each.name: list(each.values) for each in chart.plots[0].series}
    months = list(chart.plots[0].categories)

    def told(name: str) -> dict[str, float]:
        return {m: v for m, v in zip(months, series[name], strict=True) if v is not None}

    assert list(told("チャット(公表)").values()) == [22, 30, 34]
    assert list(told("電子申請(公表)").values()) == [11, 25, 35]
    assert list(told(f"{REFERENCE.procurements.programme('docs').short_label}(公表)").values()) == [
        3,
        6,
    ]
    assert not [name for name in series if name.startswith("電子契約")]  # 不明 is no line of 0
    assert list(told("チャット(公表、予定)").values()) == [33]
    assert not told("チャット(公表、予定)").keys() & told("チャット(公表)").keys()


def test_the_slide_of_participation_says_unknown_and_draws_no_bar_of_zero(
    meeting: MeetingAnswer,
) -> None:
    deck = Presentation(io.BytesIO(meeting_deck(meeting, JUNE, made_up=False)))
    (chart,) = charts_of(deck, "共同調達の参加")
    parts = {each.name: list(each.values)[::-1] for each in chart.plots[0].series}
    assert parts == {
        "名前がわかる": [22, 0, 0, 2],
        "公表だけ": [12, 35, 6, None],
        "予定": [0, 0, 0, 11],
    }
    assert next(iter(chart.plots[0].categories)) == "電子契約 不明"
    rows = rows_of(deck, "共同調達の参加(表)")
    assert rows[1][1:5] == ["34団体", "22団体", "12団体", "0団体"]
    assert rows[4][1:5] == ["不明", "2団体", "不明", "11団体"]


def test_the_slide_of_plans_has_the_table_of_the_founding_document(meeting: MeetingAnswer) -> None:
    deck = Presentation(io.BytesIO(meeting_deck(meeting, JUNE, made_up=False)))
    (chart,) = charts_of(deck, "プラン別の希望")
    parts = {each.name: list(each.values)[::-1] for each in chart.plots[0].series}
    assert parts["公表値(予定)"] == [4, 3, 1, 5, 3, 7, 1]
    assert parts["希望以上(記録)"] == [0, 0, 0, 1, 0, 1, 0]
    assert [row[1:] for row in rows_of(deck, "プラン別の希望(表)")[1:]][-1] == ["2", "24"]


def test_every_municipality_and_everyone_who_is_missing_stand_on_a_slide_in_large_type(
    meeting: MeetingAnswer,
) -> None:
    deck = Presentation(io.BytesIO(meeting_deck(meeting, JUNE, made_up=False)))
    cells = [cell for row in rows_of(deck, "市町村ごとの参加希望") for cell in row if cell]
    assert [cell.split()[-1] for cell in cells[:43]] == [m.name for m in REFERENCE.municipalities]
    assert "◆ 堺市" in cells
    slide = slide_of(deck, "まだ回答していない市町村 42団体")
    words = "、".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)
    named = {m.name for m in REFERENCE.municipalities if m.name in words}
    assert named == {m.name for m in REFERENCE.municipalities} - {"堺市"}
    titles = [title_of(slide) for slide in deck.slides]
    assert titles.index("資料編") <= 8  # what is shown in a room is short; the tables are behind
    for shown in list(deck.slides)[1 : titles.index("資料編")]:
        sizes = [
            run.font.size.pt
            for shape in shown.shapes
            if shape.has_text_frame
            for paragraph in shape.text_frame.paragraphs
            for run in paragraph.runs
            if shape.top < 6.3 * 914_400 and shape.top > 914_400
        ]
        assert min(sizes) >= 16, title_of(shown)


@pytest.mark.parametrize("lg_code", ["271403", "271004", "273830"])
def test_a_visit_is_one_page_whose_text_is_found(known: Known, lg_code: str) -> None:
    answer = visit(known, lg_code)
    pdf = PdfReader(io.BytesIO(visit_pdf(answer, JUNE, made_up=False)))
    assert len(pdf.pages) == 1
    text = pdf.pages[0].extract_text()
    for word in (
        answer.municipality.name,
        "似た市町村",
        "令和5年6月30日",
        "出典",
        "1,200,000",
        "ほか6件",
    ):
        assert word in text
    fonts = pdf.pages[0]["/Resources"]["/Font"].values()
    for font in fonts:
        described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile2" in described.get_object()  # embedded: looks the same everywhere


@pytest.mark.office
def test_libreoffice_opens_slides_and_workbook_and_no_page_is_lost(
    meeting: MeetingAnswer, tmp_path: Path
) -> None:
    deck, book = tmp_path / "deck.pptx", tmp_path / "kpi.xlsx"
    deck.write_bytes(meeting_deck(meeting, JUNE, made_up=False))
    book.write_bytes(kpi_workbook(meeting.overview, JUNE, made_up=False))
    slides, sheets = (PdfReader(path) for path in convert([deck, book], "pdf", tmp_path / "pdf"))
    assert len(slides.pages) == len(Presentation(io.BytesIO(deck.read_bytes())).slides)
    words = "".join("".join(page.extract_text().split()) for page in slides.pages)
    assert "チャット" in words
    assert "1,150,000" in words
    text = "".join("".join(page.extract_text().split()) for page in sheets.pages)
    assert "台帳の名前を差から補うことはしない" in text
