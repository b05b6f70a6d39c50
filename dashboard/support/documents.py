"""書類: the papers of one application, and of all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.exports.documents.paper import paper_file, papers_file_name, papers_zip
from core.exports.file import file_name
from core.reference.pack import Reference
from core.subsidy.case import Case
from core.subsidy.document import DocumentKind
from core.subsidy.document_values import papers_of
from core.values.fiscal import FiscalYear
from core.views.subsidy_papers import (
    Paper,
    all_papers_view,
    case_papers_view,
    paper_suffixes_view,
)
from dashboard import context
from dashboard.kit import making, widgets
from dashboard.kit.choice import choose
from dashboard.kit.submit import download

_NAMED = 3
"""Fewer papers than these are named in the file's name."""


def draw_documents(principal: Principal, case: Case) -> None:
    """The papers there are of an application by now, each as a file, and all of them together."""
    there = papers_of(case)
    st.markdown("**書類**")
    if not there:
        st.caption("まだ書類はありません。手続が進むと作れます。")
        return
    st.caption(
        "記録した内容から作ります。わかっていないところは空欄です。"
        "氏名や振込先などを書き足してお使いください。"
    )
    lg_code = principal.lg_code or case.lg_code
    suffixes = context.answer(paper_suffixes_view, principal, programme=case.programme)
    reference, made_up = context.reference(), widgets.made_up()
    town = reference.called(case.lg_code)
    ask = partial(_papers, reference, lg_code, case.case_id)
    with st.container(horizontal=True):
        for kind in there:
            download(
                kind.label,
                partial(_one, ask, kind, made_up),
                file_name(
                    case.lg_code,
                    town,
                    f"{kind.place:02}",
                    kind.label,
                    case.number.label,
                    suffix=suffixes[kind],
                    made_up=made_up,
                ),
                key=f"subsidy.paper.{case.case_id}.{kind.value}",
            )
        if len(there) > 1:
            download(
                "すべての書類(zip)",
                partial(_together, ask, made_up),
                papers_file_name(case.number.label, town, made_on=context.today(), made_up=made_up),
                key=f"subsidy.papers.{case.case_id}",
                icon=":material/folder_zip:",
            )


def _papers(
    reference: Reference,
    lg_code: str,
    case_id: int,
    kinds: tuple[DocumentKind, ...],
    who: Principal,
) -> tuple[Paper, ...]:
    return case_papers_view(
        context.engine(), who, reference, lg_code=lg_code, case_id=case_id, kinds=kinds
    )


_Ask = Callable[[tuple[DocumentKind, ...], Principal], tuple[Paper, ...]]


def _one(ask: _Ask, kind: DocumentKind, made_up: bool, who: Principal) -> bytes:
    (paper,) = ask((kind,), who)
    return paper_file(paper, made_up=made_up)


def _together(ask: _Ask, made_up: bool, who: Principal) -> bytes:
    making.step("手続と契約を読み出しています")
    return papers_zip(ask(tuple(DocumentKind), who), made_up=made_up, say=making.step)


def draw_all_documents(programme: str, fiscal_year: FiscalYear) -> None:
    """Papers of all municipalities at once, as one file; for the secretariat."""
    st.subheader("書類をまとめて受け取る", anchor=False)
    kinds = choose(
        st.multiselect,
        "書類",
        DocumentKind,
        [DocumentKind.DECISION.value],
        key="subsidy.papers.kinds",
        placeholder="書類を選ぶ",
    )
    st.caption("選んだ書類のある手続すべてについて、団体コード順に並ぶ名前で1つのzipにまとめます。")
    chosen = tuple(kinds)
    reference, made_up = context.reference(), widgets.made_up()

    def ask(_all: tuple[DocumentKind, ...], who: Principal) -> tuple[Paper, ...]:
        return _of_all(reference, programme, fiscal_year, chosen, who)

    names = "、".join(kind.label for kind in chosen) if len(chosen) < _NAMED else ""
    download(
        "全団体の書類(zip)",
        partial(_together, ask, made_up),
        papers_file_name(
            fiscal_year.short,
            "全団体",
            names,
            made_on=context.today(),
            made_up=made_up,
        ),
        key="subsidy.papers.all",
        icon=":material/folder_zip:",
        disabled=not chosen,
    )


def _of_all(
    reference: Reference,
    programme: str,
    fiscal_year: FiscalYear,
    kinds: tuple[DocumentKind, ...],
    who: Principal,
) -> tuple[Paper, ...]:
    return all_papers_view(
        context.engine(),
        who,
        reference,
        programme=programme,
        fiscal_year=fiscal_year,
        kinds=kinds,
    )
