"""What people type: cleaned, bounded, searchable; nothing a name may contain is lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.values.free_text import (
    LINE,
    TEXT,
    cleaned,
    mail_address,
    mail_problem,
    search_key,
    text_problem,
)


@pytest.mark.parametrize(
    "name",
    [
        "髙﨑 𠮷郎",  # variants that NFKC or a narrow encoding would change or lose
        "渡邉\U000e0101",  # a variation selector
        "👩\u200d💻担当",  # joined emoji
        "①㈱Ⅲ",
        "神\ufa19",
    ],
)
def test_variants_and_emoji_stay_as_they_were_typed(name: str) -> None:
    assert cleaned(name) == name
    assert text_problem("氏名", name, LINE) is None


@pytest.mark.parametrize("character", ["\ue000", "\U000f0000"])
def test_a_glyph_no_other_machine_shows_is_refused_and_named(character: str) -> None:
    problem = text_problem("氏名", f"山{character}", LINE)
    assert problem is not None
    assert f"氏名の2文字目が外字(U+{ord(character):04X})" in problem


def test_half_width_kana_becomes_full_width_and_nothing_else_does() -> None:
    assert cleaned("ﾔﾏﾀﾞ ﾀﾛｳ(ＤＸ)ｶﾞﾊﾟ①") == "ヤマダ タロウ(ＤＸ)ガパ①"


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b",
        "a\x07b",
        "a\nb",
        "a\x1bb",
        "a\ud800b",
        "a\u202eb",
        "a\ufffeb",
        "a\u2028b",
        "a\ufdd0b",
    ],
    ids=ascii,
)
def test_what_no_line_may_contain_is_refused_with_its_position(text: str) -> None:
    problem = text_problem("題名", text, LINE)
    assert problem is not None
    assert "題名の2文字目に使えない制御文字" in problem
    problem.encode()  # the message itself can be shown


def test_line_ends_are_allowed_where_there_are_lines() -> None:
    assert cleaned("一\r\n二\r三") == "一\n二\n三"
    assert text_problem("主旨", "一\n二\t三", TEXT) is None
    assert text_problem("主旨", "一\x0b二", TEXT) is not None


def test_ten_thousand_characters_are_counted_for_the_reader() -> None:
    assert text_problem("主旨", "あ" * TEXT, TEXT) is None
    assert text_problem("主旨", "あ" * 10_000, TEXT) == (
        "主旨は4,000文字以内で入力してください(現在10,000文字)。"
    )


@pytest.mark.parametrize(
    "address",
    [
        "taro@city.osaka.lg.jp",
        "dx-suishin.ka+kenshu@pref.osaka.lg.jp",
        "a@b.co",
        "o'neil@x.example",
    ],
)
def test_an_address_that_is_one_is_taken(address: str) -> None:
    assert mail_problem(mail_address(address)) is None


@pytest.mark.parametrize(
    "address",
    [
        "", "taro", "taro@", "@city.lg.jp", "taro@city", "taro@@city.lg.jp", "ta ro@city.lg.jp",
        "taro@city..lg.jp", ".taro@city.lg.jp", "taro.@city.lg.jp", "ta..ro@city.lg.jp",
        "taro@-city.lg.jp", "taro@city.lg.jp\nBcc: x@y.jp", "<taro@city.lg.jp>", "太郎@city.lg.jp",
        "taro@市.jp", "taro@city.lg.jp,jiro@city.lg.jp", "t" * 65 + "@city.lg.jp",
        "taro@" + "a." * 130 + "jp", "taro@192.168.0.1", "mailto:taro@city.lg.jp",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(address: str) -> None:
    problem = mail_problem(mail_address(address))
    assert problem is not None
    assert "\n" not in problem
    assert len(problem) < 150


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)


@given(st.text(max_size=60))
def test_the_search_key_of_a_key_is_itself(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N"]), max_size=30))
def test_width_and_case_do_not_matter_to_the_search(text: str) -> None:
    assert search_key(unicodedata.normalize("NFKC", text)) == search_key(text)
