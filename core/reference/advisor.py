"""What the advisors (市町村DX推進アドバイザー) are and do."""

from __future__ import annotations

from dataclasses import dataclass

from core.reference.corrections import Correction
from core.values.fiscal import FiscalYear


@dataclass(frozen=True)
class AdvisorCompany:
    """委託先事業者.

    Attributes:
        name: 社名.
        strengths: 強み.
        pr: 一言PR, as read.
    """

    name: str
    strengths: tuple[str, ...]
    pr: str


@dataclass(frozen=True)
class MenuItem:
    """One entry of the 支援メニュー.

    Attributes:
        key: ア, イ, ウ.
        label: 名称.
        descriptions: What is done.
        items: 重点取組事項 ① to ⑥, in order; empty when there are none.
        times: How often a year; None when not limited in print.
        reference_url: 参考; None when none.
    """

    key: str
    label: str
    descriptions: tuple[str, ...]
    items: tuple[str, ...]
    times: int | None
    reference_url: str | None


@dataclass(frozen=True)
class Hearing:
    """ヒアリング.

    Attributes:
        period: When, as printed.
        text: Who does it.
        form: How.
    """

    period: str
    text: str
    form: str


@dataclass(frozen=True)
class RequestByMail:
    """日常業務支援の依頼方法, masked as printed.

    Attributes:
        text: What to do.
        to: 宛先.
        subject: 件名.
        subject_note: What the subject must hold.
        password: パスワード.
        note: What is masked or missing.
    """

    text: str
    to: str
    subject: str
    subject_note: str
    password: str
    note: str


@dataclass(frozen=True)
class AdvisorGuide:
    """制度のご案内 of one 年度.

    Attributes:
        fiscal_year: 年度.
        title: 題名.
        purpose: 制度主旨, paragraph by paragraph.
        company: 委託先事業者.
        menu: 支援メニュー.
        hearing: ヒアリング.
        request: 日常業務支援の依頼方法.
        consultation_examples: 日常業務支援の相談例.
        consultation_use: What it is good for.
        corrections: Where the reading differs from the print.
        source: Key in data/sources.yaml.
    """

    fiscal_year: FiscalYear
    title: str
    purpose: tuple[str, ...]
    company: AdvisorCompany
    menu: tuple[MenuItem, ...]
    hearing: Hearing
    request: RequestByMail
    consultation_examples: tuple[str, ...]
    consultation_use: str
    corrections: tuple[Correction, ...]
    source: str


@dataclass(frozen=True)
class WorkedExample:
    """One 実績例.

    Attributes:
        title: 実績例.
        work: 実績例における業務内容.
    """

    title: str
    work: str


@dataclass(frozen=True)
class TrackRecord:
    """One list of 実績例.

    Attributes:
        key: Identifier.
        label: Where it is printed.
        fiscal_year: 年度 of the guide; None when not printed.
        note: What is not known.
        examples: In printed order.
        source: Key in data/sources.yaml.
    """

    key: str
    label: str
    fiscal_year: FiscalYear | None
    note: str
    examples: tuple[WorkedExample, ...]
    source: str


@dataclass(frozen=True)
class Advisors:
    """市町村DX推進アドバイザー制度.

    Attributes:
        name: 制度名.
        text: What it is.
        next: What joins it in 令和5年度.
        note: What is not known.
        source: Key in data/sources.yaml.
        guide: 令和4年度のご案内.
        track_records: Lists of 実績例.
    """

    name: str
    text: str
    next: str
    note: str
    source: str
    guide: AdvisorGuide
    track_records: tuple[TrackRecord, ...]
