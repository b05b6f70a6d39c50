"""監査記録 in words a reader knows, where keys and codes were kept; what nobody reads is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from core.access.principal import Role, shown_name
from core.boarding.steps import BoardingStep
from core.consultation.event import ConsultationState
from core.consultation.example import ExampleState
from core.consultation.hearing import HearingState
from core.consultation.theme import Theme
from core.figures.alert import AlertKind
from core.figures.registry import indicators
from core.inquiry.round import InquiryStep
from core.params import DEFINITIONS, Basis
from core.procurement.coverage import Edition
from core.procurement.event import EventKind
from core.quotation.event import Consent
from core.quotation.price import Document, Way
from core.reference.pack import Reference
from core.store.audit import AuditEntry
from core.subsidy.step import CaseStep
from core.support.visit import CancelledBy
from core.support.wish import WishState
from core.training.attendance import AttendanceMeans
from core.training.vocabulary import TrainingState
from core.values.fiscal import JAPAN, FiscalYear
from core.values.label import Labelled

_KEYS = {
    "absent": "欠席",
    "address": "接続元",
    "amount": "金額",
    "as_of": "基準日",
    "asked": "照会先の数",
    "basis": "根拠区分",
    "before": "前の名前",
    "begun_at": "開始",
    "by": "申し出た側",
    "by_provider": "組織アカウント",
    "cancelled": "中止した予定",
    "catalogue": "カタログ",
    "cleared": "取消し",
    "closes_at": "締切",
    "copied_from": "複製元",
    "corrects": "訂正する記録",
    "day": "日",
    "digest": "内容の要約値",
    "display_name": "表示名",
    "cases": "手続",
    "document": "文書",
    "done_on": "日付",
    "edition": "対象の版",
    "effective": "適用日",
    "enrolment": "申込",
    "events": "参加台帳の記録",
    "event": "記録番号",
    "expert": "専門人材の番号",
    "expires_at": "有効期限",
    "failures": "失敗の回数",
    "files": "添付の数",
    "first_day": "開始日",
    "fiscal_year": "年度",
    "hours": "削減時間",
    "kind": "種類",
    "last_day": "終了日",
    "lg_code": "{towns}",
    "lot": "区分",
    "made_at": "作成日時",
    "means": "記録方法",
    "moment": "会議の控え",
    "name": "名前",
    "net": "一般財源",
    "note": "備考",
    "participants": "団体",
    "older_than": "これより前の日程",
    "parameters": "制度値",
    "people": "人数",
    "plan": "プラン",
    "plans": "プランと回数",
    "present": "出席",
    "programme": "共同調達",
    "questions": "設問の数",
    "reason": "理由",
    "required": "別のアカウントの確認",
    "revision": "データ改訂番号",
    "role": "権限",
    "rows": "件数",
    "satisfaction": "満足度",
    "scenes": "場面",
    "schema": "データベースの版",
    "seconds": "秒数",
    "session": "日程",
    "serial": "第何回",
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
    "vendor": "事業者",
    "version": "版",
    "visits": "支援回数",
    "way": "調達の方法",
    "window": "募集",
}


def moments(entries: Sequence[AuditEntry], older: AuditEntry | None = None) -> list[str]:
    """When each was recorded; a mark where the next one is earlier: a clock was set back.

    Args:
        entries: Newest number first.
        older: What comes after the last of them; None where nothing does.
    """
    before = [*entries[1:], older][: len(entries)]
    return [
        f"{each.at.astimezone(JAPAN):%Y-%m-%d %H:%M:%S}"
        + (_BACK if last is not None and each.at < last.at else "")
        for each, last in zip(entries, before, strict=True)
    ]


_BACK = " ▼時計の戻り"
_NUMBERS: dict[str, Callable[[int], str]] = {
    "amount": lambda yen: f"{yen:,}円",
    "fiscal_year": lambda year: FiscalYear(year).label,
    "net": lambda yen: f"{yen:,}円",
}
_WORDS: dict[str, tuple[type[Labelled], ...]] = {
    "basis": (Basis,),
    "by": (CancelledBy,),
    "document": (Document,),
    "edition": (Edition,),
    "kind": (EventKind,),
    "means": (AttendanceMeans,),
    "step": (BoardingStep,),
    "theme": (Theme,),
    "way": (Way,),
}
_STATES: dict[str, tuple[type[Labelled], ...]] = {
    "consultation": (ConsultationState, ExampleState),
    "example": (ExampleState,),
    "hearing": (HearingState,),
    "inquiry": (InquiryStep,),
    "outcome": (ExampleState,),
    "quotation": (Consent,),
    "subsidy": (CaseStep,),
    "training": (TrainingState,),
    "wish": (WishState,),
}


_OPAQUE = re.compile(r"[0-9a-f]{32,64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What only the program reads."""
_COUNTED = {"scenes": "場面"}


@dataclass(frozen=True)
class AuditWords:
    """How entries are told.

    Attributes:
        labels: What each action is called.
        names: What training or session a key stands for.
    """

    reference: Reference
    labels: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)

    def actor(self, entry: AuditEntry) -> str:
        """Who did it; whoever runs commands on the server is named as what they are."""
        return shown_name(entry.actor)

    def action(self, entry: AuditEntry) -> str:
        """What was done, as it is called at its command."""
        return self.labels.get(entry.action, entry.action)

    def subject(self, entry: AuditEntry) -> str:
        """What it was done to, by name; what has none says it in the further facts."""
        subject = entry.subject
        if subject in self.names:
            return self.names[subject]
        if subject in DEFINITIONS:
            return DEFINITIONS[subject].label
        resource = entry.action.partition(":")[0]
        if resource == "kpi" and subject in set(AlertKind):
            return AlertKind(subject).label
        if resource == "kpi" and subject in (known := indicators(self.reference)):
            return known[subject].name
        if _OPAQUE.fullmatch(subject):
            return str(entry.detail.get("name") or "")
        return self.municipality(self._programme(subject))

    def detail(self, entry: AuditEntry) -> str:
        """The further facts, each under its name; what is empty or opaque is left out."""
        resource = entry.action.partition(":")[0]
        told = {
            key: self._value(resource, key, value)
            for key, value in entry.detail.items()
            if value not in (None, "", [], False)
        }
        return "、".join(f"{self._called(key)}: {text}" for key, text in told.items() if text)

    def _called(self, key: str) -> str:
        return _KEYS.get(key, key).format(towns=self.reference.names.towns)

    def _value(self, resource: str, key: str, value: object) -> str:
        if isinstance(value, Mapping):  # 回数 by plan
            return " ".join(f"プラン{plan}({visits}回)" for plan, visits in value.items())
        if isinstance(value, list):
            return f"{len(value)}件" if key in _COUNTED else " ".join(map(str, value))
        if value is True:
            return "はい"
        if isinstance(value, int) and key in _NUMBERS:
            return _NUMBERS[key](value)
        text = str(value)
        if text in self.names:
            return self.names[text]
        if _OPAQUE.fullmatch(text):
            return ""
        if key == "lg_code":
            return self.municipality(text)
        if key == "role":
            return Role(text).label
        if key == "programme":
            return self._programme(text)
        kinds = _STATES.get(resource, ()) if key == "state" else _WORDS.get(key, ())
        return next((kind(text).label for kind in kinds if text in set(kind)), text)

    def _programme(self, key: str) -> str:
        short = {each.key: each.short_label for each in self.reference.procurements.programmes}
        granted = {each.key: each.name for each in self.reference.grants}
        return (granted | short).get(key, key)

    def municipality(self, code: str) -> str:
        """Its name; a code that is none of ours stays."""
        return self.reference.named.get(code, code)
