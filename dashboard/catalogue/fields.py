"""What can be typed of each part of the catalogue: one declaration a field, for every form.

A field reads its place out of the content an entry holds (``shown``) and puts back what was typed
(``read``); what a form does not ask stays as it was. Whether the whole can stand, the declarations of
core/reference say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.params import Basis, RoundingScope
from core.procurement.counting import CountBasis
from core.procurement.published import Metric
from core.reference.pack import Reference
from core.reference.procurements import Stage
from core.reference.published_totals import COLUMNS
from core.values.figure import Status
from core.values.fiscal import FiscalYear, Precision, parse_date
from core.values.money import Direction, parse_rate
from core.values.offer import OfferedPart
from core.values.written_number import YEN, counted, read_number

Options = Callable[[Reference], Mapping[str, str]]


@dataclass(frozen=True)
class Field:
    """One field.

    Attributes:
        name: Heading in the content; dots go down into it.
        label: As the form says it.
        shown: The text of what is held.
        read: What is held of a text; ValueError with the reason.
        options: To choose from; None: it is typed.
        lines: It is typed over several lines.
        optional: It may be left empty.
        help: How it is written.
        fixed: It tells the thing from others: asked of a new one only.
        longest: Most letters.
        blank: Of a list of things by key: what a new one holds beside what is typed; what one
            holds beside that stays with its key. None: it is no such list.
    """

    name: str
    label: str
    shown: Callable[[Any], str] = lambda held: "" if held is None else str(held)
    read: Callable[[str], Any] = lambda text: text
    options: Options | None = None
    lines: bool = False
    optional: bool = False
    help: str = ""
    fixed: bool = False
    longest: int = 400
    blank: Mapping[str, Any] | None = None

    def taken(self, content: Mapping[str, Any], text: str) -> dict[str, Any]:
        """A content with what was typed.

        Raises:
            ValueError: Why it cannot be read.
        """
        value = self.read(text)
        if self.blank is not None:
            before = {each["key"]: each for each in held(content, self.name) or ()}
            value = tuple({**before.get(row["key"], row | self.blank), **row} for row in value)
        return put(content, self.name, value)


def held(content: Mapping[str, Any], name: str) -> Any:
    """What stands at a place of a content; None where nothing does.

    Examples:
        >>> held({"guide": {"title": "案内"}}, "guide.title")
        '案内'
    """
    found: Any = content
    for step in name.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def put(content: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """A content with another value at a place; None takes away what may be absent.

    Examples:
        >>> put({"guide": {"title": "案内"}}, "guide.title", "ご案内")
        {'guide': {'title': 'ご案内'}}
    """
    step, _, rest = name.partition(".")
    if rest:
        return {**content, step: put(content.get(step) or {}, rest, value)}
    return {**content, step: value}


def words_of(each: Field, content: Mapping[str, Any], reference: Reference) -> str:
    """What a content holds in a field, in one line of a reader's words; empty for nothing."""
    shown = each.shown(held(content, each.name))
    if each.options and shown:
        return each.options(reference).get(shown, shown)
    if each.name == SOURCE.name and shown in reference.sources:
        return reference.sources[shown].title
    return shown.replace("\n", "、")


def title_of(part: str, content: Mapping[str, Any], reference: Reference) -> str:
    """What a reader calls a thing that has no name of its own; empty for the others."""
    if part != "published_totals":
        return ""
    said = {each.name: words_of(each, content, reference) for each in FIELDS[part]}
    lot = f" {said['lot']}" if content.get("lot") else ""
    period = f"、{said['period']}" if said["period"] else ""
    return (
        f"{said['programme']}{lot}: {said['metric']}{said['value']}"
        f"({parse_date(str(content['as_of'])).label}{period}、{said['basis']})"
    )


def _list(held: Any) -> str:
    return "\n".join(held or ())


def _read_list(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _whole(text: str) -> int | None:
    return read_number(text, counted(""), least=0) if text.strip() else None


def _yen(text: str) -> int | None:
    return read_number(text, YEN, least=1) if text.strip() else None


def _year(text: str) -> int | None:
    return int(FiscalYear.parse(text)) if text.strip() else None


def _shown_year(held: Any) -> str:
    return "" if held in (None, "") else FiscalYear(int(held)).label


def _rows(*names: str) -> tuple[Callable[[Any], str], Callable[[str], Any]]:
    """Things of a few words each, one a line, their words divided by ``|``."""

    def shown(held: Any) -> str:
        return "\n".join(" | ".join(_words(row.get(name)) for name in names) for row in held or ())

    def read(text: str) -> tuple[dict[str, str], ...]:
        found = []
        for line in _read_list(text):
            words = [each.strip() for each in line.replace("|", "|").split("|")]
            if len(words) > len(names):
                raise ValueError(f"「|」で分けた項目が多すぎます({len(names)}個まで): {line[:40]}")
            words += [""] * (len(names) - len(words))
            found.append(dict(zip(names, words, strict=True)))
        return tuple(found)

    return shown, read


def _words(held: Any) -> str:
    return "" if held is None else str(held)


def _labels(kind: Any) -> Options:
    return lambda _: {each.value: each.label for each in kind}


def _sources(reference: Reference) -> Mapping[str, str]:
    return {key: each.title for key, each in reference.sources.items()}


def _systems(reference: Reference) -> Mapping[str, str]:
    return {each.key: each.label for each in reference.procurements.programmes}


def _lots(reference: Reference) -> Mapping[str, str]:
    return {"": "全体"} | {
        lot.key: f"{each.short_label} {lot.label}"
        for each in reference.procurements.programmes
        for lot in each.lots
    }


def _schemes(reference: Reference) -> Mapping[str, str]:
    return {each.key: each.method for each in reference.procurements.schemes}


def _text(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, **more)


def _prose(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, lines=True, longest=2000, **more)


def _many(name: str, label: str, **more: Any) -> Field:
    how = {"help": "1行に1つ書きます。"} | more
    return Field(name, label, _list, _read_list, lines=True, longest=4000, **how)


def _number(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, read=_whole, longest=20, **more)


def _cell_number(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, read=lambda text: str(_whole(text)), longest=20, **more)


def _fiscal_year(name: str, label: str, **more: Any) -> Field:
    how = {"help": "令和9年度、2027 のように書きます。"} | more
    return Field(name, label, _shown_year, _year, longest=20, **how)


def _schedule(text: str) -> tuple[dict[str, str], ...]:
    stages = {each.label: each.value for each in Stage}
    states = {Status.ACTUAL.label: Status.ACTUAL.value, Status.PLANNED.label: Status.PLANNED.value}
    found = []
    for row in _LINES[1](text):
        if row["stage"] not in stages:
            raise ValueError(f"段階は{'、'.join(stages)}のどれかです: {row['stage'][:40]}")
        if row["status"] not in states:
            raise ValueError(f"予定か実績かを書いてください: {row['status'][:40]}")
        day = parse_date(row["on"])
        found.append(
            {
                "stage": stages[row["stage"]],
                "on": day.first.isoformat()
                if day.precision is Precision.DAY
                else f"{day.first:%Y-%m}",
                "status": states[row["status"]],
            }
        )
    return tuple(found)


_LINES = _rows("stage", "on", "status")


def _shown_schedule(held: Any) -> str:
    stages = {each.value: each.label for each in Stage}
    said = {Status.ACTUAL.value: "実績", Status.PLANNED.value: "予定"}
    return "\n".join(
        f"{stages[row['stage']]} | {row['on']} | {said[row['status']]}" for row in held or ()
    )


_APART = " // "
"""Between several texts in one cell of a line."""


def _listed(columns: Sequence[str], several: Sequence[str]) -> tuple[Any, Any]:
    """Like :func:`_rows`, where some cells hold several texts."""
    shown, read = _rows(*columns)

    def shown_each(held: Any) -> str:
        return shown(
            {**row, **{name: _APART.join(row[name]) for name in several}} for row in held or ()
        )

    def read_each(text: str) -> tuple[dict[str, Any], ...]:
        return tuple(
            {
                **row,
                **{
                    name: tuple(filter(None, map(str.strip, row[name].split(_APART))))
                    for name in several
                },
            }
            for row in read(text)
        )

    return shown_each, read_each


_MENU = _listed(
    ("key", "label", "times", "descriptions", "items", "reference_url"), ("descriptions", "items")
)
_ANSWERS = _listed(("key", "question", "paragraphs", "budgets"), ("paragraphs", "budgets"))


def _read_menu(text: str) -> tuple[dict[str, Any], ...]:
    return tuple(
        {**row, "times": _whole(row["times"]), "reference_url": row["reference_url"] or None}
        for row in _MENU[1](text)
    )


def _read_rate(text: str) -> str:
    parse_rate(text)  # as a file writes it: 3/10
    return text.strip()


def _shown_yen(held: Any) -> str:
    return "" if held is None else f"{held:,}"


def _or_none(text: str) -> str | None:
    return text or None


def _or_unknown(kind: Any) -> Options:
    return lambda _: {"": "不明"} | {each.value: each.label for each in kind}


def _shown_truth(held: Any) -> str:
    return "yes" if held else "no"


def _truth(text: str) -> bool:
    return text == "yes"


def _no_or_yes(_: Reference) -> Mapping[str, str]:
    return {"no": "なし", "yes": "あり"}


def _read_day(text: str) -> str | None:
    if not text.strip():
        return None
    day = parse_date(text)
    if day.precision is not Precision.DAY:
        raise ValueError(f"日まで書いてください(例: 2027-03-10): {text[:40]}")
    return day.first.isoformat()


def _deadline(name: str, label: str) -> Field:
    how = "令和9年3月10日、2027-03-10 のように書きます。不明なら空欄です(遅れを数えません)。"
    return Field(name, label, read=_read_day, optional=True, longest=30, help=how)


_LOT = _rows("key", "label", "description", "note")
_FIGURES = _rows("label", "value", "unit")


def _read_figures(text: str) -> tuple[dict[str, Any], ...]:
    return tuple({**row, "value": _whole(row["value"])} for row in _FIGURES[1](text))


SOURCE = Field("source", "出典")

FIELDS: Mapping[str, Sequence[Field]] = {
    "talent": (
        _text("name", "事業の名称"),
        _prose("summary", "概要"),
        _prose("outline", "ひとことで"),
        _prose("aim", "ねらい"),
        _prose("background", "背景"),
        _prose("experts", "人材"),
        _prose("frequency", "頻度"),
        _prose("cost", "費用"),
        _prose("subsidy", "補助"),
        _prose("payment", "支払い"),
        _prose("scheme", "スキーム"),
        SOURCE,
    ),
    "plans": (
        _number("number", "プラン番号", fixed=True),
        _text("name", "名称", longest=60),
        _text("short_name", "短い呼び名(12字まで、図表の見出しに使う)", longest=12),
        _many("supports", "支援の内容"),
        Field(
            "unit_price", "1回あたりの費用(円)", lambda held: f"{held:,}" if held else "", _yen,
            optional=True, help="空欄なら、年度の制度値の額です。", longest=20,
        ),
        _number("visits", "年間の支援回数の上限", optional=True, help="空欄なら、年度の制度値の回数です。"),
        SOURCE,
    ),
    "advisors": (
        _text("name", "制度の名称"),
        _prose("text", "あらまし"),
        _prose("next", "次の年度に加わるもの"),
        _prose("note", "備考", optional=True),
        _fiscal_year("guide.fiscal_year", "案内の年度"),
        _text("guide.title", "案内の題名"),
        _many("guide.purpose", "目的"),
        _text("guide.company.name", "委託先事業者"),
        _many("guide.company.strengths", "事業者の強み"),
        _prose("guide.company.pr", "事業者のPR"),
        Field(
            "guide.menu", "支援メニュー", _MENU[0], _read_menu, lines=True, longest=4000, blank={},
            help="1行に1つ: 記号 | 名称 | 年間の回数(制限がなければ空) | 説明 | 重点取組事項 | 参照URL。"
            "説明と重点取組事項がいくつもあるときは「 // 」で区切ります。",
        ),
        _text("guide.hearing.period", "ヒアリングの時期"),
        _prose("guide.hearing.text", "ヒアリングのあらまし"),
        _prose("guide.hearing.form", "ヒアリングの形"),
        _prose("guide.request.text", "依頼のしかた"),
        _text("guide.request.to", "依頼の宛先"),
        _text("guide.request.subject", "依頼の件名"),
        _text("guide.request.subject_note", "件名の書き方"),
        _text("guide.request.password", "パスワードの決め方"),
        _prose("guide.request.note", "依頼についての注"),
        _many("guide.consultation_examples", "相談の例"),
        _prose("guide.consultation_use", "相談の使い方"),
        SOURCE,
    ),
    "procurements": (
        _text("key", "英字の見出し", fixed=True, help="アドレスや書き出しに使う英小文字。後から変えられません。", longest=24),
        _text("label", "名称", longest=60),
        _text("short_label", "短い名称(表の見出し)", longest=12),
        _fiscal_year("fiscal_year", "調達の年度"),
        _prose("what", "内容"),
        _many("effects", "効果", optional=True),
        _many("features", "特徴", optional=True),
        Field(
            "free_edition", "無償版", lambda held: "yes" if held else "no", lambda text: text == "yes",
            options=lambda _: {"no": "なし", "yes": "あり"},
        ),
        Field(
            "lots", "区分", *_LOT, lines=True, optional=True, longest=2000,
            help="1行に1つ: 記号 | 名称 | 説明 | 備考",
        ),
        Field("scheme", "調達スキーム", options=_schemes),
        _text("contract_term", "契約期間", optional=True),
        Field(
            "schedule", "日程", _shown_schedule, _schedule, lines=True, optional=True, longest=2000,
            help="1行に1つ: 段階 | 日付 | 予定か実績。段階は" + "、".join(each.label for each in Stage),
        ),
        _many("documents", "資料", optional=True),
        _prose("note", "備考", optional=True),
        SOURCE,
    ),
    "schemes": (
        _text("key", "英字の見出し", fixed=True, longest=24),
        _text("coordinator", "とりまとめ主体"),
        _text("procurer", "調達主体"),
        _text("contractor", "契約主体"),
        _text("operator", "運用主体"),
        _prose("method", "調達スキーム"),
        _text("grounds", "とりまとめ根拠"),
        _text("selection_committee", "選定委員構成"),
        _text("selection_method", "調達手法"),
        _many("precedents", "先行の例", optional=True),
        _prose("note", "備考"),
        SOURCE,
    ),
    "published_totals": (
        Field("programme", "共同調達", options=_systems, fixed=True),
        Field("lot", "区分", options=_lots, fixed=True, optional=True),
        Field("basis", "集計基準", options=_labels(CountBasis), fixed=True),
        Field("metric", "何の数か", options=_labels(Metric), fixed=True),
        Field(
            "period", "いつの年度の数か(後乗りだけ)", _shown_year, lambda text: str(_year(text) or ""),
            fixed=True, optional=True, longest=20,
        ),
        _cell_number("value", "団体数"),
        Field(
            "as_of", "基準日", fixed=True, longest=30,
            help="令和9年6月1日、2027-06(月まで)、令和9年度のように、公表された細かさで書きます。",
        ),
        Field("status", "実績・予定", options=lambda _: {"actual": "実績", "planned": "予定"}),
        Field("source", "出典", fixed=True),
    ),
    "budgets": (
        _text("key", "英字の見出し", fixed=True, longest=40),
        _text("label", "名称"),
        _number("thousand_yen", "額(千円)"),
        _fiscal_year("fiscal_year", "年度", optional=True),
        _prose("fiscal_year_note", "年度の根拠"),
        _prose("description", "内容"),
        SOURCE,
    ),
    "grants": (
        _text("key", "英字の見出し", fixed=True, longest=40, help="人材シェアリングの補助金は talent です。"),
        _text("name", "補助事業の名称", longest=60),
        Field(
            "rate", "補助率", read=lambda text: _read_rate(text) if text.strip() else None, longest=20,
            optional=True,
            help="1/2、0.5 のように書きます。公表されていなければ空欄です(申請する団体が額を示します)。",
        ),
        Field(
            "rounding_unit", "端数処理の単位(円)", _shown_yen, _yen, optional=True, longest=20,
            help="1,000なら千円未満を処理します。補助率を書くときはこれも書きます。",
        ),
        Field(
            "rounding_direction", "端数処理の方向", read=_or_none, options=_or_unknown(Direction),
            optional=True,
        ),
        Field(
            "rounding_scope", "端数処理の対象", read=_or_none, options=_or_unknown(RoundingScope),
            optional=True,
        ),
        Field(
            "cap", "上限額(1申請・1団体、円)", _shown_yen, _yen, optional=True, longest=20,
            help="空欄は不明で、上限なしとして計算します。",
        ),
        Field(
            "budget", "この年度の予算(円)", _shown_yen, _yen, optional=True, longest=20,
            help="空欄は不明です。不明な間は、予算を超えるかどうかを確かめません。",
        ),
        Field("joint", "複数の市町村の共同申請", _shown_truth, _truth, options=_no_or_yes),
        Field("advance", "概算払", _shown_truth, _truth, options=_no_or_yes),
        Field("assumed", "仮の値を含む", _shown_truth, _truth, options=_no_or_yes),
        _many("criteria", "審査の観点", optional=True),
        _deadline("deadline_application", "交付申請の期限"),
        _deadline("deadline_report", "実績報告の期限"),
        _deadline("deadline_claim", "請求の期限"),
        _prose("note", "備考", optional=True),
        SOURCE,
    ),
    "surveys": (
        _text("key", "英字の見出し", fixed=True, longest=40),
        _text("name", "調査の名称"),
        _text("question", "問い"),
        _text("conducted_text", "いつ、だれに"),
        _number("answering_bodies", "回答した団体の数", optional=True, help="公表がなければ空欄です。"),
        Field(
            "figures", "公表された数", _FIGURES[0], _read_figures, lines=True, longest=2000,
            help="1行に1つ: 項目 | 数 | 単位",
        ),
        _prose("note", "備考"),
        SOURCE,
    ),
    "sources": (
        _text("title", "題名"),
        _text("publisher", "発行者"),
        _text("date", "日付(分かるとおりに)"),
        Field("url", "URL", read=lambda text: text or None, optional=True, longest=1000),
        _text("licence", "利用条件", help="分からなければ「明示なし(事実の引用)」。"),
        _prose("note", "備考", optional=True),
    ),
    "overview": (
        _text("title", "資料の題名"),
        _prose("lead", "リード文"),
        _text("division", "担当"),
        _text("population_text", "人口(資料のとおり)"),
        _prose("population_note", "人口についての注"),
        _text("related_title", "関連ページの題名"),
        _text("related_url", "関連ページのURL"),
        SOURCE,
    ),
    "next_procurement": (
        _fiscal_year("fiscal_year", "年度"),
        Field("programme", "共同調達", options=_systems),
        _text("system", "システム"),
        _prose("decision", "決まったこと"),
        _text("survey_name", "調査の名称"),
        _text("surveyed_text", "照会の時点(資料のとおり)"),
        _text("scoring_text", "集計の方法"),
        Field("results", "集計の結果", read=lambda text: text or None, lines=True, optional=True, longest=2000),
        _prose("results_note", "結果についての注"),
        SOURCE,
    ),
    "procurement": (
        _prose("text", "あらまし"),
        _text("as_of_text", "時点"),
        SOURCE,
        _text("scale_merit.text", "スケールメリット"),
        Field(
            "scale_merit.rate", "スケールメリットの率", read=_read_rate, longest=20,
            help="3/10、0.3 のように書きます。後乗りの目安がこの率を使います。",
        ),
        Field("scale_merit.basis", "率の根拠", options=_labels(Basis)),
        Field("scale_merit.source", "率の出典", options=_sources),
        _prose("scale_merit.single_system_note", "1つのシステムに当てはめるときの注"),
        Field("scale_merit.single_system_basis", "当てはめの根拠", options=_labels(Basis)),
        Field("scale_merit.single_system_source", "当てはめの出典", options=_sources),
    ),
    "interview": (
        _text("interviewer", "聞き手"),
        _text("respondent", "答えた団体"),
        Field(
            "answers", "問と答", *_ANSWERS, lines=True, longest=8000, blank={"corrections": ()},
            help="1行に1問: 英字の見出し | 問 | 答 | 予算の見出し。答の段落は「 // 」で区切ります。",
        ),
        SOURCE,
    ),
    "names": (
        _text("towns", "市町村をまとめて呼ぶ言葉", longest=12, help="市町村、市町、区市町村など。"),
        _text("alliance", "連携の名前", longest=40),
        _text("secretariat", "事務を担うところ", longest=40),
        _text("subsidy", "補助金の呼び名", longest=40, help="費用試算と予算要求書に書きます。"),
        _text("purpose", "何のための画面か", help="「…ための画面です」の「…」に入ります。"),
        SOURCE,
    ),
}  # fmt: skip
"""Part → its fields, in the order of the form."""


def fields_of(part: str, reference: Reference) -> Sequence[Field]:
    """The fields of a part in the order of the form; none about a subsidy where there is none."""
    there = OfferedPart.SUBSIDY in reference.offers
    return [each for each in FIELDS[part] if there or each.name != "subsidy"]


NEW: Mapping[str, Mapping[str, Any]] = {
    "plans": {"corrections": ()},
    "procurements": {"corrections": ()},
    "schemes": {"corrections": ()},
    "sources": {"files": ()},
    "published_totals": {},
    "budgets": {},
    "grants": {},
    "surveys": {},
}
"""Parts that a new thing can be added to, and what it holds beside its fields."""


def completed(part: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """A content with what follows from what was typed.

    Raises:
        ValueError: A day cannot be read.
    """
    found: dict[str, Any] = _still_corrected(content)
    if part == "published_totals":
        day = parse_date(str(found["as_of"]))
        found["date_precision"] = day.precision.value
        found["as_of"] = {
            Precision.DAY: f"{day.first:%Y-%m-%d}",
            Precision.MONTH: f"{day.first:%Y-%m}",
        }.get(day.precision, str(int(FiscalYear.of(day.first))))
        found = {name: found.get(name) or "" for name in COLUMNS.split(",")}
    if part == "sources":
        found.setdefault("used_for", None)
    return found


def _still_corrected(held: Any) -> Any:
    """Without corrections of words that nobody wrote any more."""
    if isinstance(held, list | tuple):
        return tuple(map(_still_corrected, held))
    if not isinstance(held, Mapping):
        return held
    found = {name: _still_corrected(each) for name, each in held.items()}
    if "corrections" in found:
        here = [*_texts({k: v for k, v in found.items() if k not in ("corrections", "note")})]
        found["corrections"] = tuple(
            each for each in found["corrections"] if any(each["read_as"] in text for text in here)
        )
    return found


def _texts(held: Any) -> Iterator[str]:
    if isinstance(held, str):
        yield held
    elif isinstance(held, Mapping | list | tuple):
        for each in held.values() if isinstance(held, Mapping) else held:
            yield from _texts(each)
