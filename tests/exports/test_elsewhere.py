"""Every file of another prefecture speaks its words: nothing in it tells of Osaka."""

from __future__ import annotations

import argparse
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from pypdf import PdfReader

from core.cli import parser
from core.consultation.mail_text import mail_kinds
from core.exports.documents.paper import (
    example_file,
    paper_file,
    paper_file_name,
    papers_file_name,
    papers_zip,
)
from core.exports.documents.word import filled_word
from core.exports.documents.workbook import filled_workbook
from core.exports.ledger import Words, ledger_template
from core.exports.request_form import budget_form_values, request_form_workbook
from core.exports.subsidy import subsidy_file_name, subsidy_workbook
from core.figures.alert import AlertKind, kinds
from core.figures.letter import has_letter, letter
from core.figures.registry import Said, indicators
from core.figures.scenes.kept import to_json
from core.figures.scenes.registry import makers, scenes_of
from core.figures.week import week
from core.reference.pack import Reference
from core.store.consultations import consultations
from core.store.engine import open_engine, reading
from core.store.kpi import known
from core.store.letters import consultation_mail
from tests.exports.test_made_up import FILES, Demonstration
from tests.support.databases import sqlite_url
from tests.support.elsewhere import (
    made_up_pack,
    pack_without_subsidy,
    told,
    told_of_a_subsidy,
)
from tests.support.reference import REFERENCE


def words_of(made: Any) -> Iterator[str]:
    """Everything a reader can read of a file: of a package all its parts, notes and charts too."""
    if isinstance(made, tuple | list):
        for each in made:
            yield from words_of(each)
    elif hasattr(made, "body"):
        yield from words_of(made.body)
        yield str({k: v for k, v in vars(made).items() if k != "rows"})
    elif isinstance(made, str):
        yield made
    elif made.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(made)) as package:
            for part in package.namelist():
                if part.endswith(".xml"):
                    yield package.read(part).decode()
                elif part.endswith(".xlsx"):
                    yield from words_of(package.read(part))
    elif made.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(made))
        yield from (page.extract_text() for page in reader.pages)
        yield str(reader.metadata)
    else:
        yield made.decode("utf-8-sig")


def every_parser(top: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield top
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                yield from every_parser(each)


FILLED = (filled_word, filled_workbook, paper_file, papers_zip)
"""Papers of one case, which is Osaka's."""
OF_SUBSIDIES = (
    example_file,
    paper_file_name,
    papers_file_name,
    subsidy_file_name,
    subsidy_workbook,
)


@pytest.fixture
def elsewhere(sqlite_template: Path, tmp_path: Path, now: datetime) -> Iterator[Demonstration]:
    yield from demonstrated(made_up_pack, sqlite_template, tmp_path, now)


@pytest.fixture
def unpaid(sqlite_template: Path, tmp_path: Path, now: datetime) -> Iterator[Demonstration]:
    yield from demonstrated(pack_without_subsidy, sqlite_template, tmp_path, now)


def demonstrated(
    make: Callable[[Path], Reference], sqlite_template: Path, tmp_path: Path, now: datetime
) -> Iterator[Demonstration]:
    path, pack = tmp_path / "noriai.db", tmp_path / "pack"
    copyfile(sqlite_template, path)
    pack.mkdir()
    engine = open_engine(sqlite_url(path))
    yield Demonstration(engine, now, make(pack))
    engine.dispose()


def test_every_file_speaks_the_words_of_the_pack(elsewhere: Demonstration) -> None:
    own = {
        request_form_workbook,
        *FILLED,
    }  # their words are those of whoever made the form, or the case
    found = {
        make.__name__: told(words_of(ask(elsewhere)))
        for make, (ask, _) in FILES.items()
        if make not in own
    }
    assert {name: telling for name, telling in found.items() if telling} == {}


def test_what_goes_into_a_form_speaks_them_too(elsewhere: Demonstration) -> None:
    values = budget_form_values(
        elsewhere.estimate(), reference=elsewhere.reference, municipality="堺市",
        made_on=elsewhere.day, link="https://noriai.example/", made_up=False,
    )  # fmt: skip
    assert told(str(value) for value in values.values()) == []
    template = ledger_template(Words.of(elsewhere.reference), elsewhere.day)
    assert told(words_of(template)) == []


def test_mails_and_reminders_speak_them(elsewhere: Demonstration) -> None:
    names, reference = elsewhere.reference.names, elsewhere.reference
    with reading(elsewhere.engine) as session:
        asked = consultations(session)
        letters = [
            consultation_mail(
                session, reference, kind=kind, lg_code=each.lg_code,
                consultation_id=each.consultation_id, address="https://noriai.example/",
                today=elsewhere.day,
            )
            for each in asked
            for kind in mail_kinds(each)
        ]  # fmt: skip
    mails = [f"{each.letter.subject}{each.letter.body}" for each in letters]
    keys = [key for key in indicators(reference) if has_letter(key)]
    mails += ["".join(letter(key, elsewhere.day, "", names)) for key in keys]
    assert len(letters) > 1
    assert len(keys) > 1
    assert told(mails) == []
    assert any("見本県" in mail for mail in mails)
    assert all("各市町 DX担当者 様" in mail for mail in mails[len(letters) :])


def test_the_wall_speaks_them(elsewhere: Demonstration) -> None:
    with reading(elsewhere.engine) as session:
        said = Said(known(session, elsewhere.reference), elsewhere.day)
    scenes = scenes_of(makers(elsewhere.reference), said)
    purposes = [maker.purpose for maker in makers(elsewhere.reference).values()]
    assert told([to_json(scenes), *purposes]) == []
    assert "42市町の参加希望" in [scene.title for scene in scenes]


def test_no_file_speaks_of_a_subsidy_where_there_is_none(unpaid: Demonstration) -> None:
    own = {request_form_workbook, *FILLED, *OF_SUBSIDIES}
    found = {
        make.__name__: told_of_a_subsidy(words_of(ask(unpaid)))
        for make, (ask, _) in FILES.items()
        if make not in own
    }
    assert {name: telling for name, telling in found.items() if telling} == {}


def test_no_figure_and_no_scene_speaks_of_one(unpaid: Demonstration) -> None:
    facts = indicators(unpaid.reference)
    with reading(unpaid.engine) as session:
        said = Said(known(session, unpaid.reference), unpaid.day)
    gone = {
        "talent_budget", "talent_budget_left", "talent_budget_share", "talent_decided",
        "talent_pending", "talent_published_subsidy",
        *(f"talent_{kind}subsidy" for kind in ("", "considering_", "withdrawn_")),
        *(f"grant_{what}" for what in ("decided", "final", "paid", "left", "forecast")),
    }  # fmt: skip
    assert indicators(REFERENCE).keys() - facts.keys() == gone
    assert said["talent_gross"].value == said["talent_net"].value
    assert said["talent_gross"].value
    scenes = scenes_of(makers(unpaid.reference), said)
    texts = [maker.purpose for maker in makers(unpaid.reference).values()]
    texts += [f"{e.name}{e.definition}{e.basis}{e.numerator}" for e in facts.values()]
    assert told_of_a_subsidy([to_json(scenes), *texts]) == []
    assert "talent" not in makers(unpaid.reference)
    about = {AlertKind.BUDGET_SHARE, AlertKind.GRANTED_SHARE}
    assert about.isdisjoint(kinds(unpaid.reference.offers))
    assert week(said, named=True)


def test_the_command_line_tells_of_no_prefecture() -> None:
    helps = [each.format_help() for each in every_parser(parser())]
    assert len(helps) > 10
    assert told(helps) == []
