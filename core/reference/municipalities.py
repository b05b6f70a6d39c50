"""data/municipalities.csv, checked against data/checks.yaml."""

from __future__ import annotations

from core.reference.sources import Folder
from core.reference.table import Row
from core.values.municipality import Municipality, check_digit

NAME = "municipalities.csv"
CHECKS = "checks.yaml"
_HEADER = ("lg_code", "name", "kana", "category", "area", "population_2020", "lat", "lng")


def read_municipalities(folder: Folder) -> tuple[Municipality, ...]:
    """Every municipality in file order.

    Raises:
        ReferenceDataError: A wrong code, a code or name twice, or a number of municipalities or a
            population other than ``checks.yaml`` expects.
    """
    rows = folder.rows(NAME, _HEADER)
    found: dict[str, Municipality] = {}
    names: set[str] = set()
    for row in rows:
        municipality = _municipality(row)
        if municipality.lg_code in found:
            raise row.refusal(f"団体コード{municipality.lg_code}が重複しています。")
        if municipality.name in names:
            raise row.refusal(f"名称「{municipality.name}」が重複しています。")
        found[municipality.lg_code] = municipality
        names.add(municipality.name)
    _check_expected(folder, tuple(found.values()))
    return tuple(found.values())


def _municipality(row: Row) -> Municipality:
    return Municipality(
        lg_code=_lg_code(row),
        name=row.text("name"),
        kana=row.text("kana"),
        category=row.text("category"),
        area=row.text("area"),
        population=row.whole("population_2020"),
        lat=row.degrees("lat", 20, 46),
        lng=row.degrees("lng", 122, 154),
    )


def _lg_code(row: Row) -> str:
    code = row.text("lg_code")
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        raise row.refusal(f"団体コードは6桁の数字です: {code}")
    if code[5] != check_digit(code[:5]):
        raise row.refusal(
            f"団体コード{code}の検査数字が違います(正しくは{check_digit(code[:5])})。"
        )
    return code


def _check_expected(folder: Folder, municipalities: tuple[Municipality, ...]) -> None:
    expected = folder.entry(CHECKS, "expected").entry(
        "expected", "municipalities population source"
    )
    count, population = len(municipalities), sum(m.population for m in municipalities)
    if expected.whole("municipalities", 1) != count:
        raise expected.refusal(f"{NAME}の市町村の数{count}と合いません。", "municipalities")
    if expected.whole("population", 1) != population:
        raise expected.refusal(f"{NAME}の人口の合計{population:,}人と合いません。", "population")
