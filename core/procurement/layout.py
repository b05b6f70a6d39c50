"""台帳ファイルの形: the columns and the way of writing that files in and files out share."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from core.values.fiscal import PartialDate, Precision


class Column(StrEnum):
    """A column, by its heading."""

    NUMBER = "記録番号"
    CODE = "団体コード"
    NAME = "団体名"
    PROGRAMME = "共同調達"
    PROGRAMME_KEY = "共同調達コード"
    LOT = "区分"
    KIND = "種類"
    EFFECTIVE = "適用日"
    TARGET = "開始予定"
    SOURCE = "出典"
    SOURCE_KEY = "出典コード"
    NOTE = "備考"
    CORRECTS = "訂正する記録番号"
    RECORDED_AT = "記録日時"
    RECORDED_BY = "記録者"


OTHER_NAMES: Mapping[Column, tuple[str, ...]] = MappingProxyType(
    {
        Column.CODE: (
            "市町村コード", "市区町村コード", "自治体コード", "地方公共団体コード",
            "全国地方公共団体コード", "都道府県コード又は市区町村コード", "標準地域コード",
            "団体CD", "団体番号", "市町村CD", "市区町村CD", "自治体CD", "JISコード", "コード",
            "LGコード", "lg_code", "code",
        ),
        Column.NAME: (
            "団体", "団体名称", "市町村", "市町村名", "市区町村", "市区町村名", "自治体", "自治体名",
            "自治体名称", "市町村名称", "地方公共団体名", "地方公共団体", "参加市町村", "参加市町村名",
            "構成団体", "構成団体名", "参加団体", "参加団体名", "参加自治体", "参加自治体名", "実施団体", "実施団体名",
            "団体名等", "市町村名等", "名称", "市町",
        ),
        Column.PROGRAMME: (
            "共同調達名", "共同調達の名称", "共同調達システム", "調達", "調達名", "システム",
            "システム名", "対象システム", "対象システム名", "参加システム", "システム名称", "調達名称",
            "共同調達システム名", "導入システム", "導入システム名", "利用システム", "利用システム名", "調達案件",
            "調達案件名", "案件名", "サービス名", "事業", "事業名", "programme",
        ),
        Column.LOT: ("プラン", "プラン区分", "区分・プラン", "ロット", "調達区分", "プラン名", "参加プラン", "コース", "lot"),
        Column.KIND: (
            "種別", "記録の種類", "参加の種類", "参加種別", "参加区分", "参加状況", "参加形態",
            "参加の状態", "記録種別", "状況", "状態", "ステータス", "kind",
        ),
        Column.EFFECTIVE: (
            "適用年月日", "適用日付", "適用時期", "適用開始日", "適用月", "年月日", "日付", "参加日",
            "参加年月日", "参加時期", "開始日", "参加開始日", "参加開始年月日", "発生日", "適用年月", "年月",
            "適用開始年月日", "適用開始年月", "適用開始月", "参加年月", "参加開始年月", "参加開始時期", "導入日", "導入年月",
            "導入時期", "effective",
        ),
        Column.TARGET: (
            "開始予定日", "開始予定月", "開始予定年月", "開始予定年月日", "開始予定時期", "参加予定",
            "参加予定日", "参加予定時期", "利用開始予定", "利用開始予定日", "利用開始予定時期",
            "利用予定", "導入予定", "導入予定日", "導入予定時期", "予定時期", "予定日", "foreseen",
        ),
        Column.SOURCE: ("出所", "出処", "典拠", "根拠", "根拠資料", "根拠資料名", "情報源", "出典資料", "出典元", "出典名",
            "出典・根拠", "根拠・出典", "根拠文書", "文書名", "資料", "資料名", "ソース", "source"),
        Column.NOTE: ("摘要", "メモ", "注記", "注", "コメント", "特記事項", "補足", "備考欄", "その他", "note"),
        Column.CORRECTS: ("訂正する番号", "訂正対象", "訂正元の記録番号", "訂正する記録"),
    }
)  # fmt: skip
"""What offices call the columns; 番号 and No. are rows counted and no 記録番号."""

SHEET = "参加台帳"
"""Name of the sheet."""


def date_text(day: PartialDate) -> str:
    """A date as files write it: no more exactly than it is known, and nothing Excel rewrites.

    Examples:
        >>> from datetime import date
        >>> date_text(PartialDate(date(2023, 7, 1), Precision.MONTH_OR_LATER))
        '2023年7月以降'
        >>> date_text(PartialDate(date(2023, 4, 1), Precision.FISCAL_YEAR))
        '2023年度'
    """
    match day.precision:
        case Precision.DAY:
            return day.first.isoformat()
        case Precision.FISCAL_YEAR:
            return f"{day.first.year}年度"
    later = "以降" if day.precision is Precision.MONTH_OR_LATER else ""
    return f"{day.first.year}年{day.first.month}月{later}"


_GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


def guarded(text: str) -> str:
    """Text for a CSV cell that no program takes for a formula.

    Examples:
        >>> guarded("=1+1"), unguarded("'=1+1"), unguarded("'tis")
        ("'=1+1", '=1+1', "'tis")
    """
    return f"'{text}" if text.startswith(_GUARDED) else text


def unguarded(text: str) -> str:
    """The text :func:`guarded` was given."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_GUARDED) else text
