"""督促・案内の文: the ready text to the municipalities behind a number of the week."""

from __future__ import annotations

from datetime import date

from core.reference.names import Names
from core.values.fiscal import budget_request_year, era_date

_TEXTS = {
    "talent_unanswered": (
        "デジタル人材シェアリング 支援プランの希望について(ご回答のお願い)",
        "{year}のデジタル人材シェアリング 支援プランについて、{day}時点でご回答の記録がありません。\n"
        "希望・検討中・辞退のいずれかを、次の画面からご回答ください。辞退も回答になります。\n"
        "{address}",
    ),
    "talent_pending": (
        "デジタル人材シェアリング 予算の議決の状況について(ご確認のお願い)",
        "{year}の支援プランをご希望いただき、ありがとうございます。{day}時点で、予算の議決の記録がありません。\n"
        "予算要求・議決のあとの状況を、次の画面の「希望の提出」で進めてください。取りやめるときは辞退をご記録ください。\n"
        "{address}",
    ),
    "trainings_not_reached": (
        "{kind}の研修のご案内",
        "今年度の研修について、{day}時点で貴団体のご出席の記録がありません。\n"
        "これからの日程は次の画面で確かめられ、そのまま申し込めます。\n"
        "{address}",
    ),
}
_SCREENS = {"talent_unanswered": "w", "talent_pending": "w", "trainings_not_reached": "trainings"}


def has_letter(key: str) -> bool:
    """Whether there is a ready text about a number."""
    return key in _TEXTS


def letter(key: str, as_of: date, address: str, names: Names) -> tuple[str, str]:
    """件名 and 本文; to be sent by whoever reads it.

    Args:
        key: Of the number; :func:`has_letter`.
        as_of: 基準日 the names are of.
        address: Of the server, without a stroke at its end.
    """
    subject, text = _TEXTS[key]
    year = budget_request_year(as_of).label
    body = text.format(year=year, day=era_date(as_of), address=f"{address}/{_SCREENS[key]}")
    signed = f"各{names.towns} DX担当者 様\n\n{body}\n\n{names.office}"
    return subject.format(kind=names.kind), signed
