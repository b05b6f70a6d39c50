"""What a change or a merger (変更・合併) makes of the rows of municipalities.csv.

Rows are closed and followed by others, never rewritten: what was so before the day stays said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Any

from core.values.errors import InvalidInputError
from core.values.fiscal import era_date, outside_fiscal_years
from core.values.free_text import Text
from core.values.municipality import check_digit, is_prefecture

NAME = Text("名称", 40)
KANA = Text("読み", 80)
CATEGORY = Text("区分", 20)
AREA = Text("地域", 20)
CENSUSES = tuple(range(2020, 2056, 5))
"""Years of a 国勢調査."""
_FIRST_CENSUS = (2020, "kokusei-2020")
_ONE_DAY = timedelta(days=1)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class MunicipalityCard:
    """What is said of a municipality from a day on.

    Attributes:
        population: 人; None while it could not be read.
        census: Year of the 国勢調査 that counted it.
        source_key: Of the population.
        lat: Degrees north; None while it could not be read. ``lng`` likewise, east.
    """

    lg_code: str
    name: Annotated[str, NAME]
    kana: Annotated[str, KANA]
    category: Annotated[str, CATEGORY]
    area: Annotated[str, AREA]
    population: int | None
    census: int
    source_key: str
    lat: float | None
    lng: float | None

    def row(self, since: date) -> dict[str, str]:
        """As a row that holds from a day on."""
        first = (self.census, self.source_key) == _FIRST_CENSUS
        counted = {} if first else {
            "population": str(self.population), "census": str(self.census), "source": self.source_key
        }  # fmt: skip
        return {
            "lg_code": self.lg_code,
            "name": self.name,
            "kana": self.kana,
            "category": self.category,
            "area": self.area,
            "population_2020": str(self.population) if first else "",
            "lat": str(self.lat),
            "lng": str(self.lng),
            **counted,
            "since": since.isoformat(),
        }


def read_card(card: MunicipalityCard, prefecture_code: str, day: date) -> MunicipalityCard:
    """The card as it may be kept; what no municipality can be is refused, all problems at once.

    Raises:
        InvalidInputError: Fields as the card names them, and ``day``.
    """
    problems: dict[str, str] = {}
    read = {
        field: text.read_into(problems, field, getattr(card, field))
        for field, text in (("name", NAME), ("kana", KANA), ("category", CATEGORY), ("area", AREA))
    }
    code = card.lg_code
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        problems["lg_code"] = "団体コードは、検査数字を含む6桁の数字で書いてください。"
    elif is_prefecture(code) or code[:2] != prefecture_code[:2]:
        problems["lg_code"] = (
            f"団体コード{code}は、この都道府県({prefecture_code[:2]}で始まる)の市町村のものではありません。"
        )
    elif code[5] != check_digit(code[:5]):
        problems["lg_code"] = (
            f"団体コード{code}の検査数字が違います(正しくは{check_digit(code[:5])})。"
        )
    if card.population is None:
        problems["population"] = "人口を0以上の整数で書いてください。"
    if card.census not in CENSUSES:
        problems["census"] = "国勢調査の年を選んでください。"
    if not card.source_key:
        problems["source"] = "人口の出典を選んでください。"
    for field, value, least, most, way in (
        ("lat", card.lat, 20, 46, "緯度"),
        ("lng", card.lng, 122, 154, "経度"),
    ):
        if value is None or not least <= value <= most:
            problems[field] = f"{way}は、{least}から{most}までの度(小数)で書いてください。"
    if problem := outside_fiscal_years(day):
        problems["day"] = problem
    if problems:
        raise InvalidInputError(problems)
    return replace(
        card, name=read["name"], kana=read["kana"], category=read["category"], area=read["area"]
    )


def changed(rows: Iterable[Row], card: MunicipalityCard, day: date) -> list[dict[str, str]]:
    """The rows to record so that a municipality is as the card says from a day on.

    Raises:
        InvalidInputError: Field ``day`` or ``lg_code``: it ended, or a later change is recorded.
    """
    last = _last(rows, card.lg_code)
    if last.get("until"):
        raise InvalidInputError({"lg_code": _ended(last)})
    if last.get("since") == day.isoformat():  # the same term, said anew
        return [card.row(day)]
    _refuse_earlier(last, day)
    return [{**last, "until": (day - _ONE_DAY).isoformat()}, card.row(day)]


def merged(
    rows: Sequence[Row], ended: Sequence[str], card: MunicipalityCard, day: date
) -> list[dict[str, str]]:
    """The rows to record so that municipalities become one from a day on.

    Args:
        ended: Codes of those that end on the day before.
        card: The one they become: one that stays (編入), or a new one (新設).

    Raises:
        InvalidInputError: Fields ``ended``, ``lg_code``, ``name``, ``day``.
    """
    codes = {row["lg_code"] for row in rows}
    stays = card.lg_code in codes
    if not ended or (not stays and len(ended) < 2):
        least = "1つ以上" if stays else "2つ以上"
        raise InvalidInputError({"ended": f"合併でなくなる団体を{least}選んでください。"})
    if card.lg_code in ended:
        raise InvalidInputError({"ended": "残る団体は、なくなる団体には選べません。"})
    found = []
    for code in ended:
        last = _last(rows, code)
        if last.get("until"):
            raise InvalidInputError({"ended": _ended(last)})
        _refuse_earlier(last, day)
        closed = {"until": (day - _ONE_DAY).isoformat(), "successor": card.lg_code}
        found.append({**last, **closed})
    for row in rows:
        other = not row.get("until") and row["lg_code"] not in (*ended, card.lg_code)
        if other and row["name"] == card.name:
            raise InvalidInputError(
                {"name": f"「{row['name']}」という団体がほかにあります({row['lg_code']})。"}
            )
    return [*found, *(changed(rows, card, day) if stays else [card.row(day)])]


def _last(rows: Iterable[Row], lg_code: str) -> dict[str, str]:
    own = [row for row in rows if row["lg_code"] == lg_code]
    if not own:
        raise InvalidInputError({"lg_code": f"団体コード「{lg_code[:20]}」の団体はありません。"})
    last = max(own, key=lambda row: row.get("since") or "")
    return {**last}


def _ended(last: Row) -> str:
    day = date.fromisoformat(last["until"])
    return f"{last['name']}は{era_date(day)}で終わっています(合併)。"


def _refuse_earlier(last: Row, day: date) -> None:
    since = last.get("since") or ""
    if since and day.isoformat() <= since:
        raise InvalidInputError(
            {
                "day": f"{last['name']}には{era_date(date.fromisoformat(since))}からの変更が記録されています。"
                "それより後の日にしてください。"
            }
        )
