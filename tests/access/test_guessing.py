"""What is easy to guess in a Japanese office is refused, and what people would choose is not."""

from __future__ import annotations

import json
import secrets
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import guessing
from core.access.guessing import romanised, weakness
from core.access.password import MAX_LENGTH, check_password
from core.values.errors import InvalidInputError
from tests.support.reference import REFERENCE

TOWNS = {m.lg_code: m for m in REFERENCE.municipalities}


def without_suffix(name: str, kana: str) -> tuple[str, str]:
    return name[:-1], kana.removesuffix({"市": "し", "町": "ちょう", "村": "むら"}[name[-1]])


@pytest.mark.parametrize("code", TOWNS)
def test_the_name_of_every_municipality_is_easy_however_it_is_written(code: str) -> None:
    town = TOWNS[code]
    short, short_kana = without_suffix(town.name, town.kana)
    latin, short_latin = romanised(town.kana), romanised(short_kana)
    tries = [
        f"{latin}2026", f"{latin.title()}2026!", f"{short_latin}2026", f"{short_latin}-city-2026",
        f"2026{latin}", f"{latin}{latin}2026", f"{latin}1234", f"{latin}0401!!",
        f"{town.name}2026年", f"{town.kana}2026年", f"{short}令和8年", f"{latin}reiwa8",
        latin.replace("a", "@").replace("o", "0") + "2026", latin.translate(str.maketrans("", "", "")),
        latin.replace("shi", "si").replace("chi", "ti").replace("tsu", "tu") + "2026",
    ]  # fmt: skip
    assert [each for each in tries if weakness(each) is None] == []


@pytest.mark.parametrize(
    "password",
    [
        "haru2026haru", "natsu-2026-aki", "harunatsuakifuyu", "harunatsuakifuyu2026", "fuyu2026natsu2025",
        "令和八年の春", "令和8年春の予算", "reiwa8nen4gatsu", "Reiwa8-haru!", "sakura2026haru", "sakura20260401",
        "Spring2026Summer", "winter2026!!", "sakurasakura2026", "さくら2026はる", "平成31年4月1日",
        "qwertyuiop@[", "qwertyuiop[]", "1qaz2wsx3edc", "zaq12wsxcde3", "asdfghjkl;:]", "1q2w3e4r5t6y",
        "!QAZ2wsx#EDC", "qazwsxedcrfv", "zxcvbnm,./2026", "poiuytrewq12",
        "password1234", "P@ssw0rd2026!", "パスワード2026", "ぱすわーどぱすわーど", "pasuwaado2026",
        "himitsunokotoba", "よろしくお願いします2026", "otsukaresama2026", "jimukyoku-2026", "govtech-osaka-2026",
        "tanakatarou1985", "suzuki-hanako-1", "hanshintigers1985", "あいうえおかきくけこさし", "abcdefghijkl",
        "aaaaaaaaaaaa", "abcabcabcabc", "123456789012", "090-1234-5678", "2026/11/25-09:30",
        "iloveyou1234", "admin12345678", "letmein123456", "dragonball2026", "pikachu-pikachu",
        "somuka2026soumu", "zaiseika-yosan-2026", "kadoma-moriguchi", "Sakaishi-Suita-2026",
    ],
)  # fmt: skip
def test_what_is_chosen_first_is_easy(password: str) -> None:
    assert weakness(password) is not None


@pytest.mark.parametrize(
    "password",
    [
        "川沿いの道を朝に歩くのが好き", "うちの猫は夜に走り回る", "毎朝パンを二枚焼く係です",
        "大阪の夏は暑いので泳ぎます", "ことしの夏は富士山に登りたい", "雨の森を歩いて海まで行く道を探しています",
        "ふたりでのる電車2026", "日曜はカレーを煮込む父", "春になったら自転車を買いかえる",
        "asa no densha ha itsumo konde iru", "watashi wa neko ga suki desu", "tabi ni dete 27 nichi",
        "Mainichi 7ji ni okite hashiru", "my dog ate 3 green apples", "correct-horse-battery-9",
        "kinou tabeta curry ga oishikatta", "k7#mQ2xv9Lp4", "vK-93kxQz_w2Lm",
    ],
)  # fmt: skip
def test_sentences_and_random_letters_are_not(password: str) -> None:
    assert weakness(password) is None


def test_random_passwords_of_twelve_characters_are_nearly_never_easy() -> None:
    letters = string.ascii_letters + string.digits + "!#$%&*+-=?"
    made = ["".join(secrets.choice(letters) for _ in range(12)) for _ in range(300)]
    assert sum(weakness(each) is not None for each in made) <= 30


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("sakaishi2026", "よく使われる語・人名・地名、年や日付"),
        ("qwertyuiop@[", "よく使われる語・人名・地名"),
        ("zxcvbnm,./2026", "キーボードの並び、年や日付"),
        ("aaaaaaaaaaaa", "同じ文字や語の繰り返し"),
        ("abcdefghijkl", "abcや123のような並び"),
        ("270008270008", "数字や記号だけのもの"),
    ],
)
def test_what_is_easy_about_it_is_said(password: str, words: str) -> None:
    assert weakness(password) == words
    with pytest.raises(InvalidInputError) as refused:
        check_password("tanto", password)
    (said,) = refused.value.problems.values()
    assert f"推測されやすい部分({words})" in said
    assert password not in said


@given(st.text(max_size=72))
def test_no_password_makes_the_library_go_through_every_disguise(password: str) -> None:
    for reading in guessing._readings(password):
        assert guessing._disguises(reading) <= guessing._MOST_DISGUISES


def test_a_password_made_of_disguises_is_looked_at_without_them() -> None:
    dressed = "4@8b({[<c3e69g1!i/|l0o$5s+7t%2zx"
    assert guessing._disguises(dressed) > guessing._MOST_DISGUISES
    assert dressed not in guessing._readings(dressed)
    assert guessing._readings(dressed)


@given(st.text(max_size=24))
def test_any_text_is_judged(password: str) -> None:
    assert weakness(password) or weakness(password) is None


@pytest.mark.parametrize("extra", [1, 10, 100_000])
def test_what_is_too_long_is_not_looked_at(extra: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guessing, "_analysis", lambda _: pytest.fail("looked at"))
    with pytest.raises(InvalidInputError, match="128文字以内"):
        check_password("tanto", "a" * (MAX_LENGTH + extra))


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("おおさかし", "oosakashi"), ("とんだばやしし", "tondabayashishi"), ("ちはやあかさかむら", "chihayaakasakamura"),
        ("きしわだし", "kishiwadashi"), ("しじょうなわてし", "shijounawateshi"), ("ほっかいどう", "hokkaidou"),
        ("まっちゃ", "matcha"), ("サッカー", "sakkaa"), ("ﾊﾟｽﾜｰﾄﾞ", "ﾊﾟｽﾜｰﾄﾞ"), ("ぢぢづ", "jijizu"), ("ー", "ー"), ("っ", ""),
        ("堺a1", "堺a1"),
    ],
)  # fmt: skip
def test_kana_is_romanised(kana: str, latin: str) -> None:
    assert romanised(kana) == latin


def test_the_kept_lists_are_whole() -> None:
    guessing._learn()
    words = guessing.matching.RANKED_DICTIONARIES["japan"]
    assert len(words) > 15_000
    assert {"札幌市", "さっぽろし", "sapporo", "yonaguni", "新宿区", "kyoto", "京都府"} <= set(
        words
    )
    assert {m.name for m in REFERENCE.municipalities} <= set(words)
    assert max(words.values()) == guessing._RANK
    assert json.dumps(sorted(words)[:1])  # texts alone
