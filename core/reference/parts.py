"""The parts of a pack: which things its files consist of, taken apart into entries and put together.

A part says where its things stand in which file and what tells one from another. So the files of a
folder become entries (:func:`apart`), and entries become files again (:func:`together`), which the
same declarations check wherever they come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Tree = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """One kind of thing.

    Attributes:
        file: Of the pack.
        at: Heading it stands under in the file; empty: the rows of a table, or the whole file.
        shape: ``one`` thing, a ``list``, or a ``mapping`` by key.
        key: What tells one of a list from another: headings, separated by commas.
        yearly: Whether it is offered by fiscal year.
        kept: Whether the secretariat keeps it on the screen; otherwise it is as the pack filled it,
            or kept elsewhere (制度値, 研修, 参加台帳).
    """

    name: str
    label: str
    file: str
    at: str = ""
    shape: Literal["one", "list", "mapping"] = "one"
    key: str = ""
    yearly: bool = False
    kept: bool = True

    def key_of(self, value: Mapping[str, Any]) -> str:
        """What tells a thing from others of its part; what is absent at the end is left out."""
        words = ("" if value.get(k) is None else str(value[k]) for k in self.key.split(","))
        return "/".join(words).rstrip("/")


_TOTAL = "programme,lot,basis,metric,period,as_of,source"
PARTS: Mapping[str, Part] = {
    part.name: part
    for part in (
        Part("names", "言葉", "names.yaml"),
        Part("sources", "出典", "sources.yaml", "sources", "mapping"),
        Part("municipalities", "市町村", "municipalities.csv", "", "list", "lg_code,since"),
        Part("checks", "照合", "checks.yaml", kept=False),
        Part("map", "地図", "municipalities.topojson", kept=False),
        Part("talent", "人材シェアリング", "plans.yaml", "programme", yearly=True),
        Part("plans", "支援プラン", "plans.yaml", "plans", "list", "number", yearly=True),
        Part("procurement", "共同調達のあらまし", "procurements.yaml"),
        Part("schemes", "調達スキーム", "procurements.yaml", "schemes", "list", "key"),
        Part("procurements", "共同調達", "procurements.yaml", "programmes", "list", "key"),
        Part("published_totals", "公表値", "published_totals.csv", "", "list", _TOTAL),
        Part("participation", "公表された参加", "participation.csv", kept=False),
        Part("overview", "都道府県の支援", "programmes.yaml", "overview"),
        Part("budgets", "予算", "programmes.yaml", "budgets", "list", "key"),
        Part("surveys", "アンケート", "programmes.yaml", "surveys", "list", "key"),
        Part("next_procurement", "次期共同調達", "programmes.yaml", "next_procurement"),
        Part("interview", "取組についての問答", "programmes.yaml", "interview"),
        Part("advisors", "アドバイザー制度", "advisors.yaml", yearly=True),
        Part("grants", "補助事業", "grants.yaml", "grants", "list", "key", yearly=True),
        Part("trainings", "研修", "trainings.yaml", kept=False),
        Part("parameters", "制度値の初期値", "parameters.yaml", kept=False),
        Part("event_columns", "イベント一覧の列", "event_list_columns.csv", kept=False),
    )
}
_CHECKS, _SOURCES, _ROWS = "checks.yaml", "sources.yaml", "municipalities.csv"


def carried(value: Tree, fiscal_year: int) -> dict[str, Any]:
    """What a thing holds in a later year: who wished for it, took part, and what there was for it by
    when, is of that year.

    Examples:
        >>> carried({"number": 2, "wishes": 3, "wishes_as_of": "2023-04-04"}, 2027)
        {'number': 2}
    """
    kept = {name: each for name, each in value.items() if not name.startswith(_OF_ITS_YEAR)}
    return kept | {"fiscal_year": fiscal_year} if "fiscal_year" in kept else kept


_OF_ITS_YEAR = ("participants", "wishes", "budget", "deadline")


def apart(files: Tree) -> Iterator[tuple[Part, str, Any]]:
    """Every thing of the files of a pack, with its key, in the order it stands.

    Args:
        files: Name of a file → what it holds; rows of a table without their lines.
    """
    for part in PARTS.values():
        if part.file not in files:
            continue
        whole = files[part.file]
        if not part.at and part.shape == "one":
            yield part, "", _rest(part, whole)
            continue
        held = whole if not part.at else whole.get(part.at)
        if held is None:
            continue
        if part.shape == "one":
            yield part, "", held
        elif part.shape == "mapping":
            for key, value in held.items():
                yield part, key, value
        else:
            for value in held:
                yield part, part.key_of(value), value


def together(things: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The files that things make up, as :func:`apart` takes them.

    What counts other things counts them anew: a source names every file it is cited in, and the
    municipalities and their people are as many as there are.

    Args:
        things: Name of the part and the thing; a thing of a mapping with its key as
            ``(key, value)``; in order.
    """
    files: dict[str, Any] = {}
    for name, value in things:
        part = PARTS[name]
        if not part.at and part.shape == "one":
            files[part.file] = {**value, **files.get(part.file, {})} if _headed(part) else value
        elif not part.at:
            files.setdefault(part.file, [])
            files[part.file].append(value)
        else:
            file = files.setdefault(part.file, {})
            if part.shape == "one":
                file[part.at] = value
            elif part.shape == "mapping":
                file.setdefault(part.at, {}).__setitem__(*value)
            else:
                file[part.at] = (*file.get(part.at, ()), value)
    for part in PARTS.values():
        if part.shape == "list" and part.at and part.file in files:
            files[part.file].setdefault(part.at, ())
    made = {name: tuple(held) if isinstance(held, list) else held for name, held in files.items()}
    return _counted(_cited(made))


def _headed(part: Part) -> bool:
    """Whether a part is what a file holds beside its other parts."""
    return any(each.file == part.file and each.at for each in PARTS.values())


def _rest(part: Part, whole: Any) -> Any:
    taken = {each.at for each in PARTS.values() if each.file == part.file and each.at}
    return {k: v for k, v in whole.items() if k not in taken} if taken else whole


def counted(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many municipalities and people the rows without an end say there are."""
    last = [row for row in rows if not row.get("until")]
    people = (row.get("population") or row.get("population_2020") or 0 for row in last)
    return {"municipalities": len(last), "population": sum(map(int, people))}


def _counted(files: dict[str, Any]) -> dict[str, Any]:
    rows = files.get(_ROWS, ())
    if _CHECKS in files and rows:
        expected = {**files[_CHECKS]["expected"], **counted(rows)}
        files[_CHECKS] = {**files[_CHECKS], "expected": expected}
    return files


def _cited(files: dict[str, Any]) -> dict[str, Any]:
    sources = files.get(_SOURCES, {}).get("sources")
    if sources is None:
        return files
    citing: dict[str, list[str]] = {key: [] for key in sources}
    for name, tree in files.items():
        for key in _sources_in(tree):
            if key in citing and name not in citing[key]:
                citing[key].append(name)
    kept = {}
    for key, source in sources.items():
        named = [name for name in source["files"] if name in files]
        named += [name for name in citing[key] if name not in named]
        kept[key] = {**source, "files": tuple(named)}
        if not named and not source.get("used_for"):
            kept[key]["used_for"] = NOT_CITED
    files[_SOURCES] = {**files[_SOURCES], "sources": kept}
    return files


NOT_CITED = "カタログ(まだ引用されていない)"


def _sources_in(tree: Any) -> Iterator[str]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            if isinstance(value, str) and (key == "source" or key.endswith("_source")):
                yield value
            else:
                yield from _sources_in(value)
    elif isinstance(tree, list | tuple):
        for each in tree:
            yield from _sources_in(each)
