"""How many guesses a password takes (推測されにくさ), by zxcvbn and words of Japan.

The library knows common passwords, English, names, keyboards, repeats, sequences and dates. Added
are the words of ``words/``: what is common in a Japanese office, every municipality and prefecture,
each as it is written, in kana and in the ways it is romanised.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from zxcvbn import matching, scoring

ENOUGH = 10**10
"""Fewest guesses a password must take: at the limits of core/access/limit.py millions of years,
of a stolen hash of bcrypt still decades of a machine."""
_WORDS = Path(__file__).parent / "words"
_RANK = 300
"""What a word of ours is worth at most: whoever guesses knows in which office they guess."""
_YEARS, _YEAR_RANK = range(1940, 2051), 50
_CALENDAR = re.compile(
    r"(?:(?:spring|summer|autumn|winter|haru|natsu|natu|aki|fuyu|huyu|春|夏|秋|冬"
    r"|reiwa|heisei|showa|shouwa|令和|平成|昭和|(?:19|20)\d\d(?:nen|年)?"
    r"|\d{1,2}(?:nendo|nen|gatsu|gatu|nichi|年度|年|月|日))[-_./ !]*){2,}",
    re.IGNORECASE,
)
"""Seasons and dates in a row, which are no more worth than one of them."""
_BETWEEN_WORDS = re.compile(r"(?<=[^\W\d_]{3})[-_. /]+(?=\w{3})")
_MOST_DISGUISES = 8
_DISGUISES: dict[str, list[str]] = matching.L33T_TABLE
_UNDRESSED = str.maketrans(
    {sign: letter for letter in reversed(_DISGUISES) for sign in _DISGUISES[letter]} | {"7": "t"}
)
_WHAT = {
    "dictionary": "よく使われる語・人名・地名",
    "spatial": "キーボードの並び",
    "repeat": "同じ文字や語の繰り返し",
    "sequence": "abcや123のような並び",
    "regex": "年や日付",
    "date": "年や日付",
}


def weakness(password: str) -> str | None:
    """What makes a password easy to guess, in words; None when it is not.

    Args:
        password: No more than 72 bytes: longer ones cost too much.
    """
    _learn()
    typed = unicodedata.normalize("NFKC", password)
    if not re.search(r"[^\d\W_]", typed):
        return "数字や記号だけのもの"
    easiest = min(map(_analysis, _readings(typed)), key=lambda found: int(found["guesses"]))
    if easiest["guesses"] >= ENOUGH:
        return None
    kinds = dict.fromkeys(_kind(each) for each in easiest["sequence"])
    return "、".join(kind for kind in kinds if kind) or "短く単純なもの"


def _kind(match: Mapping[str, Any]) -> str:
    year = match["pattern"] == "dictionary" and str(match["matched_word"]).isdigit()
    return _WHAT["date"] if year else _WHAT.get(match["pattern"], "")


def _analysis(password: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = scoring.most_guessable_match_sequence(
        password,
        matching.omnimatch(password),
        _exclude_additive=True,  # else four seasons in a row would pass for being four words
    )
    return found


def _readings(typed: str) -> set[str]:
    """A password as it is typed, in Latin letters, and without letters dressed up as others.

    The library tries every combination of disguises, seconds of work for a password made of them;
    such a one is looked at undressed only.
    """
    found = {typed, romanised(typed)}
    found |= {_BETWEEN_WORDS.sub("", each) for each in found}
    found |= {_CALENDAR.sub("2026", each) for each in found}
    return {each for each in found if _disguises(each) <= _MOST_DISGUISES} | {
        each.translate(_UNDRESSED) for each in found
    }


def _disguises(text: str) -> int:
    """How many combinations of disguised letters the library would go through."""
    return math.prod(len(s) for s in matching.relevant_l33t_subtable(text, _DISGUISES).values())


# ── words ─────────────────────────────────────────────────────────────────────────────────────


@cache
def _learn() -> None:
    """Teach the library the words of ``words/``, once a process."""
    words = dict.fromkeys([*_kept("japanese.txt"), *_kept("places.txt")])
    matching.RANKED_DICTIONARIES["japan"] = {
        word: min(rank, _RANK) for rank, word in enumerate(words, 1)
    } | {str(year): _YEAR_RANK for year in _YEARS}


def _kept(name: str) -> Iterator[str]:
    """The words of a file, a line each: kana or Latin letters, and how it is written."""
    for line in (_WORDS / name).read_text(encoding="utf-8").splitlines():
        for part in line.split():
            yield from _with_stem(part)


_SUFFIX = re.compile(r"(?:市|町|村|区|府|県|都|し|ちょう|まち|むら|そん|く|ふ|けん)$")
_SHORTEST_STEM = 2


def _with_stem(word: str) -> Iterator[str]:
    """堺市, and 堺; with every romanisation of what is kana."""
    stem = _SUFFIX.sub("", word)
    for each in dict.fromkeys([word, stem] if len(stem) >= _SHORTEST_STEM else [word]):
        yield each.lower()
        yield from _romanisations(each)


# ── Latin letters ─────────────────────────────────────────────────────────────────────────────

_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの",
    "h": "はひふへほ", "m": "まみむめも", "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ",
    "d": "だぢづでど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ",
}  # fmt: skip
_SYLLABLES = {
    kana: consonant + vowel
    for consonant, row in _ROWS.items()
    for kana, vowel in zip(row, "aiueo", strict=True)
} | {"や": "ya", "ゆ": "yu", "よ": "yo", "わ": "wa", "を": "o", "ん": "n", "ゔ": "vu"}
_SMALL = {"ゃ": "ya", "ゅ": "yu", "ょ": "yo", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
_HEPBURN = {
    "sy": "sh", "si": "shi", "ty": "ch", "ti": "chi", "tu": "tsu", "hu": "fu",
    "zy": "j", "zi": "ji", "dy": "j", "di": "ji", "du": "zu",
}  # fmt: skip
_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヵ"))}


def romanised(text: str) -> str:
    """Kana in Latin letters (Hepburn, long vowels written out); everything else as it is.

    Examples:
        >>> romanised("さかいシ2026"), romanised("パスワード"), romanised("みっきー")
        ('sakaishi2026', 'pasuwaado', 'mikkii')
    """
    return _hepburn(_syllables(text))


def _syllables(text: str) -> str:
    """The same in 訓令式, from which Hepburn follows."""
    found: list[str] = []
    double = False
    for kana in text.translate(_TO_HIRAGANA):
        latin = _SYLLABLES.get(kana)
        if kana in _SMALL and found and found[-1][-1:] in ("i", "u", "e", "o"):
            found[-1] = found[-1][:-1] + _SMALL[kana]
        elif kana == "ー" and found:
            found.append(found[-1][-1:])
        elif kana == "っ":
            double = True
            continue
        else:
            found.append((latin[:1] if double and latin else "") + (latin or kana))
        double = False
    return "".join(found)


def _hepburn(syllables: str) -> str:
    return re.sub("|".join(_HEPBURN), lambda found: _HEPBURN[found[0]], syllables)


def _romanisations(word: str) -> Iterable[str]:
    """おおつ as ootsu, otsu, ohtsu; し as shi and si."""
    syllables = _syllables(word)
    if syllables == word:
        return ()
    ways = {
        syllables,
        re.sub(r"o[ou]|uu", lambda long: long[0][0], syllables),
        re.sub(r"o[ou]", "oh", syllables),
    }
    ways |= {re.sub(r"n(?=[bmp])", "m", each) for each in ways}
    return sorted(ways | {_hepburn(each) for each in ways})
