"""What the documents list is what is there: pins, reasons, words, folders, screens."""

from __future__ import annotations

import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from importlib.metadata import distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import core
from core.settings import PROJECT
from core.store.schema import METADATA
from dashboard.about.sections import HOW_TO
from dashboard.frame.navigation import SCREENS

DOCUMENTS = ["README.md", *(f"docs/{path.name}" for path in (PROJECT / "docs").glob("*.md"))]
COMES_ALONG = "# needed by the above"


def text(name: str) -> str:
    return (PROJECT / name).read_text("utf-8")


def requirements(lines: str) -> list[Requirement]:
    wanted = (line.partition(" #")[0].strip() for line in lines.splitlines())
    return [Requirement(line) for line in wanted if line and line[0] not in "#-"]


def pins() -> dict[str, Requirement]:
    return {
        canonicalize_name(each.name): each
        for name in ("requirements.txt", "requirements-dev.txt")
        for each in requirements(text(name))
    }


def applies(requirement: Requirement, extras: set[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras | {""})


def brought_along(roots: list[Requirement]) -> Iterator[Requirement]:
    """Everything pip installs for some requirements, on this machine."""
    seen: set[str] = set()
    while roots:
        requirement = roots.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        yield requirement
        for line in distribution(requirement.name).requires or []:
            needed = Requirement(line)
            if applies(needed, requirement.extras):
                roots.append(needed)


def test_every_package_pip_brings_is_pinned_to_one_version() -> None:
    pinned = pins()
    here = [each for each in pinned.values() if applies(each, set())]
    brought = {canonicalize_name(each.name) for each in brought_along(here)}
    assert brought - pinned.keys() == set()
    assert [str(each) for each in pinned.values() if not str(each.specifier).startswith("==")] == []


def test_every_direct_dependency_has_its_reason() -> None:
    table = text("docs/decisions.md").partition("## Dependencies")[2]
    cells = re.findall(r"^\| (?!package )([^|]+) \|", table, re.MULTILINE)
    reasoned = [canonicalize_name(name) for cell in cells for name in cell.split(", ")]
    direct = tomllib.loads(text("pyproject.toml"))["project"]["dependencies"]
    for name in ("requirements-dev.txt", "requirements-bench.txt"):
        direct += map(str, requirements(text(name).partition(COMES_ALONG)[0]))
    assert {canonicalize_name(Requirement(each).name) for each in direct} <= set(reasoned)
    assert len(reasoned) == len(set(reasoned))


def test_no_table_stands_in_the_glossary_twice_and_they_are_in_order() -> None:
    words, _, tables = text("docs/glossary.md").partition("## Tables")
    named = re.findall(r"^\| `(\w+)` \|", tables, re.MULTILINE)
    assert named == sorted(set(named))
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", words, re.MULTILINE)
    assert len(rows) == len(set(rows))


def enum_classes() -> list[type[StrEnum]]:
    """Every enum of core, wherever it is declared."""
    for info in pkgutil.walk_packages(core.__path__, "core."):
        if not info.name.startswith("core.store.migrations"):
            importlib.import_module(info.name)
    pending, found = [StrEnum], set()
    while pending:
        kinds = pending.pop().__subclasses__()
        pending += kinds
        found |= {kind for kind in kinds if kind.__module__.startswith("core.")}
    assert len(found) > 20
    return sorted(found, key=lambda kind: (kind.__module__, kind.__name__))


def test_every_enum_value_and_label_is_in_the_glossary() -> None:
    glossary = text("docs/glossary.md")
    missing = [
        f"{kind.__name__}: {word}"
        for kind in enum_classes()
        for member in kind
        for word in (f"`{member.value}`", getattr(member, "label", ""))
        if word not in glossary
    ]
    assert missing == []


def test_every_table_is_in_the_glossary() -> None:
    glossary = text("docs/glossary.md")
    assert [table for table in METADATA.tables if f"`{table}`" not in glossary] == []


def test_the_reader_is_told_how_to_use_every_screen() -> None:
    explained = [screen for screen in SCREENS if screen.name not in ("home", "about")]
    assert len(explained) > 5
    assert [screen.name for screen in explained if f"「{screen.title}」" not in HOW_TO] == []


def test_the_tests_that_documents_name_are_there() -> None:
    named = re.findall(r"tests/[\w/]+(?:\.py)?", "".join(map(text, DOCUMENTS)))
    assert len(named) > 10
    assert [name for name in named if not (PROJECT / name).exists()] == []


def test_the_readme_names_every_folder_of_code() -> None:
    listed = text("README.md")
    for folder in ("core", "dashboard", "pages", "data", "tests", "bench", "docs"):
        assert (PROJECT / folder).is_dir()
        assert f"`{folder}/`" in listed
