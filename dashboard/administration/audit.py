"""監査記録: the newest entries in words a reader knows, where keys and codes were kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from core.access.principal import CONSOLE, Principal, Role
from core.boarding.steps import BoardingStep
from core.commands import action_labels
from core.consultation.event import ConsultationState
from core.consultation.example import ExampleState
from core.consultation.hearing import HearingState
from core.consultation.theme import Theme
from core.params import DEFINITIONS, Basis
from core.procurement.coverage import Edition
from core.procurement.event import EventKind
from core.store.audit import AuditEntry
from core.support.wish import WishState
from core.training.attendance import AttendanceMeans
from core.training.vocabulary import TrainingState
from core.values.fiscal import JAPAN, FiscalYear
from core.values.label import Labelled
from core.views.administration import AdministrationAnswer, audit_check_view
from core.views.receipts import receipts_view
from dashboard import context
from dashboard.kit.choice import choose
from dashboard.kit.tables import list_rows
from dashboard.kit.typed import escaped


def draw_audit(principal: Principal, answer: AdministrationAnswer) -> None:
    """The newest entries, and whether they and what they speak of are as they were written."""
    if st.button("監査記録を検証する", icon=":material/verified:", key="administration.verify"):
        found = audit_check_view(context.engine(), principal)
        show = st.error if found.findings else st.success
        show("\n\n".join(map(escaped, found.words)))
    towns = {town.lg_code: town.name for town in answer.municipalities}
    about = str(choose(st.selectbox, "市町村", {"": "すべて"} | towns, key="administration.about"))
    entries = answer.audit
    if about:
        entries = receipts_view(context.engine(), principal, lg_code=about)
    list_rows(
        {
            "番号": (e.number for e in entries),
            "日時": moments(entries),
            "操作した人": map(actor_text, entries),
            "操作": map(action_text, entries),
            "対象": map(subject_text, entries),
            "内容": map(detail_text, entries),
        },
        "監査記録、新しい順",
        column_config={name: st.column_config.Column(width=px) for name, px in _WIDTHS.items()},
    )
    st.caption(
        "番号の新しい順に200件まで。「▼時計の戻り」は、前の番号より時刻が早い記録です。セルを選んで開くと、長い内容の全文が出ます。"
    )


_WIDTHS = {"番号": 70, "日時": 165, "操作した人": 120, "操作": 165, "対象": 165, "内容": 600}
_KEYS = {
    "absent": "欠席",
    "address": "接続元",
    "as_of": "基準日",
    "basis": "根拠区分",
    "before": "前の名前",
    "begun_at": "開始",
    "by_provider": "組織アカウント",
    "cleared": "取消し",
    "copied_from": "複製元",
    "corrects": "訂正する記録",
    "day": "日",
    "display_name": "表示名",
    "done_on": "日付",
    "edition": "対象の版",
    "effective": "適用日",
    "enrolment": "申込",
    "events": "参加台帳の記録",
    "event": "記録番号",
    "expires_at": "有効期限",
    "failures": "失敗の回数",
    "files": "添付の数",
    "first_day": "開始日",
    "fiscal_year": "年度",
    "kind": "種類",
    "last_day": "終了日",
    "lg_code": "市町村",
    "lot": "区分",
    "made_at": "作成日時",
    "means": "記録方法",
    "name": "名前",
    "net": "一般財源",
    "note": "備考",
    "older_than": "これより前の日程",
    "parameters": "制度値",
    "people": "人数",
    "plans": "プランと回数",
    "present": "出席",
    "programme": "共同調達",
    "reason": "理由",
    "revision": "データ改訂番号",
    "role": "権限",
    "rows": "件数",
    "scenes": "場面",
    "schema": "データベースの版",
    "seconds": "秒数",
    "session": "日程",
    "sessions": "日程",
    "sha256": "ファイルの要約値",
    "source": "出典",
    "state": "状態",
    "step": "手順",
    "taken_back": "取消し",
    "target": "開始予定",
    "theme": "テーマ",
    "to": "宛先",
    "trainings": "研修",
    "valid_from": "適用開始",
    "value": "値",
    "version": "版",
    "window": "募集",
}


def moments(entries: Sequence[AuditEntry]) -> list[str]:
    """When each was recorded; a mark where the next one is earlier: a clock was set back.

    Args:
        entries: Newest number first.
    """
    older = [*entries[1:], None]
    return [
        f"{each.at.astimezone(JAPAN):%Y-%m-%d %H:%M:%S}"
        + (_BACK if before is not None and each.at < before.at else "")
        for each, before in zip(entries, older, strict=True)
    ]


_BACK = " ▼時計の戻り"
_NUMBERS: dict[str, Callable[[int], str]] = {
    "fiscal_year": lambda year: FiscalYear(year).label,
    "net": lambda yen: f"{yen:,}円",
}
_WORDS: dict[str, tuple[type[Labelled], ...]] = {
    "basis": (Basis,),
    "edition": (Edition,),
    "kind": (EventKind,),
    "means": (AttendanceMeans,),
    "step": (BoardingStep,),
    "theme": (Theme,),
}
_STATES: dict[str, tuple[type[Labelled], ...]] = {
    "consultation": (ConsultationState, ExampleState),
    "hearing": (HearingState,),
    "training": (TrainingState,),
    "wish": (WishState,),
}


def actor_text(entry: AuditEntry) -> str:
    """Who did it; whoever runs commands on the server is named as what they are."""
    if entry.actor == CONSOLE.username:
        return "コマンドライン"
    return entry.actor or "(未サインイン)"


def action_text(entry: AuditEntry) -> str:
    """What was done, as it is called at its command."""
    return action_labels().get(entry.action, entry.action)


def subject_text(entry: AuditEntry) -> str:
    """What it was done to: the name of a municipality or a parameter, else the key itself."""
    if entry.subject in DEFINITIONS:
        return DEFINITIONS[entry.subject].label
    return _municipality(entry.subject)


def detail_text(entry: AuditEntry) -> str:
    """The further facts, each under its name; what is empty is left out."""
    resource = entry.action.partition(":")[0]
    return "、".join(
        f"{_KEYS.get(key, key)}: {_value_text(resource, key, value)}"
        for key, value in entry.detail.items()
        if value not in (None, "", [], False)
    )


def _value_text(resource: str, key: str, value: object) -> str:
    if isinstance(value, Mapping):  # 回数 by plan
        return " ".join(f"プラン{plan}({visits}回)" for plan, visits in value.items())
    if isinstance(value, list):
        return " ".join(map(str, value))
    if value is True:
        return "はい"
    if isinstance(value, int) and key in _NUMBERS:
        return _NUMBERS[key](value)
    text = str(value)
    if key == "lg_code":
        return _municipality(text)
    if key == "role":
        return Role(text).label
    if key == "programme":
        short = {each.key: each.short_label for each in context.reference().procurements.programmes}
        return short.get(text, text)
    kinds = _STATES.get(resource, ()) if key == "state" else _WORDS.get(key, ())
    return next((kind(text).label for kind in kinds if text in set(kind)), text)


def _municipality(code: str) -> str:
    return {m.lg_code: m.name for m in context.reference().municipalities}.get(code, code)
