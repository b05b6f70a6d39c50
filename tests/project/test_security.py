"""docs/security.md names every requirement of OWASP ASVS 5.0, levels 1 and 2, once, and what is."""

from __future__ import annotations

import re

from core.settings import PROJECT, Settings

TEXT = (PROJECT / "docs" / "security.md").read_text("utf-8")
ROW = re.compile(r"^\| (V\d+\.\d+\.\d+)(\*?) \| ([^|]+) \| ([^|]+) \| ([^|]*) \| ([^|]*) \|$", re.M)
# How many of levels 1 and 2 each section has; their numbers follow each other, level 3 comes last.
SECTIONS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2
4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4
7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4
10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3
11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4
13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7
16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2
"""
REQUIRED = [
    f"V{section}.{number}"
    for section, count in re.findall(r"([\d.]+):(\d+)", SECTIONS)
    for number in range(1, int(count) + 1)
]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
STATES = {"満たす", "対象外", "運用者"}
LEVEL_1 = 70


def rows() -> list[tuple[str, ...]]:
    return [tuple(map(str.strip, row)) for row in ROW.findall(TEXT)]


def test_every_requirement_of_levels_1_and_2_is_there_once_and_in_order() -> None:
    assert [row[0] for row in rows()] == REQUIRED
    assert sum(not level_2 for _, level_2, *_ in rows()) == LEVEL_1
    assert TEXT.count("\n| V") == len(REQUIRED)


def test_each_is_met_with_a_test_or_a_rule_or_says_why_not() -> None:
    headings = set(re.findall(r"^## (.+)$", TEXT, re.M))
    unfounded = []
    for number, _, _, state, why, tests in rows():
        rule = headings & set(re.findall("「([^」]+)」", why))
        if state not in STATES or not why or (state == "満たす" and not (tests or rule)):
            unfounded.append(number)
    assert unfounded == []


def test_every_test_it_names_is_there() -> None:
    named = set(NAMED.findall(TEXT))
    assert len(named) > 100
    missing = [
        f"{path}::{name}"
        for path, name in sorted(named)
        if not (PROJECT / path).is_file()
        or not re.search(rf"^(async )?def {name}\(", (PROJECT / path).read_text("utf-8"), re.M)
    ]
    assert missing == []
    assert len(NAMED.findall(TEXT)) == TEXT.count("::")


def test_every_file_and_setting_it_names_is_there() -> None:
    paths = set(re.findall(r"`?((?:core|dashboard|docs|deploy|tests)/[\w./-]*\w)", TEXT))
    assert [path for path in sorted(paths) if not (PROJECT / path).exists()] == []
    settings = {name.upper() for name in Settings.model_fields}
    assert set(re.findall(r"NORIAI_(\w+)", TEXT)) - settings == set()
