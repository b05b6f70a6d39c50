"""A paper as a file, and many of them as one zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date

from core.exports.documents.plain import plain_template
from core.exports.documents.word import filled_word
from core.exports.documents.workbook import filled_workbook
from core.exports.file import file_name
from core.subsidy.document import DocumentKind
from core.subsidy.document_values import example_values
from core.views.subsidy_papers import Paper, Template


def paper_file(paper: Paper, *, made_up: bool) -> bytes:
    """The paper, made with the secretariat's template or with our plain one."""
    content = paper.template.content if paper.template else plain_template(paper.values.kind)
    fill = filled_workbook if _suffix(paper) == ".xlsx" else filled_word
    return fill(content, paper.values, made_up=made_up)


def example_file(kind: DocumentKind, template: Template | None, *, made_up: bool = True) -> bytes:
    """A template, ours where None is given, with examples put in, which are made up wherever."""
    paper = Paper("", "", "", example_values(kind), template)
    return paper_file(paper, made_up=made_up)


def paper_file_name(paper: Paper, *, made_up: bool) -> str:
    """Name that sorts by municipality, then by the order of the way."""
    kind = paper.values.kind
    return file_name(
        paper.lg_code,
        paper.town,
        f"{kind.place:02}",
        kind.label,
        paper.number,
        suffix=_suffix(paper),
        made_up=made_up,
    )


def papers_zip(
    papers: Sequence[Paper],
    *,
    made_up: bool,
    say: Callable[[str], None] = lambda words: None,  # noqa: ARG005
) -> bytes:
    """All of them in one file; equal papers give equal bytes.

    Args:
        say: Told before each paper what is being made.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:  # they are packed already
        for number, paper in enumerate(papers, start=1):
            say(f"{number}/{len(papers)}件目 {paper.town} {paper.values.kind.label}")
            info = zipfile.ZipInfo(paper_file_name(paper, made_up=made_up))
            archive.writestr(info, paper_file(paper, made_up=made_up))
    return stream.getvalue()


def papers_file_name(*about: str, made_on: date, made_up: bool) -> str:
    """Name of the file that holds many.

    Args:
        about: What it is about: 年度, 団体名, 書類.
    """
    return file_name("補助金の書類", *about, made_on.isoformat(), suffix=".zip", made_up=made_up)


def _suffix(paper: Paper) -> str:
    return paper.template.suffix if paper.template else paper.values.kind.suffix
