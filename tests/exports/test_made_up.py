"""Every file that leaves a database of made-up data says so wherever a reader may look."""

from __future__ import annotations

import csv
import importlib
import inspect
import io
import pkgutil
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import icalendar
import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pypdf import PdfReader
from sqlalchemy import Engine

import core.exports
from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.boarding.cost import boarding_cost
from core.boarding.request import BoardingRequest
from core.cli import main
from core.commands import action_labels
from core.commands.enrolments import export_enrolments
from core.commands.meetings import freeze_meeting
from core.consultation.attachment import OfferedFile
from core.demonstration.fill import fill_demonstration
from core.estimate.request import EstimateRequest, PlanChoice
from core.exports import audit, boarding, budget, enrolments, kpi, meeting
from core.exports.accounts import HandedOver, account_sheets_pdf, accounts_template
from core.exports.audit_words import AuditWords
from core.exports.calendar import (
    personal_calendar,
    public_calendar,
    vendor_calendar,
    visit_calendar,
)
from core.exports.council.archive import council_archive
from core.exports.council.page import council_pdf
from core.exports.council.wording import council_file_name
from core.exports.council.workbook import council_workbook
from core.exports.documents.paper import (
    example_file,
    paper_file,
    paper_file_name,
    papers_file_name,
    papers_zip,
)
from core.exports.documents.plain import plain_template
from core.exports.documents.word import filled_word
from core.exports.documents.workbook import filled_workbook
from core.exports.file import MADE_UP, MARK_COLUMN, csv_file, file_name, marked
from core.exports.form.by_row import merged_by_row
from core.exports.form.by_sheet import merged_by_sheet
from core.exports.form.handed_out import filled_sheet, handed_out
from core.exports.form.tally import tally_workbook, wide_workbook
from core.exports.inquiries.deck import inquiry_deck
from core.exports.inquiries.workbook import (
    inquiry_codebook_csv,
    inquiry_csv,
    inquiry_file_name,
    inquiry_workbook,
)
from core.exports.ledger import Words, ledger_csv, ledger_template, ledger_workbook
from core.exports.open_data import open_data_files
from core.exports.quotations import quotation_workbook
from core.exports.receipt import receipt_pdf, receipt_text
from core.exports.request_form import (
    budget_form_values,
    request_form_file_name,
    request_form_workbook,
)
from core.exports.sheet_xml import computed_anew
from core.exports.subsidy import subsidy_file_name, subsidy_workbook
from core.exports.support import support_file_name, support_workbook
from core.exports.template import template
from core.figures.registry import indicator
from core.figures.scenes.registry import makers
from core.imports.form.reading import found_layout
from core.imports.reading import request_form
from core.inquiry.form.answer import FormRow
from core.inquiry.form.field import FormLayout
from core.reference.pack import Reference
from core.start import start
from core.store.audit import AuditFilter
from core.store.engine import reading
from core.store.support import contracts, visits
from core.subsidy.document import DocumentKind
from core.training.filter import TrainingFilter
from core.values.fiscal import FiscalYear
from core.views.administration import audit_export_view
from core.views.assignments import AssignmentsAnswer, assignments_view
from core.views.calendar import CalendarDay, CalendarEntry, visit_calendar_view
from core.views.enrolments import own_enrolments_view
from core.views.inquiries import inquiry_desk_view, tally_view
from core.views.kpi import kpi_detail_view, kpi_meeting_view, kpi_view
from core.views.ledger import ledger_export_view
from core.views.meetings import frozen_view, wall_view
from core.views.open_data import open_data_view
from core.views.our_year import our_year_view
from core.views.peers import visit_view
from core.views.plans import plans_view
from core.views.quotations import quotation_office_view
from core.views.subsidy import BoardAnswer, subsidy_board_view
from core.views.subsidy_papers import Paper
from core.views.support import SupportBoard, support_board_view
from core.views.trainings import published_sessions_view
from tests.support.inquiry_forms import A_FORM
from tests.support.papers import CASE, SAKAI, values_of
from tests.support.reference import REFERENCE
from tests.support.request_forms import a_form

TOWN = "271004"
LINK = "https://noriai.example/"


def in_workbook(body: bytes) -> None:
    for sheet in load_workbook(io.BytesIO(body)):
        texts = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
        assert any(MADE_UP in text for text in texts), sheet.title


def in_csv(body: bytes) -> None:
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert rows
    assert {row[MARK_COLUMN] for row in rows} == {MADE_UP}


def in_codebook(body: bytes) -> None:
    in_csv(body)
    assert MARK_COLUMN in [
        row["項目名"] for row in csv.DictReader(io.StringIO(body.decode("utf-8-sig")))
    ]


def in_deck(body: bytes, least: int = 4) -> None:
    slides = list(Presentation(io.BytesIO(body)).slides)
    assert len(slides) >= least
    for slide in slides:
        assert MADE_UP in "".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)


def in_pdf(body: bytes) -> None:
    pages = PdfReader(io.BytesIO(body)).pages
    assert pages
    assert all(MADE_UP in page.extract_text() for page in pages)


def in_calendar(body: bytes) -> None:
    calendar = icalendar.Calendar.from_ical(body)
    titles = [str(event["summary"]) for event in calendar.walk("VEVENT")]
    assert titles
    assert all(MADE_UP in text for text in [str(calendar["name"]), *titles])


def in_open_data(files: tuple[Any, ...]) -> None:
    for file in files:
        in_csv(file.body)
    (codebook,) = (file for file in files if file.name == "codebook.csv")
    described = [(row[0], row[2]) for row in codebook.rows]
    assert {name for name, column in described if column == MARK_COLUMN} == {
        file.name for file in files if file is not codebook
    }


def in_form(body: bytes) -> None:
    """Somebody else's form keeps its cells: the mark is in the head of every sheet that is printed."""
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        assert sheets
        for name in sheets:
            assert MADE_UP in package.read(name).decode(), name


def in_letter(body: bytes) -> None:
    """A Word document says it before anything else."""
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        text = re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode())
    assert text.strip().startswith(MADE_UP)


def in_papers(body: bytes) -> None:
    """Each of them, and its name."""
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        assert package.namelist()
        for name in package.namelist():
            in_name(name)
            (in_letter if name.endswith(".docx") else in_form)(package.read(name))


def in_archive(body: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = archive.namelist()
        assert names == sorted(names)
        for name in names:
            in_name(name)
            (in_pdf if name.endswith(".pdf") else in_workbook)(archive.read(name))


def in_text(body: bytes) -> None:
    assert body.decode("utf-8-sig").startswith(MADE_UP)


def in_name(name: str) -> None:
    assert name.startswith(MADE_UP)


class Demonstration:
    """A filled database, and how each export is asked for."""

    def __init__(self, engine: Engine, now: datetime, reference: Reference = REFERENCE) -> None:
        start(engine, reference, now)
        fill_demonstration(engine, reference, now)
        self.engine, self.now, self.day = engine, now, now.date()
        self.officer = Principal(f"mihon-{TOWN}", "見本", Role.OFFICER, TOWN)
        self.reference = reference
        self.sessions = self.published()

    def published(self) -> Any:
        return published_sessions_view(self.engine, PUBLIC, self.reference, wanted=TrainingFilter())

    def estimate(self) -> Any:
        request = EstimateRequest(FiscalYear.of(self.day), (PlanChoice(6, 12),))
        return plans_view(self.engine, PUBLIC, self.reference, request=request).estimate

    def boarding(self) -> tuple[Any, Any, Any]:
        merit = self.reference.procurements.scale_merit
        chat = self.reference.procurements.programmes[0]
        request = BoardingRequest(date(2027, 10, 1), initial=1_000_000, monthly=90_000, months=12)
        return boarding_cost(request, merit.rate), chat, merit

    def roll(self) -> Any:
        return next(
            lines
            for each in self.sessions
            if (
                lines := export_enrolments(
                    self.engine, CONSOLE, session_id=each.session_id, now=self.now
                )
            )
        )

    def frozen(self) -> Any:
        number = freeze_meeting(
            self.engine, CONSOLE, name="第3回", scenes=tuple(makers(self.reference)), as_of=self.day,
            set_id="", reference=self.reference, request_id="f", now=self.now,
        )  # fmt: skip
        return frozen_view(self.engine, CONSOLE, freeze_id=number)

    def entries(self) -> list[CalendarEntry]:
        line = next(iter(self.sessions))
        return [
            CalendarEntry(
                line=line, seated=1, waiting=0, joining_address="", offer_until=None, news=(),
                sequence=1,
                changed_at=self.now,
            )
        ]  # fmt: skip

    def year(self, lg_code: str = TOWN) -> Any:
        return our_year_view(
            self.engine, CONSOLE, self.reference, lg_code=lg_code,
            fiscal_year=FiscalYear.of(self.day), now=self.now, today=self.day,
        )  # fmt: skip

    def indicators(self) -> Any:
        return kpi_view(self.engine, CONSOLE, self.reference, as_of=self.day)

    def detail(self) -> Any:
        return kpi_detail_view(
            self.engine,
            CONSOLE,
            self.reference,
            indicator="talent_plans",
            as_of=self.day,
            first=self.day,
        )

    def meeting(self) -> Any:
        return kpi_meeting_view(
            self.engine, CONSOLE, self.reference, as_of=self.day, first=self.day, compared_with=None,
        )  # fmt: skip


def _budget(demo: Demonstration) -> bytes:
    return budget.budget_workbook(
        demo.estimate(), reference=demo.reference,
        municipality="堺市", made_on=demo.day, link=LINK, made_up=True,
    )  # fmt: skip


def _boarding(demo: Demonstration) -> bytes:
    cost, procurement, merit = demo.boarding()
    return boarding.boarding_workbook(
        cost, procurement=procurement, merit=merit, reference=demo.reference,
        municipality="堺市", made_on=demo.day, link=LINK, made_up=True,
    )  # fmt: skip


def _boarding_name(demo: Demonstration) -> str:
    cost, procurement, _ = demo.boarding()
    return boarding.boarding_file_name(cost, procurement, "堺市", demo.day, made_up=True)


def _boarding_brief(demo: Demonstration) -> bytes:
    cost, procurement, _ = demo.boarding()
    return boarding.boarding_pdf(
        cost, procurement=procurement, reference=demo.reference,
        municipality="堺市", made_on=demo.day, link=LINK, made_up=True,
    )  # fmt: skip


def _boarding_brief_name(demo: Demonstration) -> str:
    cost, procurement, _ = demo.boarding()
    return boarding.boarding_pdf_file_name(cost, procurement, "堺市", demo.day, made_up=True)


def _audit(demo: Demonstration) -> tuple[Any, AuditWords]:
    found = audit_export_view(demo.engine, CONSOLE, wanted=AuditFilter())
    return found.entries, AuditWords(demo.reference, action_labels(), found.names)


def _paper(kind: DocumentKind) -> Paper:
    return Paper(SAKAI, "堺市", CASE.number.label, values_of(kind), None)


def _request_form(demo: Demonstration) -> bytes:
    values = budget_form_values(
        demo.estimate(), reference=demo.reference, municipality="堺市", made_on=demo.day,
        link=LINK, made_up=True,
    )  # fmt: skip
    form = request_form(OfferedFile("様式.xlsx", a_form()))
    return request_form_workbook(form.content, form.places, values, made_up=True)


def _ledger(demo: Demonstration) -> Any:
    return ledger_export_view(demo.engine, CONSOLE)


def _inquiry(demo: Demonstration) -> Any:
    """The tally of the first inquiry whose answers may be seen."""
    desk = inquiry_desk_view(demo.engine, CONSOLE, now=demo.now)
    number = next(e.inquiry.inquiry_id for e in desk if e.board and e.inquiry.revealed)
    return tally_view(demo.engine, CONSOLE, demo.reference, inquiry_id=number, today=demo.day)


def _form() -> tuple[FormLayout, tuple[FormRow, ...]]:
    """A form and what two municipalities put into it, one of them nothing."""
    layout = found_layout(A_FORM)
    return layout, (
        FormRow(TOWN, "堺市", {"s1_B1": "12"}),
        FormRow("272108", "枚方市", None),
    )


def _receipt(demo: Demonstration) -> Any:
    """What a receipt is made from."""
    found = _inquiry(demo)
    answers = next(iter(found.answers.values()))
    return {"受領番号": "12"}, found.inquiry.composition, answers, found.scope


def _inquiry_deck(demo: Demonstration) -> bytes:
    number = _inquiry(demo).inquiry.inquiry_id
    wall = wall_view(
        demo.engine, CONSOLE, demo.reference, set_id=f"inquiry-{number}", as_of=demo.day
    )
    return inquiry_deck(wall, demo.day, reference=demo.reference, made_up=True)


def _open_data(demo: Demonstration) -> Any:
    answer = open_data_view(demo.engine, PUBLIC, demo.reference, as_of=demo.day)
    return open_data_files(answer, demo.reference, lambda key: f"{LINK}{key}", made_up=True)


def _board(demo: Demonstration) -> SupportBoard:
    year = FiscalYear.of(demo.day)
    return support_board_view(
        demo.engine, CONSOLE, demo.reference, fiscal_year=year, today=demo.day
    )


def _subsidies(demo: Demonstration) -> BoardAnswer:
    year = FiscalYear.of(demo.day)
    found = subsidy_board_view(
        demo.engine, CONSOLE, demo.reference, programme=None, fiscal_year=year, as_of=demo.day
    )
    assert found is not None
    return found


def _visit_day(demo: Demonstration) -> CalendarDay:
    with reading(demo.engine) as session:
        visit = next(each for each in visits(session) if each.held)
    which = {"lg_code": visit.lg_code, "visit_id": visit.visit_id}
    return visit_calendar_view(demo.engine, CONSOLE, demo.reference, **which)


APPLICATION, BUDGET = DocumentKind.APPLICATION, DocumentKind.BUDGET


def _vendor_visits(demo: Demonstration) -> AssignmentsAnswer:
    with reading(demo.engine) as session:
        contract = next(each for each in contracts(session) if each.stands)
    who = Principal("mihon-adviser", "", Role.ADVISER, vendor_id=contract.vendor.vendor_id)
    return assignments_view(demo.engine, who, demo.reference, today=demo.day)


FILES: dict[Callable[..., Any], tuple[Callable[[Demonstration], Any], Callable[[Any], None]]] = {
    budget.budget_workbook: (_budget, in_workbook),
    budget.budget_file_name: (
        lambda d: budget.budget_file_name(d.estimate(), "堺市", d.day, made_up=True),
        in_name,
    ),
    quotation_workbook: (
        lambda d: quotation_workbook(
            quotation_office_view(d.engine, CONSOLE, d.reference, today=d.day),
            "見積・契約額",
            d.day,
            made_up=True,
        ),
        in_workbook,
    ),
    council_pdf: (
        lambda d: council_pdf(d.year(), d.reference, d.day, made_up=True),
        in_pdf,
    ),
    council_workbook: (
        lambda d: council_workbook(d.year(), d.reference, d.day, made_up=True),
        in_workbook,
    ),
    council_archive: (
        lambda d: council_archive([d.year(), d.year("271403")], d.reference, d.day, made_up=True),
        in_archive,
    ),
    council_file_name: (
        lambda d: council_file_name(
            d.year().municipality, FiscalYear(2023), d.day, ".pdf", made_up=True
        ),
        in_name,
    ),
    audit.audit_workbook: (
        lambda d: audit.audit_workbook(*_audit(d), "すべて", d.day, made_up=True),
        in_workbook,
    ),
    audit.audit_csv: (lambda d: audit.audit_csv(*_audit(d), made_up=True), in_csv),
    audit.audit_file_name: (
        lambda d: audit.audit_file_name(d.day, ".csv", made_up=True),
        in_name,
    ),
    budget.budget_pdf: (
        lambda d: budget.budget_pdf(
            d.estimate(),
            reference=d.reference,
            municipality="堺市",
            made_on=d.day,
            link=LINK,
            made_up=True,
        ),
        in_pdf,
    ),
    budget.budget_pdf_file_name: (
        lambda d: budget.budget_pdf_file_name(d.estimate(), None, d.day, made_up=True),
        in_name,
    ),
    boarding.boarding_pdf: (_boarding_brief, in_pdf),
    boarding.boarding_pdf_file_name: (_boarding_brief_name, in_name),
    request_form_workbook: (_request_form, in_workbook),
    request_form_file_name: (
        lambda d: request_form_file_name(
            "様式.xlsx", FiscalYear(2027), "堺市", d.day, made_up=True
        ),
        in_name,
    ),
    filled_word: (
        lambda _: filled_word(plain_template(APPLICATION), values_of(APPLICATION), made_up=True),
        in_letter,
    ),
    filled_workbook: (
        lambda _: filled_workbook(plain_template(BUDGET), values_of(BUDGET), made_up=True),
        in_form,
    ),
    example_file: (lambda _: example_file(APPLICATION, None), in_letter),
    paper_file: (lambda _: paper_file(_paper(APPLICATION), made_up=True), in_letter),
    papers_zip: (
        lambda _: papers_zip([_paper(APPLICATION), _paper(BUDGET)], made_up=True),
        in_papers,
    ),
    paper_file_name: (lambda _: paper_file_name(_paper(BUDGET), made_up=True), in_name),
    papers_file_name: (
        lambda d: papers_file_name("R5", made_on=d.day, made_up=True),
        in_name,
    ),
    boarding.boarding_workbook: (_boarding, in_workbook),
    boarding.boarding_file_name: (_boarding_name, in_name),
    support_workbook: (
        lambda d: support_workbook(_board(d), d.reference, d.day, made_up=True),
        in_workbook,
    ),
    subsidy_workbook: (
        lambda d: subsidy_workbook(_subsidies(d), d.reference, d.day, made_up=True),
        in_workbook,
    ),
    subsidy_file_name: (
        lambda d: subsidy_file_name("見本", FiscalYear(2027), d.day, made_up=True),
        in_name,
    ),
    support_file_name: (lambda _: support_file_name(FiscalYear(2027), made_up=True), in_name),
    visit_calendar: (
        lambda d: visit_calendar(_visit_day(d), LINK, reference=d.reference, made_up=True).body,
        in_calendar,
    ),
    vendor_calendar: (
        lambda d: (
            vendor_calendar(
                _vendor_visits(d).visits, "支援回", LINK, town=d.reference.called, made_up=True
            ).body
        ),
        in_calendar,
    ),
    public_calendar: (
        lambda d: (
            public_calendar(
                d.sessions, lambda key: f"{LINK}{key}", "研修", reference=d.reference, made_up=True
            ).body
        ),
        in_calendar,
    ),
    personal_calendar: (
        lambda d: (
            personal_calendar(
                d.entries(),
                (),
                "研修",
                link=lambda key: f"{LINK}{key}",
                day_link=lambda key: f"{LINK}{key}",
                window_link=lambda key: f"{LINK}{key}",
                inquiry_link=lambda key: f"{LINK}{key}",
                visit_link=lambda contract, visit: f"{LINK}{contract}-{visit}",
                reference=d.reference,
                made_up=True,
            ).body
        ),
        in_calendar,
    ),
    enrolments.enrolment_workbook: (
        lambda d: enrolments.enrolment_workbook(d.roll(), {}, "研修", d.day, made_up=True),
        in_workbook,
    ),
    enrolments.enrolment_csv: (
        lambda d: enrolments.enrolment_csv(d.roll(), {}, made_up=True),
        in_csv,
    ),
    enrolments.own_enrolments_csv: (
        lambda d: enrolments.own_enrolments_csv(
            own_enrolments_view(d.engine, d.officer, lg_code=d.officer.lg_code), made_up=True
        ),
        in_csv,
    ),
    kpi.kpi_workbook: (
        lambda d: kpi.kpi_workbook(d.indicators(), d.day, made_up=True),
        in_workbook,
    ),
    kpi.kpi_csv: (lambda d: kpi.kpi_csv(d.indicators(), made_up=True), in_csv),
    kpi.codebook_csv: (lambda _: kpi.codebook_csv(made_up=True), in_codebook),
    kpi.rows_csv: (
        lambda d: kpi.rows_csv(
            indicator(d.reference, "talent_plans"), d.detail().reading.parts, d.day, made_up=True
        ),
        in_csv,
    ),
    kpi.meeting_deck: (lambda d: kpi.meeting_deck(d.meeting(), d.day, made_up=True), in_deck),
    kpi.visit_pdf: (
        lambda d: kpi.visit_pdf(
            visit_view(d.engine, CONSOLE, d.reference, lg_code=TOWN, as_of=d.day),
            d.day,
            made_up=True,
        ),
        in_pdf,
    ),
    account_sheets_pdf: (
        lambda d: account_sheets_pdf(
            [HandedOver("堺市", "見本 花子", "mihon", "abcd-efgh")],
            address="http://127.0.0.1:8501",
            until=d.day,
            made_on=d.day,
            made_up=True,
        ),
        in_pdf,
    ),
    ledger_csv: (lambda d: ledger_csv(_ledger(d), Words.of(d.reference), made_up=True), in_csv),
    ledger_workbook: (
        lambda d: ledger_workbook(_ledger(d), Words.of(d.reference), d.day, made_up=True),
        in_workbook,
    ),
    meeting.meeting_workbook: (
        lambda d: meeting.meeting_workbook(d.frozen(), reference=d.reference, made_up=True),
        in_workbook,
    ),
    meeting.meeting_file_name: (
        lambda d: meeting.meeting_file_name(d.frozen(), made_up=True),
        in_name,
    ),
    open_data_files: (_open_data, in_open_data),
    inquiry_workbook: (
        lambda d: inquiry_workbook(_inquiry(d), d.day, reference=d.reference, made_up=True),
        in_workbook,
    ),
    inquiry_csv: (
        lambda d: inquiry_csv(_inquiry(d), reference=d.reference, made_up=True),
        in_csv,
    ),
    inquiry_codebook_csv: (lambda d: inquiry_codebook_csv(_inquiry(d), made_up=True), in_csv),
    inquiry_deck: (_inquiry_deck, lambda body: in_deck(body, least=2)),
    handed_out: (
        lambda _: handed_out(_form()[0], A_FORM, {"s1_B1": "12"}, made_up=True),
        in_form,
    ),
    merged_by_sheet: (
        lambda _: merged_by_sheet(_form()[0], A_FORM, _form()[1], made_up=True),
        in_form,
    ),
    merged_by_row: (
        lambda d: merged_by_row(_form()[0], A_FORM, _form()[1], made_on=d.day, made_up=True),
        in_workbook,
    ),
    tally_workbook: (
        lambda d: tally_workbook(*_form(), title="様式の集計", made_on=d.day, made_up=True),
        in_workbook,
    ),
    receipt_text: (lambda d: receipt_text(*_receipt(d), made_up=True), in_text),
    receipt_pdf: (lambda d: receipt_pdf(*_receipt(d), d.day, made_up=True), in_pdf),
    inquiry_file_name: (
        lambda d: inquiry_file_name(_inquiry(d), "回答", d.day, ".csv", made_up=True),
        in_name,
    ),
}
PARTS = {
    csv_file,
    file_name,
    marked,
    budget.workbook.request_file_name,
    computed_anew,
    filled_sheet,
    wide_workbook,
}
"""What the files above are made with."""
EMPTY = {accounts_template, ledger_template, plain_template, template}
"""To be filled in: hold no data that could be made up."""


def exports() -> Iterator[Callable[..., Any]]:
    """Every public function of core.exports that gives a file, several of them, or a name."""
    for found in pkgutil.walk_packages(core.exports.__path__, "core.exports."):
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                gives = str(inspect.signature(function).return_annotation)
                if (
                    gives in ("bytes", "CalendarFile")
                    or "OpenDataFile" in gives
                    or name.endswith("file_name")
                ):
                    yield function


def test_every_export_can_be_marked_and_is_tried_here() -> None:
    found = set(exports()) - PARTS - EMPTY
    assert found == set(FILES)
    assert all("made_up" in inspect.signature(function).parameters for function in found)


def test_every_file_of_made_up_data_says_so(engine: Engine, now: datetime) -> None:
    demo = Demonstration(engine, now)
    for make, check in FILES.values():
        check(make(demo))


def test_the_command_line_marks_what_it_writes(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NORIAI_DATABASE_URL", f"sqlite:///{tmp_path / 'noriai.db'}")
    monkeypatch.setenv("NORIAI_TODAY", "2023-10-02")
    assert main(["init", "--demo"]) == 0
    book, table = tmp_path / "kpi.xlsx", tmp_path / "ledger.csv"
    request = tmp_path / "request.xlsx"
    assert main(["export", "kpi", str(book)]) == 0
    assert main(["ledger", "export", str(table)]) == 0
    plan = ["--fiscal-year", "2023", "--plan", "6", "--output", str(request)]
    assert main(["export", "budget", *plan]) == 0
    assert MADE_UP in capsys.readouterr().err
    in_workbook(book.read_bytes())
    in_csv(table.read_bytes())
    in_workbook(request.read_bytes())
