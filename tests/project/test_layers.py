"""Imports go down only and never in a circle; clock and data/ are read in two places."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from core.settings import PROJECT

# Lowest first. A room knows itself, every floor below, and on its own floor whom NEIGHBOURS names.
FLOORS = (
    {"core", "core.values", "core.incidents", "core.log", "core.mail", "core.settings"},
    {"core.access", "core.params"},
    {
        "core.boarding",
        "core.consultation",
        "core.contact",
        "core.estimate",
        "core.inquiry",
        "core.procurement",
        "core.reference",
        "core.subsidy",
        "core.support",
        "core.training",
    },
    {"core.figures", "core.news"},
    {"core.store"},
    {"core.commands", "core.views", "core.exports", "core.imports"},
    {"core.start", "core.demonstration", "core.cli"},
    {"dashboard", "dashboard.context"},
    {"dashboard.kit"},
    {"dashboard.frame", "dashboard.served"},
    {
        "dashboard.about",
        "dashboard.administration",
        "dashboard.boarding",
        "dashboard.catalogue",
        "dashboard.consultations",
        "dashboard.contacts",
        "dashboard.home",
        "dashboard.inquiries",
        "dashboard.kpi",
        "dashboard.ledger",
        "dashboard.meeting",
        "dashboard.our_municipality",
        "dashboard.plans",
        "dashboard.procurement",
        "dashboard.support",
        "dashboard.trainings",
    },
    {"dashboard.app", "dashboard.asgi"},
    {"dashboard.__main__"},
    {"pages"},
)
NEIGHBOURS = {
    "dashboard.about": {"dashboard.consultations"},
    "dashboard.procurement": {"dashboard.catalogue"},
    "core.incidents": {"core.values"},
    "core.log": {"core.values"},
    "core.mail": {"core.values"},
    "core.settings": {"core.mail", "core.values"},
    "core.boarding": {"core.estimate", "core.procurement"},
    "core.consultation": {"core.contact"},
    "core.inquiry": {
        "core.consultation",
        "core.contact",
        "core.estimate",
        "core.procurement",
        "core.reference",
        "core.support",
    },
    "core.reference": {"core.estimate", "core.procurement", "core.training"},
    "core.subsidy": {"core.estimate", "core.reference", "core.support"},
    "core.support": {"core.consultation", "core.estimate"},
    "core.training": {"core.procurement", "core.support"},
    "core.commands": {"core.imports", "core.views"},
    "core.views": {"core.imports"},
    "core.exports": {"core.imports", "core.views"},
    "core.cli": {"core.start", "core.demonstration"},
    "dashboard.inquiries": {"dashboard.contacts"},
    "dashboard.ledger": {"dashboard.procurement"},
    "dashboard.our_municipality": {"dashboard.administration", "dashboard.consultations"},
    "dashboard.meeting": {"dashboard.procurement"},
    "dashboard.frame": {"dashboard.served"},
}
LEVELS = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
ROOTS = {"core", "dashboard"}  # packages: what lies in them must have a place of its own
DOORS = {"dashboard/context.py", "core/cli/context.py"}
"""Where the clock and the reference data are read; below, both are arguments."""

Imports = Mapping[str, Iterable[str]]


@cache
def sources() -> dict[str, Path]:
    """Every file of the product by the name of its module."""
    tops = ("core", "dashboard", "pages")
    paths = [path for top in tops for path in sorted((PROJECT / top).rglob("*.py"))]
    assert len(paths) > 40
    return {module_name(path): path for path in paths}


def module_name(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def parsed(module: str) -> ast.Module:
    return ast.parse(sources()[module].read_text(encoding="utf-8"))


def named_in(module: str) -> Iterator[str]:
    """Every module that is imported anywhere in one, also inside functions."""
    package = sources()[module].name == "__init__.py"
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = module.split(".")
                keep = len(parents) - node.level + (1 if package else 0)
                base = ".".join([*parents[:keep], *([node.module] if node.module else [])])
            for alias in node.names:
                name = f"{base}.{alias.name}"
                yield name if name in sources() else base


@cache
def imports() -> dict[str, set[str]]:
    """What each module of the product imports of the product."""
    ours = {"core", "dashboard", "pages"}
    return {
        module: {name for name in named_in(module) if name.split(".")[0] in ours} - {module}
        for module in sources()
    }


def room_of(module: str) -> str | None:
    """The longest name in FLOORS that a module's begins with."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        room = ".".join(parts[:length])
        if room in LEVELS:
            return None if room in ROOTS and length < len(parts) else room
    return None


def strangers(known: Imports) -> list[str]:
    """Imports a room may not have."""
    found = []
    for module, names in known.items():
        room = room_of(module)
        for name in names:
            other = room_of(name)
            if room is None or other is None:
                found.append(f"{module if room is None else name} has no place in FLOORS")
            elif other not in {room, *NEIGHBOURS.get(room, ())} and LEVELS[other] >= LEVELS[room]:
                found.append(f"{module} imports {name}")
    return sorted(set(found))


def circle(known: Imports) -> list[str]:
    """Modules that import each other, around to the first; none is best."""
    try:
        TopologicalSorter(known).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_imports_go_down_only_and_to_neighbours_who_are_named() -> None:
    assert strangers(imports()) == []


def test_no_module_comes_back_to_itself() -> None:
    assert circle(imports()) == []


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("core.values.money", "core.params"),
        ("core.estimate.terms", "core.store.engine"),
        ("core.estimate.terms", "core.views.home"),
        ("core.procurement.index", "core.training.audience"),
        ("core.kpi.registry", "core.store.engine"),
        ("core.views.home", "core.commands.wishes"),
        ("core.start", "dashboard.context"),
        ("dashboard.kit.widgets", "dashboard.frame.navigation"),
        ("dashboard.plans.kept", "dashboard.kpi.detail"),
        ("dashboard.plans.kept", "pages.plans"),
        ("core.newcomer", "core.values.money"),
        ("dashboard.newcomer", "core.values.money"),
    ],
)
def test_a_wrong_import_would_be_found(module: str, name: str) -> None:
    assert len(strangers({module: {name}})) == 1


def test_a_circle_would_be_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) != []
    assert circle({"a": {"b", "c"}, "b": {"c"}, "d": {"a"}}) == []


def test_every_room_is_there_and_every_neighbour_is_visited() -> None:
    rooms = [*itertools.chain.from_iterable(FLOORS)]
    assert len(rooms) == len(LEVELS)
    assert set(rooms) - {room_of(module) for module in sources()} == set()
    visited = {(room_of(m), room_of(name)) for m, names in imports().items() for name in names}
    named = {(room, other) for room, others in NEIGHBOURS.items() for other in others}
    assert named - visited == set()


def test_pages_are_never_imported() -> None:
    everything = itertools.chain.from_iterable(imports().values())
    assert [name for name in everything if name.split(".")[0] == "pages"] == []


def test_the_root_of_the_dashboard_holds_four_files_and_folders() -> None:
    files = {path.name for path in (PROJECT / "dashboard").iterdir() if path.is_file()}
    assert files == {"__init__.py", "__main__.py", "app.py", "asgi.py", "context.py"}


def test_nothing_below_the_dashboard_imports_streamlit() -> None:
    below = [module for module in sources() if module.split(".")[0] == "core"]
    assert [
        f"{module} imports {name}"
        for module in below
        for name in named_in(module)
        if name.split(".")[0].startswith("streamlit")
    ] == []


def clock_readings(tree: ast.AST) -> list[int]:
    """Lines that read the clock, however datetime was imported."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("now", "today", "utcnow", "localtime", "gmtime", "time_ns")
        and ast.unparse(node.value).split(".")[-1]
        in ("datetime", "date", "dt", "time", "Timestamp")
    ] + [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "time.time"
    ]


def test_the_clock_is_read_in_two_places_only() -> None:
    reading = {
        str(path.relative_to(PROJECT)): lines
        for module, path in sources().items()
        if (lines := clock_readings(parsed(module)))
    }
    assert reading.keys() == DOORS, reading


def test_the_clock_would_be_found() -> None:
    source = (
        "import datetime\ndatetime.datetime.now()\ndate.today()\ntime.time()\nclock = date.today"
    )
    assert sorted(clock_readings(ast.parse(source))) == [2, 3, 4, 5]


def reference_doors(tree: ast.Module) -> list[int]:
    """Lines that read a pack, or keep one without being asked for it with an argument."""
    found = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
        and ast.unparse(node).split(".")[-1] == "load_reference"
    ]
    for statement in tree.body:
        if isinstance(statement, ast.AnnAssign) and names_a_reference(statement.annotation):
            found.append(statement.lineno)
        if isinstance(statement, ast.FunctionDef) and names_a_reference(statement.returns):
            kept = {ast.unparse(each).split("(")[0] for each in statement.decorator_list}
            if kept & {"cache", "lru_cache", "functools.cache", "functools.lru_cache"}:
                found.append(statement.lineno)
    return found


def names_a_reference(hint: ast.expr | None) -> bool:
    names = ast.walk(hint) if hint else ()
    return any(isinstance(name, ast.Name) and name.id == "Reference" for name in names)


def test_reference_data_comes_in_by_two_doors_only() -> None:
    opened = {
        str(path.relative_to(PROJECT)): lines
        for module, path in sources().items()
        if (lines := reference_doors(parsed(module)))
    }
    assert opened.keys() == DOORS, opened


def test_another_door_to_reference_data_would_be_found() -> None:
    source = (
        "@cache\ndef shipped() -> Reference:\n    return pack.load_reference(DATA)\n"
        "HELD: Reference | None = None\nread = load_reference\n"
    )
    assert sorted(reference_doors(ast.parse(source))) == [2, 3, 4, 5]
