"""The words of trainings: kinds, formats, audiences, states."""

from __future__ import annotations

from enum import StrEnum

from core.values.label import Labelled


class TrainingKind(StrEnum):
    """What sort of meeting a training is (研修の種別), in the document's words."""

    CONSULTATION_MEETING = "技術相談会"
    RESULTS_MEETING = "成果発表会"
    STUDY_MEETING = "勉強会"
    WORKSHOP = "研修会"
    BRIEFING = "説明会"
    REVIEW_MEETING = "検討会"
    SEMINAR = "セミナー"
    OTHER = "その他"


class SessionFormat(Labelled):
    """A way to attend a session (開催形式); a session has one, both, or it is unknown."""

    ON_SITE = "on_site", "現地"
    ONLINE = "online", "オンライン"


def formats_label(formats: tuple[SessionFormat, ...] | None) -> str:
    """現地, オンライン, 現地+オンライン; 不明 for None.

    Examples:
        >>> formats_label((SessionFormat.ON_SITE, SessionFormat.ONLINE)), formats_label(None)
        ('現地+オンライン', '不明')
    """
    return "不明" if formats is None else "+".join(each.label for each in formats)


class Audience(Labelled):
    """Whom a training addresses (研修の対象); not given is None, which is not everybody."""

    ALL_MUNICIPALITIES = "all_municipalities", "全市町村"
    BUDGET_REQUESTERS = "budget_requesters", "予算要求団体"
    NAMED = "named", "指定した団体"


class TrainingState(Labelled):
    """How far a training has come (研修の状態)."""

    DRAFT = "draft", "下書き"
    PUBLISHED = "published", "公開中"
    CANCELLED = "cancelled", "中止"
    DISCARDED = "discarded", "破棄"
