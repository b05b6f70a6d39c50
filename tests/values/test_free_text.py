"""What people type: cleaned, bounded, searchable; nothing a name may contain is lost."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import chain
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.values import free_text
from core.values.free_text import (
    LINE,
    MAIL,
    TEXT,
    Text,
    cleaned,
    mail_address,
    mail_problem,
    read_form,
    search_key,
)

NAME = Text("氏名", LINE)
TITLE = Text("題名", LINE)
PURPOSE = Text("主旨", TEXT, lines=True)


@pytest.mark.parametrize(
    "name",
    [
        "髙﨑 𠮷郎",  # variants that NFKC or a narrow encoding would change or lose
        "渡邉\U000e0101",  # a variation selector
        "👩\u200d💻担当",  # joined emoji
        "🏳\ufe0f\u200d🌈と👩🏽\u200d⚕\ufe0f",  # joined behind a selector and a skin colour
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # a flag made of tags
        "1\ufe0f\u20e3番",  # a key cap
        "①㈱Ⅲ",
        "神\ufa19",
    ],
)
def test_variants_and_emoji_stay_as_they_were_typed(name: str) -> None:
    assert cleaned(name) == name
    assert NAME.read(name) == name


@pytest.mark.parametrize(
    "unseen",
    [
        "\u200b", "\ufeff", "\u00ad", "\u2060", "\u200c", "\u200d", "\u034f", "\u180e", "\u3164",
        "\ufe0e\ufe0f", "\U000e0101\U000e0101", "\U000e0041", "\u2063\u200b\ufeff",
    ],
    ids=ascii,
)  # fmt: skip
def test_what_cannot_be_seen_and_means_nothing_goes(unseen: str) -> None:
    if unseen[0] not in "\ufe0e\U000e0101":  # behind a character a selector belongs to it
        assert cleaned(f"山{unseen}田太郎{unseen}") == "山田太郎"
    assert cleaned(f"{unseen}山田 {unseen}太郎") == "山田 太郎"
    assert cleaned(unseen) == ""
    assert search_key(f"山{unseen}田") == "山田"
    assert mail_address(f"taro@city.osaka.lg.jp{unseen[:1]}") == "taro@city.osaka.lg.jp"
    with pytest.raises(ValueError, match="題名を入力してください"):
        TITLE.read(unseen)


@pytest.mark.parametrize("character", ["\ue000", "\U000f0000", "\U0010fffd"])
def test_a_glyph_no_other_machine_shows_is_refused_and_named(character: str) -> None:
    name = rf"U\+{ord(character):04X} 外字"
    with pytest.raises(ValueError, match=rf"氏名の2文字目に他の端末では.*「{name}」"):
        NAME.read(f"山{character}")


def test_what_is_left_of_an_unreadable_character_is_refused_and_says_so() -> None:
    with pytest.raises(
        ValueError, match=r"題名の3文字目に読めなくなった.*「U\+FFFD 文字化けの跡」"
    ):
        TITLE.read("第2\ufffd会議録")


def test_half_width_kana_becomes_full_width_and_nothing_else_does() -> None:
    assert cleaned("ﾔﾏﾀﾞ ﾀﾛｳ(ＤＸ)ｶﾞﾊﾟ①") == "ヤマダ タロウ(ＤＸ)ガパ①"


REFUSED = {
    "\x00": "ヌル文字",
    "\x07": "ベル",
    "\x1b": "エスケープ",
    "\x0b": "垂直タブ",
    "\x9f": "制御文字",
    "\ud800": "文字の片割れ",
    "\u061c": "アラビア文字の書字方向",
    "\u200e": "左から右への印",
    "\u200f": "右から左への印",
    "\u202e": "右から左への上書き",
    "\u2066": "左から右への分離",
    "\u2028": "行の区切り",
    "\ufff9": "注釈の始まり",
    "\ufdd0": "非文字",
    "\ufffe": "非文字",
    "\U0001ffff": "非文字",
}


@pytest.mark.parametrize("character", REFUSED, ids=ascii)
@pytest.mark.parametrize("field", [TITLE, PURPOSE, MAIL], ids=lambda field: field.label)
def test_what_no_text_may_contain_is_refused_by_name_and_position(
    field: Text, character: str
) -> None:
    said = f"{field.label}の2文字目に使えない文字「U+{ord(character):04X} {REFUSED[character]}」"
    for text in (f"a{character}", f"a{character}b", f" \u200ba{character}"):
        with pytest.raises(ValueError) as refusal:  # noqa: PT011  the words follow
            field.read(text)
        assert str(refusal.value).startswith(said)
        str(refusal.value).encode()  # the message itself can be shown


@pytest.mark.parametrize("character", ["\n", "\t"], ids=ascii)
def test_a_line_end_or_a_tab_is_refused_in_a_line_alone(character: str) -> None:
    with pytest.raises(ValueError, match="題名の2文字目に使えない文字"):
        TITLE.read(f"a{character}b")
    assert PURPOSE.read(f"a{character}b\n") == f"a{character}b"


def test_no_character_that_anything_is_done_about_takes_the_short_way() -> None:
    planes = (
        range(0xD800),
        range(0xE000, 0x10000),
        range(0x1BC00, 0x1D200),
        range(0xE0000, 0xE1000),
    )
    missed = [
        character
        for character in map(chr, chain(*planes))
        if free_text._cleaned(text := f"あ{character}い") != text
        and not free_text._TOUCHED.search(text)
    ]
    assert missed == []


def test_a_character_and_its_mark_are_kept_as_one() -> None:
    assert cleaned("か\u3099き\u309a \ufa19社") == "がき\u309a \ufa19社"


def test_line_ends_are_of_one_kind() -> None:
    assert cleaned("一\r\n二\r三") == "一\n二\n三"


def test_ten_thousand_characters_are_counted_for_the_reader() -> None:
    assert PURPOSE.read("あ" * TEXT) == "あ" * TEXT
    with pytest.raises(
        ValueError, match=r"主旨は4,000文字以内で入力してください.現在10,000文字、6,000文字多い"
    ):
        PURPOSE.read("あ" * 10_000)


@dataclass(frozen=True)
class Form:
    name: Annotated[str, Text("名前", 5)]
    place: Annotated[str | None, Text("会場", 5, optional=True)]
    key: str = "\u200b"


def test_a_form_is_read_by_what_its_fields_declare() -> None:
    problems: dict[str, str] = {}
    assert read_form(Form(" 堺\u200b市 ", " "), problems) == Form("堺市", None)
    assert problems == {}
    read_form(Form("", "a\x07"), problems, key="rows.2.", of="2行目の")
    assert problems == {
        "rows.2.name": "2行目の名前を入力してください。",
        "rows.2.place": "2行目の会場の2文字目に使えない文字「U+0007 ベル」があります。"
        "消してから入力してください。",
    }


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


MEAN = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "山ｶﾞ \n\u200b\u200d\ufe0f\U000e0101\U000e0067👩💻🏽\u202e\x07\ue000\r\ufeff"
        ),
    ),
    max_size=40,
)


@given(MEAN)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)


@given(MEAN)
def test_what_is_taken_can_be_stored_shown_and_taken_again(text: str) -> None:
    field = Text("題名", LINE, optional=True)
    try:
        kept = field.read(text)
    except ValueError:
        return
    assert field.read(kept) == kept
    kept.encode()
    assert not {unicodedata.category(c) for c in kept} & {"Cc", "Cs", "Co", "Zl", "Zp"}


@given(MEAN)
def test_the_search_key_of_a_key_is_itself(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N"]), max_size=30))
def test_width_and_case_do_not_matter_to_the_search(text: str) -> None:
    assert search_key(unicodedata.normalize("NFKC", text)) == search_key(text)
