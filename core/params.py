"""Dated parameters (制度値): each with unit, start date, basis and source, or it does not load."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from core.values.errors import NoValueInForceError
from core.values.fiscal import FiscalYear, era_date
from core.values.label import Labelled
from core.values.money import Direction, parse_rate
from core.values.offer import OfferedPart


class Basis(Labelled):
    """What a value rests on (根拠区分)."""

    OFFICIAL = "official", "公表"
    UNDER_CONSIDERATION = "under_consideration", "公表(検討中)"
    ASSUMPTION = "assumption", "仮定(要確認)"
    UNKNOWN = "unknown", "未公表"


class Kind(StrEnum):
    """How a parameter's text is read."""

    YEN = "yen"
    COUNT = "count"
    FISCAL_YEAR = "fiscal_year"
    RATE = "rate"
    DIRECTION = "direction"
    SCOPE = "scope"


class RoundingScope(Labelled):
    """What a subsidy is rounded on (端数処理の単位)."""

    TOTAL = "total", "申請の合計額"
    PLAN = "plan", "プランごと"


Value = int | Fraction | Direction | RoundingScope | None

NO_CAP = 999_999_999_999
"""上限なし, as a cap says it: what was found to have none is known, an empty cap is not."""


@dataclass(frozen=True)
class Definition:
    """What a parameter is.

    Attributes:
        name: Key, ``programme.parameter``.
        minimum: Smallest number allowed; None for words.
        maximum: Largest number allowed; None for no bound.
        optional: May be unknown (空欄), which is not zero.
        annual: Granted for one fiscal year: it serves the year it begins in and no other.
    """

    name: str
    label: str
    unit: str
    kind: Kind
    description: str
    minimum: int | None = None
    maximum: int | None = None
    optional: bool = False
    annual: bool = False

    @property
    def need(self) -> OfferedPart | None:
        """What must be offered for it to mean anything; None: it always does."""
        return next((part for names, part in _NEEDS.items() if self.name.startswith(names)), None)


_NEEDS: Mapping[str, OfferedPart] = MappingProxyType(
    {
        "talent.subsidy_": OfferedPart.SUBSIDY,
        "talent.rounding_": OfferedPart.SUBSIDY,
        "talent.programme_budget": OfferedPart.SUBSIDY,
        "talent.": OfferedPart.TALENT,
        "national.special_": OfferedPart.TALENT,
        "advisor.": OfferedPart.ADVISORS,
        "training.": OfferedPart.TRAININGS,
    }
)
"""How a name begins → what it is about; the first that fits."""


DEFINITIONS: Mapping[str, Definition] = MappingProxyType(
    {
        definition.name: definition
        for definition in (
            Definition(
                "talent.unit_price",
                "支援1回あたりの費用",
                "円/回",
                Kind.YEN,
                "専門人材による支援1回の費用。税の扱いは公表されていない。",
                minimum=0,
                maximum=100_000_000,
            ),
            Definition(
                "talent.visits_per_year",
                "年間の支援回数(上限)",
                "回/年",
                Kind.COUNT,
                "1プランで1年度に受けられる支援の回数。",
                minimum=1,
                maximum=366,
            ),
            Definition(
                "talent.subsidy_rate",
                "補助率",
                "率",
                Kind.RATE,
                "対象経費に対する補助金の割合。",
                minimum=0,
                maximum=1,
            ),
            Definition(
                "talent.rounding_unit",
                "補助金の端数処理の単位",
                "円",
                Kind.YEN,
                "この額未満の端数を処理する(1,000 = 千円未満)。",
                minimum=1,
                maximum=1_000_000,
            ),
            Definition(
                "talent.rounding_direction",
                "補助金の端数処理の方向",
                "",
                Kind.DIRECTION,
                "切捨て(down)、切上げ(up)、四捨五入(half_up)。",
            ),
            Definition(
                "talent.rounding_scope",
                "補助金の端数処理の対象",
                "",
                Kind.SCOPE,
                "申請の合計額(total)に行うか、プランごと(plan)に行うか。",
            ),
            Definition(
                "talent.subsidy_cap",
                "1団体あたりの補助上限額",
                "円/年度",
                Kind.YEN,
                "1団体が1年度に受けられる補助金の上限。空欄は未公表で、上限なしとして計算する。",
                minimum=0,
                optional=True,
            ),
            Definition(
                "talent.programme_budget",
                "補助金の予算総額",
                "円/年度",
                Kind.YEN,
                "デジタル人材シェアリング事業の補助に都道府県が確保した予算。空欄は未公表。",
                minimum=0,
                optional=True,
                annual=True,
            ),
            Definition(
                "national.bond_rate",
                "デジタル活用推進事業債の充当率",
                "率",
                Kind.RATE,
                "共同調達の導入経費のうち、起債(地方債)を充てられる割合。空欄は不明で、実質負担を計算しない。",
                minimum=0,
                maximum=1,
                optional=True,
            ),
            Definition(
                "national.bond_return_rate",
                "デジタル活用推進事業債の交付税算入率",
                "率",
                Kind.RATE,
                "償還の額のうち、普通交付税の算定に加えられる割合。空欄は不明で、実質負担を計算しない。",
                minimum=0,
                maximum=1,
                optional=True,
            ),
            Definition(
                "national.bond_last_year",
                "デジタル活用推進事業債の最後の年度",
                "",
                Kind.FISCAL_YEAR,
                "この年度まで起債できる。空欄は不明で、実質負担を計算しない。",
                minimum=2021,
                maximum=2098,
                optional=True,
            ),
            Definition(
                "national.bond_term",
                "デジタル活用推進事業債の償還年限",
                "年",
                Kind.COUNT,
                "起債の翌年度から償還する年数。空欄は不明で、年度別の額を出さない。",
                minimum=1,
                maximum=30,
                optional=True,
            ),
            Definition(
                "national.special_rate",
                "特別交付税の措置率(外部デジタル人材)",
                "率",
                Kind.RATE,
                "外部デジタル人材の活用に要する経費のうち、特別交付税で措置される割合。"
                "空欄は不明で、実質負担を計算しない。",
                minimum=0,
                maximum=1,
                optional=True,
            ),
            Definition(
                "national.special_cap",
                "特別交付税の対象経費の上限額(外部デジタル人材)",
                "円/年度",
                Kind.YEN,
                "1団体が1年度に措置の対象にできる経費の上限。空欄は不明で、実質負担を計算しない。"
                f"上限がないと確かめたときは{NO_CAP}を登録する。",
                minimum=0,
                maximum=NO_CAP,
                optional=True,
            ),
            Definition(
                "advisor.contact_retention_days",
                "相談の担当者の個人情報を残す日数",
                "日",
                Kind.COUNT,
                "終わった相談の最後の記録からこの日数を過ぎた担当者の情報を削除の対象にする。",
                minimum=1,
                maximum=3660,
            ),
            Definition(
                "advisor.sessions_per_year",
                "アドバイザーの相談会(年間)",
                "回/年度",
                Kind.COUNT,
                "1年度に全体で行う相談会の回数。団体ごとの回数ではない。空欄は未公表。",
                minimum=0,
                maximum=366,
                optional=True,
            ),
            Definition(
                "contact.retention_days",
                "市町村の担当者の個人情報を残す日数",
                "日",
                Kind.COUNT,
                "任期の最後の日からこの日数を過ぎた担当者の情報を削除する。",
                minimum=1,
                maximum=3660,
            ),
            Definition(
                "account.first_password_days",
                "最初のパスワードの期限",
                "日",
                Kind.COUNT,
                "発行したパスワードで最初にサインインできる期間。過ぎると再発行が要る。",
                minimum=1,
                maximum=90,
            ),
            Definition(
                "session.idle_minutes",
                "操作しないと画面が休止するまでの時間",
                "分",
                Kind.COUNT,
                "サインインした画面をこの時間操作しないと休止する。続けるにはパスワードを入力する。",
                minimum=15,
                maximum=720,
            ),
            Definition(
                "training.retention_days",
                "研修の申込者の個人情報を残す日数",
                "日",
                Kind.COUNT,
                "日程の日からこの日数を過ぎた申込者の氏名・所属・メールアドレスを削除する。",
                minimum=1,
                maximum=3660,
            ),
        )
    }
)
"""Every parameter there is, what estimates rest on first; a name outside this table is refused."""


def definitions(offers: Collection[OfferedPart]) -> Mapping[str, Definition]:
    """Those that mean something where these parts are offered, in order."""
    return {name: each for name, each in DEFINITIONS.items() if each.need in (None, *offers)}


@dataclass(frozen=True)
class Parameter:
    """One dated value.

    Attributes:
        name: Key in :data:`DEFINITIONS`.
        value: Whole yen or count, an exact rate, a named choice; None is unknown.
        valid_from: First day it holds, inclusive; it holds until a later one begins.
        source: Key in data/sources.yaml, or the secretariat's own words.
        recorded_at: When it was recorded; later beats earlier for the same first day. None for
            values that came with data/.
        withdrawn: It takes back the last word for that first day: what was said of the day before
            it holds again. ``note`` is the reason; ``value`` is what is taken back.
    """

    name: str
    value: Value
    valid_from: date
    basis: Basis
    source: str
    note: str = ""
    recorded_at: datetime | None = None
    withdrawn: bool = False


def parse_value(definition: Definition, text: str) -> Value:
    """Read a value as the administration page or data/ writes it.

    Args:
        text: ``100000``, ``1/2``, ``down``, ``total``; empty is unknown where that is allowed.

    Raises:
        ValueError: Not such a value; the message is Japanese and names the bounds.

    Examples:
        >>> parse_value(DEFINITIONS["talent.subsidy_rate"], "1/2")
        Fraction(1, 2)
    """
    plain = text.strip().replace(",", "")
    shown = text.strip()[:_SHOWN]
    if not plain:
        if definition.optional:
            return None
        raise ValueError(f"「{definition.label}」は空欄にできません。")
    try:
        if len(plain) > _LONGEST:
            raise ValueError(plain)
        value: Value = _READERS[definition.kind](plain)
    except ValueError:
        raise ValueError(
            f"「{definition.label}」を読めません: {shown}(例: {_EXAMPLES[definition.kind]})"
        ) from None
    _check_bounds(definition, value)
    return value


_LONGEST, _SHOWN = 60, 40
_READERS: Mapping[Kind, Callable[[str], Value]] = MappingProxyType(
    {
        Kind.YEN: int,
        Kind.COUNT: int,
        Kind.FISCAL_YEAR: lambda text: int(FiscalYear.parse(text)),
        Kind.RATE: parse_rate,
        Kind.DIRECTION: Direction,
        Kind.SCOPE: RoundingScope,
    }
)
_EXAMPLES = MappingProxyType(
    {
        Kind.YEN: "100000",
        Kind.COUNT: "12",
        Kind.FISCAL_YEAR: "令和11年度",
        Kind.RATE: "1/2",
        Kind.DIRECTION: "down",
        Kind.SCOPE: "total",
    }
)


def _check_bounds(definition: Definition, value: object) -> None:
    if not isinstance(value, int | Fraction):
        return
    low, high = definition.minimum, definition.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        upper = f"{high:,}以下" if high is not None else "上限なし"
        raise ValueError(f"「{definition.label}」は{low:,}以上{upper}で指定してください: {value}")


def value_text(value: Value) -> str:
    """The text :func:`parse_value` reads back; empty for unknown.

    Examples:
        >>> value_text(Fraction(1, 2)), value_text(100_000), value_text(None)
        ('1/2', '100000', '')
    """
    return "" if value is None else str(value)


def standing(parameters: Iterable[Parameter], name: str) -> dict[date, Parameter]:
    """The last word for every first day of a parameter that was not taken back, by day.

    Args:
        parameters: In the order they were recorded; at the same moment the later one comes last.
    """
    said: dict[date, list[Parameter]] = {}
    own = (parameter for parameter in parameters if parameter.name == name)
    for parameter in sorted(own, key=lambda each: each.recorded_at or _SHIPPED):
        words = said.setdefault(parameter.valid_from, [])
        if not parameter.withdrawn:
            words.append(parameter)
        elif words:
            words.pop()
    return {day: said[day][-1] for day in sorted(said) if said[day]}


def in_force(parameters: Iterable[Parameter], name: str, as_of: date) -> Parameter:
    """The value of a parameter that holds on a day: the latest first day up to it.

    An annual one (:attr:`Definition.annual`) holds in the fiscal year it begins in alone.

    Args:
        parameters: In the order they were recorded.
        as_of: Day, inclusive.

    Raises:
        NoValueInForceError: None holds.
    """
    definition = DEFINITIONS.get(name)
    annual = definition is not None and definition.annual
    year = FiscalYear.of(as_of)
    found = [
        parameter
        for day, parameter in standing(parameters, name).items()
        if day <= as_of and (not annual or FiscalYear.of(day) == year)
    ]
    if not found:
        raise NoValueInForceError(definition.label if definition else name, as_of)
    return found[-1]


def serves(parameters: Iterable[Parameter], new: Parameter, shown: FiscalYear) -> str:
    """What a value that is about to be recorded would do, in words.

    Args:
        parameters: Everything recorded before it.
        new: The value, or the withdrawal.
        shown: 年度 the screens are about now (予算要求の対象).

    Returns:
        For which days it serves, and whether anything shown for ``shown`` changes.
    """
    before = tuple(parameters)
    begins = new.valid_from
    later = [day for day in standing(before, new.name) if day > begins]
    if DEFINITIONS[new.name].annual:
        when = f"{FiscalYear.of(begins).full_label}だけに使い、他の年度には使いません。"
    elif later:
        last = later[0] - timedelta(days=1)
        when = f"{era_date(begins)}から{era_date(last)}まで使います({era_date(later[0])}からは登録済みの別の値)。"
    else:
        when = f"{era_date(begins)}から、次の値を登録するまで使います。"
    if new.withdrawn:
        when = ""
    unchanged = _value_of(before, new.name, shown) == _value_of((*before, new), new.name, shown)
    same = f"いまの対象の{shown.full_label}に使う値は変わりません。" if unchanged else ""
    return f"{when}{same}"


def _value_of(parameters: Iterable[Parameter], name: str, year: FiscalYear) -> object:
    try:
        return in_force(parameters, name, year.last_day).value
    except NoValueInForceError:
        return NoValueInForceError


_SHIPPED = datetime.min.replace(tzinfo=UTC)
