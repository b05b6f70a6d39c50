"""advisors.yaml: what the advisors (市町村DX推進アドバイザー) are and do."""

from __future__ import annotations

from core.reference.corrections import Corrected
from core.reference.facts import Fact, Ordinal, SourceKey, Text, Texts, Year


class AdvisorCompany(Fact):
    """委託先事業者."""

    name: Text
    strengths: Texts
    pr: Text


class MenuItem(Fact):
    """One entry of the 支援メニュー."""

    key: Text  # ア, イ, ウ
    label: Text
    descriptions: Texts
    items: Texts  # 重点取組事項, in order
    times: Ordinal | None = None  # a year; None when not limited in print
    reference_url: Text | None = None


class Hearing(Fact):
    """ヒアリング: when (as printed), who, how."""

    period: Text
    text: Text
    form: Text


class RequestByMail(Fact):
    """日常業務支援の依頼方法, masked as printed."""

    text: Text
    to: Text
    subject: Text
    subject_note: Text
    password: Text
    note: Text


class AdvisorGuide(Corrected):
    """制度のご案内 of one 年度."""

    fiscal_year: Year
    title: Text
    purpose: Texts
    company: AdvisorCompany
    menu: tuple[MenuItem, ...]
    hearing: Hearing
    request: RequestByMail
    consultation_examples: Texts
    consultation_use: Text
    source: SourceKey


class WorkedExample(Fact):
    """One 実績例 and its 業務内容."""

    title: Text
    work: Text


class TrackRecord(Fact):
    """One list of 実績例, in printed order."""

    key: Text
    label: Text  # where it is printed
    fiscal_year: Year | None = None  # None when not printed
    note: Text
    examples: tuple[WorkedExample, ...]
    source: SourceKey


class Advisors(Fact):
    """市町村DX推進アドバイザー制度."""

    name: Text
    text: Text
    next: Text  # what joins it in the year after the guide's
    note: Text
    source: SourceKey
    guide: AdvisorGuide
    track_records: tuple[TrackRecord, ...]
