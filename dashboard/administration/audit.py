"""監査記録: narrowed, page by page, to be taken along; in words a reader knows."""

from __future__ import annotations

from dataclasses import astuple
from functools import partial

import streamlit as st

from core.access.principal import Principal, shown_name
from core.commands import action_labels
from core.exports.audit import audit_csv, audit_file_name, audit_workbook
from core.exports.audit_words import AuditWords
from core.exports.audit_words import moments as moments
from core.reference.pack import Reference
from core.store.audit import AuditEntry, AuditFilter
from core.values.fiscal import era_date
from core.views.administration import (
    AUDIT_PAGE,
    AdministrationAnswer,
    audit_check_view,
    audit_choices_view,
    audit_export_view,
    audit_view,
)
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.choice import choose_or_all
from dashboard.kit.submit import download
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped


def draw_audit(principal: Principal, answer: AdministrationAnswer) -> None:
    """What was done, by whom, when; and whether it and what it speaks of is as it was written."""
    wanted = _draw_filter(answer, *audit_choices_view(context.engine(), principal))
    key = f"administration.page.{'|'.join(map(str, astuple(wanted)))}"
    page = int(st.session_state.get(key, 1))
    found = audit_view(context.engine(), principal, wanted=wanted, page=page)
    words = AuditWords(context.reference(), action_labels(), found.names)
    if not found.entries:
        widgets.empty_state(
            "この条件に合う記録はありません。条件を減らしてください。", "search_off"
        )
    else:
        first = AUDIT_PAGE * (page - 1) + 1
        st.markdown(
            f"**{found.total:,}件**のうち{first:,}件目から{first + len(found.entries) - 1:,}件目"
            "(番号の新しい順)"
        )
        entries = found.entries
        table(
            {
                "番号": (each.number for each in entries),
                "日時": moments(entries, found.older if wanted == AuditFilter() else None),
                "操作した人": map(words.actor, entries),
                "操作": map(words.action, entries),
                "対象": map(words.subject, entries),
                "内容": map(words.detail, entries),
            },
            "監査記録、番号の新しい順",
        )
        if found.pages > 1:
            st.pagination(found.pages, key=key)
    _draw_files(wanted)
    st.caption("「▼時計の戻り」は、前の番号より時刻が早い記録です。")
    if st.button("監査記録を検証する", icon=":material/verified:", key="administration.verify"):
        checked = audit_check_view(context.engine(), principal)
        show = st.error if checked.findings else st.success
        show("\n\n".join(map(escaped, checked.words)))


def _draw_filter(
    answer: AdministrationAnswer, actors: tuple[str, ...], actions: tuple[str, ...]
) -> AuditFilter:
    labels = action_labels()
    with st.grid("auto", min_column_width=150):
        about = choose_or_all(
            context.names().towns,
            {town.lg_code: town.name for town in answer.municipalities},
            "administration.about",
        )
        names = {f"@{actor}": shown_name(actor) for actor in actors}
        actor = choose_or_all("操作した人", names, "administration.actor")
        named = dict(sorted(((a, labels.get(a, a)) for a in actions), key=lambda pair: pair[1]))
        action = choose_or_all("操作", named, "administration.action")
        first = st.date_input("この日から", None, format=_DAY, key="administration.first")
        last = st.date_input("この日まで", None, format=_DAY, key="administration.last")
    return AuditFilter(
        lg_code=about or None,
        actor=actor[1:] if actor else None,
        action=action or None,
        first=first,
        last=last,
    )


_DAY = "YYYY-MM-DD"


def _draw_files(wanted: AuditFilter) -> None:
    reference, today, made_up = context.reference(), context.today(), widgets.made_up()
    about = _about(wanted, reference)

    def make(asking: Principal, *, book: bool) -> bytes:
        found = audit_export_view(context.engine(), asking, wanted=wanted)
        words = AuditWords(reference, action_labels(), found.names)
        if book:
            return audit_workbook(found.entries, words, about, today, made_up=made_up)
        return audit_csv(found.entries, words, made_up=made_up)

    with st.container(horizontal=True):
        download(
            "Excelで書き出す",
            partial(make, book=True),
            audit_file_name(today, ".xlsx", made_up=made_up),
            key="administration.audit.xlsx",
        )
        download(
            "CSVで書き出す",
            partial(make, book=False),
            audit_file_name(today, ".csv", made_up=made_up),
            key="administration.audit.csv",
        )


def _about(wanted: AuditFilter, reference: Reference) -> str:
    """What is asked for, as the file says it."""
    words = AuditWords(reference, action_labels())
    parts = [
        words.municipality(wanted.lg_code) if wanted.lg_code else "",
        shown_name(wanted.actor) if wanted.actor is not None else "",
        words.labels.get(wanted.action, wanted.action) if wanted.action else "",
        f"{era_date(wanted.first)}から" if wanted.first else "",
        f"{era_date(wanted.last)}まで" if wanted.last else "",
    ]
    return "、".join(filter(None, parts)) or "すべての記録"


def _words() -> AuditWords:
    return AuditWords(context.reference(), action_labels())


def actor_text(entry: AuditEntry) -> str:
    """Who did it."""
    return shown_name(entry.actor)


def action_text(entry: AuditEntry) -> str:
    """What was done, as it is called at its command."""
    return _words().action(entry)


def subject_text(entry: AuditEntry) -> str:
    """What it was done to, by name."""
    return _words().subject(entry)


def detail_text(entry: AuditEntry) -> str:
    """The further facts, each under its name."""
    return _words().detail(entry)
