"""How long the papers of every municipality take until they are one file.

``make bench``. 43 applications of three items each, decided, in SQLite: 交付申請書, 事業計画書, 収支予算書
and 交付決定通知書 of all of them through the view and the files the screen asks, with its progress; once
with our plain templates and once with uploaded ones. Beside it: the same templates only unpacked,
parsed and packed again. Aim: 172 papers within 20 seconds. Written as JSON to bench/results/.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Engine

from core.commands.subsidy_templates import keep_template
from core.consultation.attachment import OfferedFile
from core.exports.documents.paper import papers_zip
from core.exports.documents.plain import plain_template
from core.exports.form.package import office_package
from core.imports.xml_tree import parsed, written
from core.store.engine import open_engine
from core.store.schema import upgrade
from core.subsidy.document import DocumentKind
from core.subsidy.step import CaseStep
from core.views.subsidy_papers import all_papers_view
from tests.support.reference import REFERENCE
from tests.support.subsidies import HERE, NOW, OFFICE, YEAR, Office, asked

T = TypeVar("T")

KINDS = (
    DocumentKind.APPLICATION,
    DocumentKind.PLAN,
    DocumentKind.BUDGET,
    DocumentKind.DECISION,
)
AIM_SECONDS = 20
RESULTS = Path(__file__).parent / "results"


def run() -> dict[str, float]:
    """Measure, print, and give the figures."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(URL.create("sqlite", database=f"{folder}/bench.db"))
        upgrade(engine)
        towns = [each.lg_code for each in REFERENCE.municipalities]
        office = Office(engine)
        for town in towns:
            case_id = office.apply(asked(10_000, 20_000, 30_000, town=town), town=town)
            office.theirs(case_id, CaseStep.DECIDED, 30_000, town=town)
        count = len(towns) * len(KINDS)
        plain, _ = _timed(lambda: _made(engine, count))
        for kind in KINDS:
            file = OfferedFile(f"様式{kind.suffix}", plain_template(kind))
            keep_template(
                engine, OFFICE, programme="kyodo", kind=kind, file=file, reference=HERE,
                request_id=kind.value, now=NOW,
            )  # fmt: skip
        uploaded, size = _timed(lambda: _made(engine, count))
        engine.dispose()
    reference, _ = _timed(lambda: [_packed_again(kind) for _ in towns for kind in KINDS])
    figures = {
        f"{count} papers of plain templates, s": plain,
        f"{count} papers of uploaded templates, s": uploaded,
        f"{count} templates only parsed and packed, s": reference,
        "one file, MB": size / 1_000_000,
    }
    for name, value in figures.items():
        print(f"{name:>45}  {value:,.2f}")
    met = "met" if max(plain, uploaded) <= AIM_SECONDS else "NOT MET"
    print(f"aim: {count} papers within {AIM_SECONDS} s: {max(plain, uploaded):.1f} s  {met}")
    return figures


def _made(engine: Engine, count: int) -> int:
    told: list[str] = []
    papers = all_papers_view(engine, OFFICE, HERE, programme="kyodo", fiscal_year=YEAR, kinds=KINDS)
    made = papers_zip(papers, made_up=False, say=told.append)
    if len(told) != count:
        raise RuntimeError("not every paper was made, or not every one was told")
    return len(made)


def _packed_again(kind: DocumentKind) -> bytes:
    package = office_package(plain_template(kind))
    for name in package.names():
        if name.endswith(".xml"):
            package[name] = written(parsed(package[name]))
    return package.saved()


def _timed(make: Callable[[], T]) -> tuple[float, T]:
    begin = time.perf_counter()
    made = make()
    return time.perf_counter() - begin, made


if __name__ == "__main__":
    measured = run()
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "documents.json").write_text(json.dumps(measured, indent=2), "utf-8")
