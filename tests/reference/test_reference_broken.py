"""A broken file of data/ is refused with its name, its line and the reason."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.reference.advisors import Advisors
from core.reference.files import Files, Folder
from core.reference.pack import load_reference
from core.reference.parameters import FirstValues
from core.reference.plans import Plans
from core.reference.procurements import Procurements
from core.reference.programmes import Programmes
from core.reference.sources import Sources
from core.reference.trainings import TrainingYear
from core.settings import DATA
from core.values.errors import ReferenceDataError
from tests.support.reference import REFERENCE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def refused(folder: Path) -> ReferenceDataError:
    with pytest.raises(ReferenceDataError) as caught:
        load_reference(folder)
    assert str(folder) not in str(caught.value)
    return caught.value


# File; what to look below; what stands there; what it becomes; how many lines from there the
# problem is reported; a word of the reason.
BROKEN = [
    # Keys in YAML
    ("plans.yaml", "number: 3", "    wishes: 1\n", "", 0, "wishes_as_ofと一緒にwishesも"),
    ("plans.yaml", "number: 2", "    wishes: 3\n", "    hopes: 3\n", 0, "見出し「hopes」は使えません"),
    ("plans.yaml", "number: 2", "    wishes: 3\n", "    wishes: 3\n    wishes: 4\n", 1, "重複"),
    ("advisors.yaml", "guide:", "    pr: ", "    advert: ", 0, "見出し「advert」は使えません"),
    ("sources.yaml", "hokihosting:", "    licence: 明示なし(事実の引用)\n", "", -4, "licence"),
    # Types in YAML
    ("plans.yaml", "number: 6", "wishes: 7", "wishes: 七", 0, "整数"),
    ("plans.yaml", "number: 6", "wishes: 7", "wishes: 7.5", 0, "整数"),
    ("plans.yaml", "number: 6", "wishes: 7", "wishes: 07", 0, "10進"),
    ("plans.yaml", "number: 6", "wishes: 7", "wishes: -7", 0, "0以上"),
    ("plans.yaml", "number: 6", "wishes: 7", "wishes: null", 1, "wishes_as_ofと一緒にwishesも"),
    ("plans.yaml", "number: 5", "name: DX推進計画実行等支援プラン", "name: 2023", 0, "文字列"),
    ("plans.yaml", "number: 5", "name: DX推進計画実行等支援プラン", 'name: ""', 0, "空です"),
    (
        "plans.yaml", "number: 5", "name: DX推進計画実行等支援プラン",
        'name: "DX\\u202e推進"', 0, "U+202E 右から左への上書き",
    ),
    ("plans.yaml", "number: 5", "certain: false", "certain: maybe", 0, "true か false"),
    ("trainings.yaml", "number: 7", "[online]", "online", 0, "一覧"),
    ("programmes.yaml", "budgets:", "thousand_yen: 40213", "thousand_yen: 40,213", 0, "整数"),
    ("procurements.yaml", "key: docs", "    effects:\n      - 行政", "    effects:\n      - 1\n      - 行政", 1, "文字列"),
    ("advisors.yaml", "guide:", "  company:\n", "  company: 西日本電信電話\n  was:\n", 1, "使えません"),
    # Values in YAML
    ("plans.yaml", "number: 4", "number: 4", "number: 3", 0, "重複"),
    ("plans.yaml", "number: 4", "number: 4", "number: 9", 12, "番号の順"),
    ("plans.yaml", "number: 4", "short_name: ポリシー改定", "short_name: セキュリティポリシーの改定", 0, "12文字まで"),
    ("plans.yaml", "number: 4", "wishes_as_of: 2023-04-04", "wishes_as_of: 2023-04-31", 0, "実在しない日付"),
    ("plans.yaml", "number: 4", "wishes_as_of: 2023-04-04", "wishes_as_of: 2023-04", 0, "年月日"),
    ("plans.yaml", "number: 4", "wishes_status: planned", "wishes_status: hoped", 0, "planned"),
    ("plans.yaml", "number: 4", "source: jirei", "source: jirei-r5", 0, "出典「jirei-r5」"),
    ("plans.yaml", "number: 4", "source: jirei", "source: localgovjp", 0, "filesにplans.yaml"),
    ("plans.yaml", "number: 6", "read_as: 関係部署へのヒアリング", "read_as: 関係部署への共有", 0, "この項目の文にありません"),
    ("trainings.yaml", "number: 12", "number: 12", "number: 11", 0, "重複"),
    ("trainings.yaml", "number: 12", "theme: documents", "theme: gardening", 0, "gardening"),
    ("trainings.yaml", "number: 12", "audience: 全市町村", "audience: 全府民", 0, "全府民"),
    ("trainings.yaml", "themes:", "key: promotion", "key: ai", 1, "重複"),
    ("trainings.yaml", "themes:", "programme: eapply", "programme: radio", 0, "radio"),
    ("trainings.yaml", "number: 12", "kind: 説明会", "kind: 宴会", 0, "説明会"),
    ("trainings.yaml", "number: 12", "date: 2022-07-20", "date: 2023-07-20", 0, "令和4年度"),
    ("trainings.yaml", "number: 13", "date: 2022-08-25", "date: 2022-08-23", 0, "日付の順"),
    ("trainings.yaml", "number: 13", "formats: [online]", "formats: [radio]", 0, "radio"),
    ("trainings.yaml", "number: 15", "start: null", "start: 10:00", 0, "文字列"),
    ("trainings.yaml", "number: 15", "start: null, end: null", 'start: "10:00", end: "09:59"', 0, "より後"),
    ("trainings.yaml", "fiscal_year", "fiscal_year: 2022", "fiscal_year: 22", 0, "年度は"),
    ("parameters.yaml", "talent.subsidy_rate", "value: 1/2", "value: 3/2", 0, "1以下"),
    ("parameters.yaml", "talent.subsidy_rate", "value: 1/2", "value: 1/0", 0, "読めません"),
    ("parameters.yaml", "talent.unit_price", 'value: "100000"', "value: 100000", 0, "引用符"),
    ("parameters.yaml", "talent.unit_price", 'value: "100000"', 'value: ""', 0, "空欄にできません"),
    ("parameters.yaml", "talent.subsidy_cap", "basis: unknown", "basis: official", 0, "unknown"),
    ("parameters.yaml", "talent.visits_per_year", "talent.visits_per_year", "talent.visits", 0, "ありません"),
    ("parameters.yaml", "talent.visits_per_year", "talent.visits_per_year", "talent.unit_price", 0, "重複"),
    ("procurements.yaml", "key: docs", "scheme: joint", "scheme: alone", 0, "alone"),
    ("procurements.yaml", "key: docs", "key: docs", "key: chat", 0, "重複"),
    ("procurements.yaml", "key: B", "key: B", "key: A", 0, "区分「A」"),
    ("programmes.yaml", "next_procurement", "programme: econtract", "programme: ekeiyaku", 0, "ekeiyaku"),
    ("sources.yaml", "jlis-2022-02:", "url: https", "url: htp", 0, "https://"),
    ("sources.yaml", "jlis-2022-02:", "[published_totals.csv]", "[totals.csv]", 0, "totals.csvがありません"),
    ("sources.yaml", "design-tokens:", "    used_for: 画面の配色、文字の大きさ、角の丸み\n", "", -1, "使われていません"),
    ("checks.yaml", "expected:", "municipalities: 43", "municipalities: 44", 0, "43"),
    ("checks.yaml", "expected:", "population: 8837685", "population: 8837658", 0, "8,837,685"),
    # Syntax in YAML
    ("plans.yaml", "number: 6", "wishes: 7", "wishes: [7", 1, "YAMLの書き方"),
    ("plans.yaml", "number: 6", "wishes: 7", "wishes: \x07", 0, "制御文字"),
    ("plans.yaml", "number: 6", "supports:\n", "supports: *others\n", 0, "別名"),
    # CSV
    ("municipalities.csv", "lg_code", "lg_code,name", "code,name", 0, "列名"),
    ("municipalities.csv", "272035", ",401558,", ",401558", 0, "列の数"),
    ("municipalities.csv", "272035", "401558", "401,558", 0, "列の数"),
    ("municipalities.csv", "272035", "401558", "四十万", 0, "整数"),
    ("municipalities.csv", "272035", "401558", "４０１５５８", 0, "整数"),
    ("municipalities.csv", "272035", "272035", "272036", 0, "検査数字"),
    ("municipalities.csv", "272035", "272035", "27203", 0, "6桁"),
    ("municipalities.csv", "272035", "272035", "271403", 0, "重複"),
    ("municipalities.csv", "272035", "豊中市", "堺市", 0, "重複"),
    ("municipalities.csv", "272035", "34.78138889", "134.78138889", 0, "lat"),
    ("participation.csv", "271403", "2021-05-01,day", "2021-05-01,month", 0, "date_precision"),
    ("participation.csv", "271403", "2021-05-01,day", "2021-05-32,day", 0, "実在しない"),
    ("participation.csv", "271403", "堺市", "豊中市", 0, "堺市のもの"),
    ("participation.csv", "272035", "272035,豊中市", "271403,堺市", 0, "2行目と重複"),
    ("participation.csv", "271403", "joined", "joind", 0, "joined_late"),
    ("participation.csv", "econtract", "econtract", "ekeiyaku", 0, "ekeiyaku"),
    ("participation.csv", "272060", "hodo-2021-04-27", "hodo", 0, "出典「hodo」"),
    ("published_totals.csv", "eapply,B", "eapply,B", "eapply,C", 0, "区分「C」"),
    ("published_totals.csv", "eapply,B", ",20,", ",2O,", 0, "整数"),
    ("published_totals.csv", "eapply,B", ",paid,", ",free,", 0, "paid_or_free"),
    ("published_totals.csv", "docs", "actual", "real", 0, "planned"),
    ("published_totals.csv", "late_joiners,2022", ",2022,", ",,", 0, "「period」が空"),
    ("published_totals.csv", "late_joiners,2022", ",2022,", ",22,", 0, "年度として"),
    ("published_totals.csv", "late_joiners,2022", ",2022,", ",2021,", 0, "令和3年度"),
    ("published_totals.csv", "late_joiners,2022", ",8,", ",31,", 0, "30より大きく"),
    ("published_totals.csv", "eapply,B", "participants,,", "participants,2022,", 0, "period"),
    ("published_totals.csv", "docs", "docs", '"docs', 6, "CSV"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "after", "before", "instead", "offset", "reason"),
    BROKEN,
    ids=[f"{number}-{case[0]}" for number, case in enumerate(BROKEN)],
)
def test_a_broken_file_is_refused_at_its_line(
    folder: Path, name: str, after: str, before: str, instead: str, offset: int, reason: str
) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    start = text.index(before, text.index(after))
    path.write_text(
        text[:start] + instead + text[start + len(before) :], encoding="utf-8", newline=""
    )
    error = refused(folder)
    line = text[:start].count("\n") + 1 + offset
    assert (error.file, error.line) == (f"data/{name}", line)
    assert reason in error.reason


def test_a_line_number_is_the_one_an_editor_shows(folder: Path) -> None:
    path = folder / "plans.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    place = lines.index("  - number: 1")
    lines[place] = "  - number: 壱"
    path.write_text("\n".join(lines), encoding="utf-8")
    error = refused(folder)
    assert str(error).startswith(f"data/plans.yaml:{place + 1}: ")


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.iterdir()))
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    error = refused(folder)
    assert name in str(error)
    assert "ありません" in error.reason


@pytest.mark.parametrize("content", ["", " \n\n"])
@pytest.mark.parametrize("name", ["sources.yaml", "plans.yaml", "participation.csv"])
def test_an_empty_file_is_refused_as_a_whole(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content, encoding="utf-8")
    error = refused(folder)
    assert (error.file, error.line) == (f"data/{name}", None)
    assert "空です" in error.reason


@pytest.mark.parametrize(
    ("name", "line"), [("plans.yaml", 1), ("municipalities.csv", 2), ("sources.yaml", 1)]
)
def test_a_file_saved_by_excel_in_shift_jis_is_refused(folder: Path, name: str, line: int) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    (folder / name).write_bytes(text.encode("cp932", errors="replace"))
    error = refused(folder)
    assert (error.file, error.line) == (f"data/{name}", line)
    assert "UTF-8" in error.reason


def test_a_byte_order_mark_and_crlf_from_excel_are_no_problem(folder: Path) -> None:
    for name in ("municipalities.csv", "participation.csv", "plans.yaml"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert vars(load_reference(folder)) == vars(load_reference(DATA))


def test_a_table_without_rows_is_refused(folder: Path) -> None:
    path = folder / "participation.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    error = refused(folder)
    assert (error.file, error.line) == ("data/participation.csv", 1)
    assert "行がありません" in error.reason


def test_a_file_that_is_no_mapping_is_refused(folder: Path) -> None:
    (folder / "plans.yaml").write_text("# 支援プラン\n- number: 1\n", encoding="utf-8")
    error = refused(folder)
    assert (error.file, error.line) == ("data/plans.yaml", 2)
    assert "見出し: 値" in error.reason


def test_a_file_that_cites_nothing_is_refused(folder: Path) -> None:
    path = folder / "plans.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    uncited = [line for line in lines if not line.strip().startswith("source:")]
    path.write_text("\n".join(uncited), encoding="utf-8")
    error = refused(folder)
    assert (error.file, error.line) == ("data/plans.yaml", lines.index("programme:") + 1)
    assert error.reason == "見出し「source」がありません。"


def test_a_table_without_a_source_column_needs_a_source_that_lists_it(folder: Path) -> None:
    path = folder / "sources.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("[checks.yaml, municipalities.csv]", "[checks.yaml]")
    path.write_text(text.replace("[municipalities.csv]", "[checks.yaml]"), encoding="utf-8")
    error = refused(folder)
    assert (error.file, error.line) == ("data/municipalities.csv", None)
    assert "出典" in error.reason


def test_another_prefecture_brings_its_own_expectations(folder: Path) -> None:
    path = folder / "municipalities.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if "千早赤阪村" not in line), encoding="utf-8")
    checks = folder / "checks.yaml"
    text = checks.read_text(encoding="utf-8")
    text = text.replace("43", "42").replace("8837685", str(8_837_685 - 4_909))
    checks.write_text(text, encoding="utf-8")
    assert len(load_reference(folder).municipalities) == 42


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere").file == "data/sources.yaml"


DECLARED: dict[str, type] = {
    "advisors.yaml": Advisors,
    "parameters.yaml": FirstValues,
    "plans.yaml": Plans,
    "procurements.yaml": Procurements,
    "programmes.yaml": Programmes,
    "sources.yaml": Sources,
    "trainings.yaml": TrainingYear,
}
WRITTEN = {name: yaml.safe_load((DATA / name).read_text(encoding="utf-8")) for name in DECLARED}
WRONG = (None, True, -1, 7, 1.5, "", "x", "2023-04-31", [], ["x"], [None], {}, {"x": "x"})
Place = tuple[Any, ...]


def places(value: Any) -> Iterator[Place]:
    """Where anything stands in a file, the file as a whole included."""
    yield ()
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        yield from ((key, *rest) for key, item in pairs for rest in places(item))


def put(value: Any, place: Place, wrong: object) -> Any:
    if not place:
        return wrong
    changed = value.copy()
    changed[place[0]] = put(value[place[0]], place[1:], wrong)
    return changed


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(DATA, tmp_path_factory.mktemp("pack") / "data"))


@given(st.data(), st.sampled_from(sorted(DECLARED)), st.sampled_from(WRONG))
@settings(max_examples=150, deadline=None)
def test_whatever_stands_anywhere_is_taken_or_refused_in_words(
    pack: Path, data: st.DataObject, name: str, wrong: object
) -> None:
    place = data.draw(st.sampled_from(list(places(WRITTEN[name]))))
    text = yaml.safe_dump(put(WRITTEN[name], place, wrong), allow_unicode=True, sort_keys=False)
    (pack / name).write_text(text, encoding="utf-8")
    known = {"sources": REFERENCE.sources, "lots": REFERENCE.procurements.lots}
    try:
        Folder(Files(pack), known).mapping(name, DECLARED[name])
    except ReferenceDataError as error:
        refusal = error
    else:
        return
    assert refusal.line is not None
    assert refusal.line <= text.count("\n")
    assert re.search("[ぁ-ん]", refusal.reason)
    assert not re.search("Input|should|error", refusal.reason), refusal.reason


TERMS = ",population,census,source,since,until,successor"
ENDS = "273660,岬町,みさきちょう,町,泉南,14741,34.31694444,135.1422222"
LINE = 41
"""Of 岬町."""


@pytest.mark.parametrize(
    ("ends", "more", "line", "reason"),
    [
        (",,,,,2023-12-31,272329", [], None, ""),
        (",,,,2024-01-01,2023-12-31,272329", [], LINE, "until.*より前"),
        (",,,,,2023-12-31,279999", [], LINE, "279999の行がありません"),
        (",,,,,2023-12-31,", [], LINE, "合併先のsuccessor"),
        (",,,,,,272329", [], LINE, "最後の日until"),
        (",,,,,2023-12-31,273660", [], LINE, "次の日.*にはない団体"),
        (
            ",,,,,2023-12-31,", [f"{ENDS},,,,2024-01-02,,"], 45,
            f"{LINE}行目は2023-12-31まで.*すき間も重なりもなく",
        ),
        (",,,,,2023-12-31,", [f"{ENDS},,,,2023-12-31,,"], 45, "すき間も重なりもなく"),
        (",,,,,,", [f"{ENDS},,,,2024-01-01,,"], 45, "まだ終わっていません"),
        (",,,,,2023-12-31,272329", [f"{ENDS},,,,2024-01-01,,"], LINE, "続きがある"),
        (",,,,,2023-12-31,", [f"{ENDS},,,,2024-01-01,,".replace("岬町", "阪南市")], 45, "重複"),
        (",15000,,,,,", [], LINE, "census.*source"),
        (",15000,2024,kokusei-2020,,,", [], LINE, "国勢調査の年"),
        (",15000,2025,kokusei-2020,2024-01-32,,", [], LINE, "2024-01-32"),
    ],
)  # fmt: skip
def test_a_merger_that_cannot_be_is_refused_with_its_line(
    folder: Path, ends: str, more: list[str], line: int | None, reason: str
) -> None:
    path = folder / "municipalities.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    assert rows[LINE - 2] == ENDS
    rows = [row + (ends if row == ENDS else "," * TERMS.count(",")) for row in rows]
    path.write_text("\n".join([head + TERMS, *rows, *more, ""]), encoding="utf-8")
    counted = folder / "checks.yaml"
    if line is None:
        counts = counted.read_text(encoding="utf-8")
        counts = counts.replace("municipalities: 43", "municipalities: 42")
        people = sum(town.population for town in REFERENCE.municipalities)
        counts = counts.replace(f"population: {people}", f"population: {people - 14741}")
        counted.write_text(counts, encoding="utf-8")
        assert load_reference(folder).succession.heir("273660", date(2024, 1, 1)) == "272329"
        return
    error = refused(folder)
    assert (error.file, error.line) == ("data/municipalities.csv", line)
    assert re.search(reason, error.reason), error.reason


def test_a_circle_of_mergers_is_refused(folder: Path) -> None:
    path = folder / "municipalities.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    ends = {"273660": ",,,,,2023-12-31,272329", "272329": ",,,,,2024-12-31,273660"}
    rows = [row + ends.get(row[:6], ",,,,,,") for row in rows]
    path.write_text("\n".join([head + TERMS, *rows, ""]), encoding="utf-8")
    assert "次の日(2025-01-01" in refused(folder).reason


def test_a_newer_census_counts_with_its_source(folder: Path) -> None:
    path = folder / "municipalities.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    rows = [row + (",,,,,2025-12-31," if row == ENDS else ",,,,,,") for row in rows]
    newer = ENDS.replace(",14741,", ",,") + ",14000,2025,kokusei-2020,2026-01-01,,"
    path.write_text("\n".join([head + TERMS, *rows, newer, ""]), encoding="utf-8")
    counted = folder / "checks.yaml"
    people = sum(town.population for town in REFERENCE.municipalities)
    counts = counted.read_text(encoding="utf-8")
    counted.write_text(
        counts.replace(f"population: {people}", f"population: {people - 741}"), encoding="utf-8"
    )
    found = load_reference(folder)
    before, after = (found.on(date(year, 4, 1)) for year in (2025, 2026))
    assert before.by_code["273660"].population == 14_741
    assert after.by_code["273660"].population == 14_000
    assert (before.census, after.census) == ("令和2年国勢調査", "令和2年国勢調査・令和7年国勢調査")
