"""Templates kept, replaced, put away; papers of one case and of all, and who gets them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine

from core.access.principal import Principal
from core.commands.subsidy_templates import discard_template, keep_template
from core.consultation.attachment import OfferedFile
from core.exports.documents.letter import Letter
from core.exports.documents.paper import paper_file, papers_zip
from core.subsidy.document import DocumentKind, Mark
from core.subsidy.step import CaseStep
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.views.subsidy_papers import (
    all_papers_view,
    case_papers_view,
    paper_suffixes_view,
    template_content_view,
    templates_view,
)
from tests.support.subsidies import DAY, HERE, NOW, OFFICE, YEAR, A, B, C, Office, asked, officer

K = DocumentKind
_numbers = count(1)


def template(*lines: str) -> bytes:
    made = Letter()
    for each in ("{{首長職名}} 様", "金{{交付決定額}}", *lines):
        made.line(each)
    return made.finished()


def keep(engine: Engine, content: bytes, name: str = "決定.docx", **changes: Any) -> None:
    keep_template(
        engine,
        changes.pop("who", OFFICE),
        **{
            "programme": "kyodo",
            "kind": K.DECISION,
            "file": OfferedFile(name, content),
            "reference": HERE,
            "request_id": f"t{next(_numbers)}",
            "now": NOW,
            **changes,
        },
    )


def shown(engine: Engine) -> Any:
    return templates_view(engine, OFFICE, HERE, programme="kyodo", as_of=DAY)


def papers(engine: Engine, who: Principal, lg_code: str, case_id: int, **kinds: Any) -> Any:
    return case_papers_view(engine, who, HERE, lg_code=lg_code, case_id=case_id, **kinds)


def decided(engine: Engine, town: str = A) -> int:
    office = Office(engine)
    case_id = office.apply(asked(900_000, town=town), town=town)
    office.theirs(case_id, CaseStep.DECIDED, 450_000, town=town)
    return case_id


def words(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return re.sub(r"<[^>]+>", " ", package.read("word/document.xml").decode())


def test_a_template_is_kept_used_replaced_and_put_away(engine: Engine) -> None:
    case_id = decided(engine)
    keep(engine, template("はじめの様式"))
    first = shown(engine).used[K.DECISION]
    assert (first.name, first.marks) == ("決定.docx", (Mark.MAYOR, Mark.DECIDED_AMOUNT))
    (paper,) = papers(engine, officer(A), A, case_id, kinds=(K.DECISION,))
    text = words(paper_file(paper, made_up=False))
    assert "堺市長 様" in text
    assert "金450,000円" in text
    assert "はじめの様式" in text

    keep(engine, template("次の様式"))
    answer = shown(engine)
    assert [each.template_id for each in answer.versions] == [2, 1]
    assert answer.used[K.DECISION].template_id == 2
    assert template_content_view(engine, OFFICE, template_id=1) == template("はじめの様式")

    stale = {"programme": "kyodo", "kind": K.DECISION, "now": NOW}
    with pytest.raises(ConflictError, match="差し替え"):
        discard_template(engine, OFFICE, seen_template=1, request_id="d1", **stale)
    discard_template(engine, OFFICE, seen_template=2, request_id="d2", **stale)
    with pytest.raises(ConflictError, match="使用中の様式はありません"):
        discard_template(engine, OFFICE, seen_template=2, request_id="d3", **stale)
    assert shown(engine).used == {}
    assert len(shown(engine).versions) == 3
    with pytest.raises(InvalidInputError):
        template_content_view(engine, OFFICE, template_id=3)  # says only that none is used
    (paper,) = papers(engine, officer(A), A, case_id, kinds=(K.DECISION,))
    assert "(参考様式)" in words(paper_file(paper, made_up=False))


def test_a_template_is_of_one_programme_and_one_paper(engine: Engine) -> None:
    keep(engine, template())
    assert paper_suffixes_view(engine, officer(A), programme="stated")[K.DECISION] == ".docx"
    assert templates_view(engine, OFFICE, HERE, programme="stated", as_of=DAY).versions == ()
    assert set(shown(engine).used) == {K.DECISION}
    with pytest.raises(InvalidInputError, match="カタログにありません"):
        keep(engine, template(), programme="nowhere")
    with pytest.raises(InvalidInputError, match="交付申請額"):
        keep(engine, template(), kind=K.APPLICATION)
    assert len(shown(engine).versions) == 1


def test_only_the_secretariat_handles_templates(engine: Engine) -> None:
    keep(engine, template())
    for refused in (
        lambda: keep(engine, template(), who=officer(A)),
        lambda: template_content_view(engine, officer(A), template_id=1),
        lambda: templates_view(engine, officer(A), HERE, programme="kyodo", as_of=DAY),
        lambda: all_papers_view(
            engine, officer(A), HERE, programme="kyodo", fiscal_year=YEAR, kinds=(K.DECISION,)
        ),
    ):
        with pytest.raises(PermissionDeniedError):
            refused()


def test_papers_of_another_municipality_are_out_of_reach(engine: Engine) -> None:
    case_id = decided(engine)
    with pytest.raises(PermissionDeniedError):
        papers(engine, officer(B), A, case_id)
    with pytest.raises(InvalidInputError, match="見つかりません"):
        papers(engine, officer(B), B, case_id)
    for number in (0, -1, 2**70):
        with pytest.raises(InvalidInputError, match="見つかりません"):
            papers(engine, officer(A), A, number)
    with pytest.raises(ConflictError, match=r"まだ実績報告書がありません"):
        papers(engine, officer(A), A, case_id, kinds=(K.REPORT,))


def test_members_of_a_joint_application_have_its_papers(engine: Engine) -> None:
    office = Office(engine)
    lines = (*asked(900_000), *asked(500_000, town=C))
    case_id = office.apply(lines)
    (paper,) = papers(engine, officer(C), C, case_id, kinds=(K.PLAN,))
    assert (paper.lg_code, len(paper.values.rows)) == (A, 2)
    with pytest.raises(InvalidInputError):
        papers(engine, officer(B), B, case_id)


def test_the_papers_of_everybody_come_in_one_file_in_order(engine: Engine) -> None:
    for town in (C, A):
        decided(engine, town)
    Office(engine).apply(asked(100_000, town=B), town=B)
    with pytest.raises(ConflictError, match="まだありません"):
        all_papers_view(
            engine, OFFICE, HERE, programme="stated", fiscal_year=YEAR, kinds=(K.DECISION,)
        )
    found = all_papers_view(
        engine, OFFICE, HERE, programme="kyodo", fiscal_year=YEAR, kinds=(K.DECISION, K.BUDGET)
    )
    names = zipfile.ZipFile(io.BytesIO(papers_zip(found, made_up=False))).namelist()
    assert [name.rpartition("_")[0] for name in names] == [
        "271004_大阪市_03_収支予算書",
        "271403_堺市_03_収支予算書",
        "271403_堺市_04_交付決定通知書",
        "272035_豊中市_03_収支予算書",
        "272035_豊中市_04_交付決定通知書",
    ]


def test_a_kept_day_is_that_of_the_paper(engine: Engine) -> None:
    case_id = decided(engine)
    (paper,) = papers(engine, officer(A), A, case_id, kinds=(K.DECISION,))
    assert paper.values.day == date(2023, 6, 1)
