"""The words of trainings: kinds, formats, audiences, states."""

from __future__ import annotations

from enum import StrEnum


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


class SessionFormat(StrEnum):
    """A way to attend a session (開催形式); a session has one, both, or it is unknown."""

    ON_SITE = "on_site"
    ONLINE = "online"

    @property
    def label(self) -> str:
        """現地, オンライン."""
        return {SessionFormat.ON_SITE: "現地", SessionFormat.ONLINE: "オンライン"}[self]


def formats_label(formats: tuple[SessionFormat, ...] | None) -> str:
    """現地, オンライン, 現地+オンライン; 不明 for None.

    Examples:
        >>> formats_label((SessionFormat.ON_SITE, SessionFormat.ONLINE)), formats_label(None)
        ('現地+オンライン', '不明')
    """
    return "不明" if formats is None else "+".join(each.label for each in formats)


class Audience(StrEnum):
    """Whom a training addresses (研修の対象); not given is None, which is not everybody."""

    ALL_MUNICIPALITIES = "all_municipalities"
    BUDGET_REQUESTERS = "budget_requesters"
    NAMED = "named"

    @property
    def label(self) -> str:
        """全市町村, 予算要求団体, 指定した団体."""
        return {
            Audience.ALL_MUNICIPALITIES: "全市町村",
            Audience.BUDGET_REQUESTERS: "予算要求団体",
            Audience.NAMED: "指定した団体",
        }[self]


class TrainingState(StrEnum):
    """How far a training has come (研修の状態)."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    DISCARDED = "discarded"

    @property
    def label(self) -> str:
        """下書き, 公開中, 中止, 破棄."""
        return {
            TrainingState.DRAFT: "下書き",
            TrainingState.PUBLISHED: "公開中",
            TrainingState.CANCELLED: "中止",
            TrainingState.DISCARDED: "破棄",
        }[self]
