"""Imports go down only; the clock is read in two places."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

import core
from core.settings import PROJECT
from core.store.tables import Base

GLOSSARY = PROJECT / "docs" / "glossary.md"

# Prefix of a module → layer, the longest prefix wins. A module imports its own layer and lower.
LAYERS = {
    "core": 0,
    "core.values": 0,
    "core.mail": 0,
    "core.settings": 0,
    "core.access": 1,
    "core.params": 1,
    "core.boarding": 2,
    "core.consultation": 2,
    "core.estimate": 2,
    "core.procurement": 2,
    "core.support": 2,
    "core.training": 2,
    "core.reference": 3,
    "core.figures": 3,
    "core.store": 3,
    "core.commands": 4,
    "core.views": 4,
    "core.exports": 4,
    "core.imports": 4,
    "core.start": 5,
    "core.demonstration": 5,
    "core.cli": 5,
    "dashboard": 6,
    "pages": 7,
}
CLOCKS = {"dashboard/context.py", "core/cli/context.py"}
MAY_USE_STREAMLIT = ("dashboard", "pages")


def sources() -> list[Path]:
    found = [
        path for top in ("core", "dashboard", "pages") for path in (PROJECT / top).rglob("*.py")
    ]
    assert len(found) > 40
    return sorted(found)


def module_name(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_of(module: str) -> int | None:
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        if (prefix := ".".join(parts[:length])) in LAYERS:
            if prefix == "core" and len(parts) > 1:
                break  # a new module of core must be given its place in the table above
            return LAYERS[prefix]
    return None


def imported(tree: ast.AST, importer: str, *, package: bool) -> Iterator[str]:
    """Every module a file imports anywhere in it, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = importer.split(".")
                keep = len(parents) - node.level + (1 if package else 0)
                base = ".".join([*parents[:keep], *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def project_imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = imported(tree, module_name(path), package=path.name == "__init__.py")
    return {name for name in names if name.split(".")[0] in ("core", "dashboard", "pages")}


def each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=lambda p: str(p.relative_to(PROJECT)))


@each(sources())
def test_every_module_has_a_place_in_the_layers(path: Path) -> None:
    assert layer_of(module_name(path)) is not None


@each(sources())
def test_imports_go_down_only(path: Path) -> None:
    own = layer_of(module_name(path))
    for name in project_imports(path):
        layer = layer_of(name)
        assert layer is not None, name
        assert own is not None
        assert layer <= own, f"{module_name(path)} imports {name}"


@each(sources())
def test_pages_are_never_imported(path: Path) -> None:
    assert not [name for name in project_imports(path) if name.split(".")[0] == "pages"]


@each([path for path in sources() if path.relative_to(PROJECT).parts[0] == "core"])
def test_nothing_below_the_dashboard_imports_streamlit(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = imported(tree, module_name(path), package=path.name == "__init__.py")
    assert not [name for name in names if name.split(".")[0].startswith("streamlit")]


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


@each([p for p in sources() if str(p.relative_to(PROJECT)) not in CLOCKS])
def test_the_clock_is_read_in_two_places_only(path: Path) -> None:
    assert clock_readings(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_the_clock_would_be_found() -> None:
    source = (
        "import datetime\ndatetime.datetime.now()\ndate.today()\ntime.time()\nclock = date.today"
    )
    assert sorted(clock_readings(ast.parse(source))) == [2, 3, 4, 5]


def enum_classes() -> list[type[StrEnum]]:
    for info in pkgutil.walk_packages(core.__path__, "core."):
        if not info.name.startswith("core.store.migrations"):
            importlib.import_module(info.name)
    pending, found = [StrEnum], []
    while pending:
        for kind in pending.pop().__subclasses__():
            pending.append(kind)
            if kind.__module__.split(".")[0] == "core":
                found.append(kind)
    return sorted(set(found), key=lambda kind: (kind.__module__, kind.__name__))


@pytest.fixture(scope="module")
def glossary() -> str:
    assert GLOSSARY.is_file(), "docs/glossary.md is missing"
    return GLOSSARY.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", enum_classes(), ids=lambda kind: kind.__name__)
def test_every_enum_value_and_label_is_in_the_glossary(kind: type[StrEnum], glossary: str) -> None:
    missing = [member.value for member in kind if f"`{member.value}`" not in glossary]
    missing += [
        member.label for member in kind if hasattr(member, "label") and member.label not in glossary
    ]
    assert missing == []


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_every_table_is_in_the_glossary(table: str, glossary: str) -> None:
    assert re.search(rf"`{table}`", glossary)
