"""The pack of a prefecture that does not exist: Osaka's with every name made up, one town less."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from core.reference.pack import Reference, load_reference
from core.settings import DATA

_DROPPED_CODE, _DROPPED, _PEOPLE = "273830", "千早赤阪村", 4909
_WORDS = (
    ("GovTech大阪", "見本連携"),
    ("大阪", "見本"),
    ("おおさか", "みほん"),
    ("osaka", "mihon"),
    ("Osaka", "Mihon"),
    ("市町村", "市町"),
    ("43市町", "42市町"),
    ("audience: 全市町", "audience: 全市町村"),  # what 対象 is called, wherever
    ("municipalities: 43", "municipalities: 42"),
    ("8837685", str(8837685 - _PEOPLE)),
)
OSAKA = re.compile(
    r"大阪|おおさか|osaka|(?<![道政閣])府|(?<![\d.,:/-])43(?=\s*(?:市|町|団体|件|の))", re.I
)
"""What would tell of Osaka: its name, that it is a 府, that it has 43 municipalities."""


def told(texts: Iterable[str]) -> list[str]:
    """What tells of Osaka, with its surroundings."""
    return [
        text[max(found.start() - 20, 0) : found.end() + 20]
        for text in texts
        for found in OSAKA.finditer(text)
    ]


def _elsewhere(text: str) -> str:
    for here, there in _WORDS:
        text = text.replace(here, there)
    return re.sub(r"(?<![道政閣])府", "県", text)


def made_up_pack(folder: Path) -> Reference:
    """Write the pack and read it.

    Args:
        folder: An empty one.
    """
    for source in DATA.iterdir():
        text = source.read_text(encoding="utf-8")
        if source.suffix == ".csv":
            lines = text.splitlines(keepends=True)
            text = "".join(each for each in lines if _DROPPED not in each)
        if source.suffix == ".topojson":
            tree = json.loads(text)
            shapes = tree["objects"]["municipalities"]["geometries"]
            tree["objects"]["municipalities"]["geometries"] = [
                each for each in shapes if each["id"] != _DROPPED_CODE
            ]
            text = json.dumps(tree, ensure_ascii=False)
        (folder / source.name).write_text(_elsewhere(text), encoding="utf-8")
    return load_reference(folder)


SUBSIDY = re.compile(r"(?<!他の)補助(?!及び交付金|事業)|(?<=[^\x00-\x7f])None|None(?=[^\x00-\x7f])")
"""What would tell of a subsidy where there is none: 節18 has the word, and so have others'
money, and カタログ, where a 補助事業 would begin."""


def told_of_a_subsidy(texts: Iterable[str]) -> list[str]:
    """What tells of one, with its surroundings."""
    return [
        text[max(found.start() - 20, 0) : found.end() + 20]
        for text in texts
        for found in SUBSIDY.finditer(text)
    ]


def pack_without_subsidy(folder: Path) -> Reference:
    """Write the same pack as one whose prefecture pays no subsidy, and read it.

    Args:
        folder: An empty one.
    """
    made_up_pack(folder)
    (folder / "grants.yaml").unlink()
    _rewrite(folder / "sources.yaml", r"^ *- grants\.yaml\n", "")
    for name in ("names.yaml", "plans.yaml"):
        _rewrite(folder / name, r"^ *subsidy: .*\n", "")
    values = r"^  - name: talent\.(subsidy|rounding|programme_budget).*\n(    .*\n)+"
    _rewrite(folder / "parameters.yaml", values, "")
    for path in folder.glob("*.yaml"):
        _rewrite(path, "補助", "支援")  # of other programmes and of documents
    return load_reference(folder)


def _rewrite(path: Path, what: str, by: str) -> None:
    text, times = re.subn(what, by, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert times or what == "補助", (path.name, what)
    path.write_text(text, encoding="utf-8")
