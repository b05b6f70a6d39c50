"""data/advisors.yaml: reading the advisors (市町村DX推進アドバイザー制度)."""

from __future__ import annotations

from core.reference.advisor import (
    AdvisorCompany,
    AdvisorGuide,
    Advisors,
    Hearing,
    MenuItem,
    RequestByMail,
    TrackRecord,
    WorkedExample,
)
from core.reference.corrections import read_corrections
from core.reference.entry import Entry
from core.reference.sources import Folder

NAME = "advisors.yaml"
_GUIDE = (
    "fiscal_year title purpose company menu hearing request consultation_examples "
    "consultation_use corrections source"
)


def read_advisors(folder: Folder) -> Advisors:
    """Everything in the file."""
    entry = folder.entry(NAME, "overview guide track_records")
    overview = entry.entry("overview", "name text next note source")
    records = entry.entries("track_records", "key label fiscal_year note examples source")
    return Advisors(
        name=overview.text("name"),
        text=overview.text("text"),
        next=overview.text("next"),
        note=overview.text("note"),
        source=overview.text("source"),
        guide=_guide(entry.entry("guide", _GUIDE)),
        track_records=tuple(_track_record(below) for below in records),
    )


def _guide(entry: Entry) -> AdvisorGuide:
    company = entry.entry("company", "name strengths pr")
    hearing = entry.entry("hearing", "period text form")
    menu = entry.entries("menu", "key label descriptions items times reference_url")
    return AdvisorGuide(
        fiscal_year=entry.fiscal_year("fiscal_year"),
        title=entry.text("title"),
        purpose=entry.texts("purpose"),
        company=AdvisorCompany(
            company.text("name"), company.texts("strengths"), company.text("pr")
        ),
        menu=tuple(_menu_item(below) for below in menu),
        hearing=Hearing(hearing.text("period"), hearing.text("text"), hearing.text("form")),
        request=_request(entry.entry("request", "text to subject subject_note password note")),
        consultation_examples=entry.texts("consultation_examples"),
        consultation_use=entry.text("consultation_use"),
        corrections=read_corrections(entry),
        source=entry.text("source"),
    )


def _menu_item(entry: Entry) -> MenuItem:
    return MenuItem(
        key=entry.text("key"),
        label=entry.text("label"),
        descriptions=entry.texts("descriptions"),
        items=entry.texts("items"),
        times=entry.whole_or_none("times", 1),
        reference_url=entry.text_or_none("reference_url"),
    )


def _request(entry: Entry) -> RequestByMail:
    return RequestByMail(
        text=entry.text("text"),
        to=entry.text("to"),
        subject=entry.text("subject"),
        subject_note=entry.text("subject_note"),
        password=entry.text("password"),
        note=entry.text("note"),
    )


def _track_record(entry: Entry) -> TrackRecord:
    return TrackRecord(
        key=entry.text("key"),
        label=entry.text("label"),
        fiscal_year=entry.fiscal_year_or_none("fiscal_year"),
        note=entry.text("note"),
        examples=tuple(
            WorkedExample(below.text("title"), below.text("work"))
            for below in entry.entries("examples", "title work")
        ),
        source=entry.text("source"),
    )
