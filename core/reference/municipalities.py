"""municipalities.csv, checked against checks.yaml: a row a municipality, or a time of one.

A row holds from ``since`` to ``until``. What changes of a municipality is another row of its code
that begins the day after; one that ends names its successor (合併).
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    model_validator,
)

from core.reference.facts import (
    Count,
    Fact,
    Ordinal,
    RefusalError,
    SourceKey,
    Text,
    day_read,
    distinct,
    known,
    together,
)
from core.reference.files import Folder
from core.reference.parts import counted
from core.values.fiscal import era_date
from core.values.municipality import Municipality, check_digit
from core.values.succession import Succession, Term

COLUMNS = "lg_code,name,kana,category,area,population_2020,lat,lng"
OPTIONAL = "population,census,source,since,until,successor"
"""Columns that may follow: a newer census with its source, and when the row holds."""
_NEXT = timedelta(days=1)


def _checked_code(code: str) -> str:
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        raise RefusalError(f"団体コードは6桁の数字です: {code}")
    if code[5] != check_digit(code[:5]):
        right = check_digit(code[:5])
        raise RefusalError(f"団体コード{code}の検査数字が違います(正しくは{right})。")
    return code


def _none(cell: object) -> object:
    return None if cell == "" else cell


def _day(cell: object) -> date | None:
    return None if cell in (None, "") else day_read(cell)


_MayCount = Annotated[Count | None, BeforeValidator(_none)]
_MaySource = Annotated[SourceKey | None, BeforeValidator(_none)]
_MayDay = Annotated[date | None, PlainValidator(_day)]


class MunicipalityRow(Fact):
    """One row."""

    lg_code: Annotated[Text, AfterValidator(_checked_code)]
    name: Text
    kana: Text
    category: Text
    area: Text
    population_2020: _MayCount
    lat: Annotated[float, Field(ge=20, le=46, allow_inf_nan=False)]
    lng: Annotated[float, Field(ge=122, le=154, allow_inf_nan=False)]
    population: _MayCount = None
    census: _MayCount = None
    source: _MaySource = None
    since: _MayDay = None
    until: _MayDay = None
    successor: str = ""
    line: int

    @model_validator(mode="after")
    def _counted_once(self) -> Self:
        together(self, "population", "census", "source")
        if self.population is None and self.population_2020 is None:
            raise RefusalError("人口がありません。", "population_2020")
        if self.census is not None and (self.census % 5 or not 2020 <= self.census < 2100):
            raise RefusalError(f"censusは国勢調査の年(2025など)です: {self.census}", "census")
        return self

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise RefusalError(f"until({self.until})がsince({self.since})より前です。", "until")
        if self.successor and not self.until:
            raise RefusalError(
                "successorがある行には、最後の日untilも書いてください。", "successor"
            )
        return self

    @property
    def term(self) -> Term:
        """As a value."""
        counted_anew = {} if self.population is None else {
            "census": self.census, "source": self.source
        }  # fmt: skip
        people = self.population_2020 if self.population is None else self.population
        municipality = Municipality(
            self.lg_code, self.name, self.kana, self.category, self.area, people or 0,
            self.lat, self.lng, **counted_anew,  # type: ignore[arg-type]
        )  # fmt: skip
        return Term(municipality, self.since, self.until, self.successor)


Rows = tuple[MunicipalityRow, ...]


def _one_after_another(rows: Rows) -> Rows:
    """Of one code, each row begins the day after the one before; only the last may have an end."""
    for code in dict.fromkeys(row.lg_code for row in rows):
        own = sorted(
            (index for index, row in enumerate(rows) if row.lg_code == code),
            key=lambda index: rows[index].since or date.min,
        )
        for earlier, later in pairwise(own):
            _follows(rows, earlier, later)
        last = rows[own[-1]]
        if last.until and not last.successor:
            raise RefusalError(
                f"団体コード{code}は{last.until}で終わっています。"
                "合併先のsuccessorか、次の日からの行を書いてください。",
                own[-1], "until",
            )  # fmt: skip
    return rows


def _follows(rows: Rows, earlier: int, later: int) -> None:
    before, after = rows[earlier], rows[later]
    if before.successor:
        raise RefusalError(
            f"団体コード{before.lg_code}には{{like}}行目に続きがあるため、successorは書けません。",
            earlier, "successor", like=(later, "lg_code"),
        )  # fmt: skip
    if before.until is None or after.since != before.until + _NEXT:
        wanted = "まだ終わっていません" if before.until is None else f"{before.until}までです"
        raise RefusalError(
            f"団体コード{after.lg_code}の{{like}}行目は{wanted}。"
            f"この行のsince({after.since})は、その次の日にしてください(すき間も重なりもなく)。",
            later, "since", like=(earlier, "lg_code"),
        )  # fmt: skip


def _successors_are_there(rows: Rows) -> Rows:
    for index, row in enumerate(rows):
        if not row.successor or row.until is None:
            continue
        theirs = [each for each in rows if each.lg_code == row.successor]
        if not theirs:
            reason = f"successorの団体コード{row.successor}の行がありません。"
            raise RefusalError(reason, index, "successor")
        day = row.until + _NEXT
        if row.successor == row.lg_code or not any(each.term.holds(day) for each in theirs):
            raise RefusalError(
                f"successorの{theirs[0].name}({row.successor})は、{row.name}が終わった次の日"
                f"({day}、{era_date(day)})にはない団体です。",
                index, "successor",
            )  # fmt: skip
    return rows


def _names_are_told_apart(rows: Rows) -> Rows:
    """No two municipalities of one day are called the same."""
    first: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        for other in first.setdefault(row.name, []):
            one = rows[other]
            meet = row.term.first <= one.term.last and one.term.first <= row.term.last
            if one.lg_code != row.lg_code and meet:
                raise RefusalError(
                    f"名称「{row.name}」が{{like}}行目と重複しています。",
                    index, "name", like=(other, "name"),
                )  # fmt: skip
        first[row.name].append(index)
    return rows


ROWS: TypeAdapter[Rows] = TypeAdapter(
    Annotated[
        Rows,
        AfterValidator(distinct("団体コード", "lg_code", "since")),
        AfterValidator(_one_after_another),
        AfterValidator(_successors_are_there),
        AfterValidator(_names_are_told_apart),
    ]
)


class Expected(Fact):
    """How many municipalities and people there must be: of the rows without an end."""

    municipalities: Ordinal
    population: Ordinal
    source: SourceKey

    @field_validator("municipalities", "population")
    @classmethod
    def _as_counted(cls, number: int, info: ValidationInfo) -> int:
        counted_there = known(info, "counted")[info.field_name]
        if number != counted_there:
            raise ValueError(f"municipalities.csvの{counted_there:,}と合いません: {number:,}")
        return number


class Checks(Fact):
    """checks.yaml."""

    expected: Expected


def read_municipalities(folder: Folder) -> Succession:
    """Every municipality there ever was, in file order.

    Raises:
        ReferenceDataError: A file is not as declared, or the two do not agree.
    """
    rows: Rows = folder.table("municipalities.csv", COLUMNS, ROWS, OPTIONAL)
    there = counted([row.model_dump() for row in rows])
    folder.knowing(counted=there).mapping("checks.yaml", Checks)
    return Succession(tuple(row.term for row in rows))
