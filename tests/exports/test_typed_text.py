"""Text that people typed is text in every file that leaves: no formula, no link, no property."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import icalendar
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import URL

from core.consultation.mail_text import mail_kinds, mail_text
from core.start import start
from core.store.catalogue import kept_catalogue
from core.store.consultations import consultations
from core.store.engine import open_engine, reading
from core.values.fiscal import FiscalYear
from dashboard import context
from dashboard.served.open_data import page_html
from tests.exports.test_made_up import FILES, LINK, Demonstration
from tests.support.hostile import EVIL, OFFICER, Typed, fill_hostile
from tests.support.reference import REFERENCE
from tests.support.screens import HIRAKATA, TODAY, japan_now

FORMULA = tuple("=+-@\t\r＝＋－＠")
_MEANT = "https://meeting.example.lg.jp/j", "https://example.lg.jp/a.pdf"


class Hostile(Demonstration):
    """The database of a demonstration, typed into by somebody who means harm."""

    def __init__(self, path: Path) -> None:
        self.engine = open_engine(URL.create("sqlite", database=str(path)))
        self.now, self.day, self.officer = japan_now(), TODAY, OFFICER
        start(self.engine, REFERENCE, self.now)
        self.typed: Typed = fill_hostile(self.engine)
        catalogue = kept_catalogue(self.engine)
        assert catalogue is not None
        self.reference = catalogue.of(FiscalYear.of(TODAY)).on(TODAY)
        self.sessions = self.published()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    made = Hostile(tmp_path_factory.mktemp("hostile") / "noriai.db")
    yield made
    made.engine.dispose()


def in_package(body: bytes) -> None:
    """A file of Office: nothing in it points anywhere or runs."""
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        for name in package.namelist():
            assert not re.search(r"external|vba|embeddings/ole|activeX", name, re.I), name
            part = package.read(name).decode("utf-8", "replace")
            if name.endswith(".rels"):
                assert "External" not in part, name
            assert not re.search(r"<(?:\w+:)?(?:hyperlink|hlinkClick|hlinkHover)\b", part), name


def in_workbook(body: bytes, typed: Typed) -> None:
    in_package(body)
    for sheet in load_workbook(io.BytesIO(body)):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            for mark in typed.marks(str(cell.value)):
                assert cell.data_type == "s", (sheet.title, cell.coordinate)
                assert cell.hyperlink is None
                assert typed.texts[mark] in cell.value


def in_csv(body: bytes, typed: Typed) -> None:
    for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")):
        for cell in row:
            assert not (typed.marks(cell) and cell.startswith(FORMULA)), cell
            for mark in typed.marks(cell):
                assert typed.texts[mark] in cell


def in_pdf(body: bytes) -> None:
    assert all("/Annots" not in page for page in PdfReader(io.BytesIO(body)).pages)
    assert not re.search(rb"/(URI|JavaScript|Launch)\b", body)


def in_calendar(body: bytes, events: int | None = None) -> None:
    calendar = icalendar.Calendar.from_ical(body)
    found = calendar.walk("VEVENT")
    assert found
    assert events in (None, len(found))
    for event in found:
        assert str(event["url"]).startswith(LINK)
        assert {"attach", "organizer", "attendee", "bcc"}.isdisjoint(key.lower() for key in event)
    assert not calendar.walk("VALARM")


def test_no_file_makes_anything_of_what_was_typed(
    hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "reference", lambda: hostile.reference)
    typed, tried = hostile.typed, set()
    for function, (make, _) in FILES.items():
        made: Any = make(hostile)
        name = function.__name__
        if function.__module__.startswith("core.exports.form."):
            name = "form_workbook"
        if name in ("filled_word", "example_file", "paper_file"):
            name = "package"
        tried.add(name.rpartition("_")[2])
        if name.endswith("text"):
            assert made.decode("utf-8-sig")
        elif name.endswith("workbook"):
            in_workbook(made, typed)
        elif name.endswith("csv"):
            in_csv(made, typed)
        elif name.endswith(("deck", "package")):
            in_package(made)
        elif name.endswith("pdf"):
            in_pdf(made)
        elif name == "papers_zip":
            with zipfile.ZipFile(io.BytesIO(made)) as papers:
                for each in papers.namelist():
                    in_package(papers.read(each))
        elif name.endswith("archive"):
            with zipfile.ZipFile(io.BytesIO(made)) as archive:
                for each in archive.namelist():
                    body = archive.read(each)
                    in_pdf(body) if each.endswith(".pdf") else in_workbook(body, typed)
        elif name == "public_calendar":
            in_calendar(made, len(list(hostile.sessions)))
        elif name == "personal_calendar":
            in_calendar(made, len(hostile.entries()))
        elif name.endswith("calendar"):
            in_calendar(made)
        elif name == "open_data_files":
            for file in made:
                in_csv(file.body, typed)
            page = page_html(list(made))
            assert EVIL not in re.sub(r"&lt;.*?&gt;", "", "".join(re.findall(r"<[^>]*>", page)))
        else:
            assert name.endswith("file_name")
            assert not re.search(r'[\\/:*?"<>|\x00-\x1f]', made)
    assert tried == {
        "workbook",
        "csv",
        "deck",
        "package",
        "pdf",
        "calendar",
        "files",
        "name",
        "text",
        "zip",
        "archive",
    }


def test_what_was_typed_is_in_the_files(hostile: Hostile) -> None:
    """Else the test above looks at nothing."""
    held: set[str] = set()
    for function, (make, _) in FILES.items():
        if function.__name__.endswith("csv"):
            held |= hostile.typed.marks(make(hostile).decode("utf-8-sig"))
    assert len(held) >= 10
    name = hostile.reference.by_code[HIRAKATA].name
    assert hostile.typed.marks(name)
    assert hostile.typed.marks(name) <= held


def test_no_mail_has_a_header_of_what_was_typed(hostile: Hostile) -> None:
    with reading(hostile.engine) as session:
        asked = consultations(session)
    mails = 0
    for consultation in asked:
        town = hostile.reference.by_code[consultation.lg_code]
        for kind in mail_kinds(consultation):
            mail = mail_text(
                kind,
                consultation,
                town,
                office="事務局",
                towns="市町村",
                printed_subject="【相談】***",
                address=LINK,
            )
            message = EmailMessage()
            message["To"], message["Subject"] = mail.to, mail.subject
            message.set_content(mail.body)
            read = message.as_bytes().decode("ascii", "replace")
            assert "Bcc" not in read.partition("\n\n")[0]
            assert hostile.typed.marks(mail.subject) == hostile.typed.marks(town.name)
            assert message.get_content_type() == "text/plain"
            mails += 1
    assert mails > 3
