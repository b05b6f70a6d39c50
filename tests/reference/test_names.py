"""What the prefecture and its municipalities are called is said once, in the pack."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from core.reference.names import Names
from core.reference.pack import load_reference
from core.settings import PROJECT
from core.values.errors import ReferenceDataError
from core.values.succession import Succession
from tests.support.elsewhere import made_up_pack
from tests.support.reference import REFERENCE

OF_OSAKA = re.compile(r"大阪|osaka|(?<![道政])府|(?<!\d)43(?=市|町|団体| munic)", re.I)
FOR_EVERY_PREFECTURE = {
    "core/access/guessing.py",  # takes the last letter off a place's name, whichever it is
    "core/estimate/request_form.py",
    "core/imports/table.py",
    "core/reference/names.py",
}
"""Know all four of 都・道・府・県."""


def of_kind(prefecture: str, towns: str) -> Names:
    return REFERENCE.names.model_copy(update={"prefecture": prefecture, "towns": towns})


@pytest.mark.parametrize(
    ("prefecture", "within", "grants", "both"),
    [
        ("東京都", "都内", "都支出金", "国都支出金"),
        ("北海道", "道内", "道支出金", "国道支出金"),
        ("大阪府", "府内", "府支出金", "国府支出金"),
        ("滋賀県", "県内", "県支出金", "国県支出金"),
    ],
)
def test_a_prefecture_is_spoken_of_by_its_kind(
    prefecture: str, within: str, grants: str, both: str
) -> None:
    names = of_kind(prefecture, "市町")
    assert (names.within, names.grants, names.national_and_own_grants) == (within, grants, both)


def test_all_municipalities_are_counted() -> None:
    assert REFERENCE.everybody == "府内43市町村"
    fewer = replace(
        REFERENCE,
        succession=Succession.of(REFERENCE.municipalities[:19]),
        names=of_kind("滋賀県", "市町"),
    )
    assert (fewer.everybody, fewer.all_towns) == ("県内19市町", "19市町")


@pytest.mark.parametrize(
    ("line", "wrong", "reason"),
    [
        ("prefecture: 見本県", "prefecture: 見本", "都・道・府・県で終わる"),
        ('prefecture_code: "270008"', 'prefecture_code: "271004"', "3から5桁目は000"),
        ('prefecture_code: "270008"', 'prefecture_code: "270009"', "都道府県の団体コード"),
        ("alliance: 見本連携", "alliance: <b>見本</b>", "「<」は使えません"),
        ("towns: 市町", "towns: '[市町](x)'", "「\\[」は使えません"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(
    tmp_path: Path, line: str, wrong: str, reason: str
) -> None:
    made_up_pack(tmp_path)
    file = tmp_path / "names.yaml"
    text = file.read_text(encoding="utf-8")
    assert line in text
    file.write_text(text.replace(line, wrong), encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=reason):
        load_reference(tmp_path)


def test_the_code_names_no_prefecture() -> None:
    found = {
        f"{path.relative_to(PROJECT)}: {line.strip()}"
        for folder in ("core", "dashboard", "pages")
        for path in (PROJECT / folder).rglob("*")
        if path.suffix in (".py", ".js", ".css", ".svg", ".html")
        if str(path.relative_to(PROJECT)) not in FOR_EVERY_PREFECTURE
        for line in path.read_text(encoding="utf-8").splitlines()
        if OF_OSAKA.search(line)
    }
    assert found == set()
