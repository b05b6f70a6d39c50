"""What argparse itself says, in Japanese.

It takes its words from ``gettext``, by names in its own module; they are replaced there. Whatever
it can say to somebody who types a command is in the table, whatever Python it comes with: a test
reads its source.
"""

from __future__ import annotations

import argparse

WORDS = {
    "usage: ": "使い方: ",
    "positional arguments": "指定するもの",
    "options": "オプション",
    "show this help message and exit": "この説明を表示して終わる",
    "%(prog)s: error: %(message)s\n": "%(prog)s: 指定を確認してください: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "the following arguments are required: %s": "次の指定が必要です: %s",
    "one of the arguments %s is required": "次のどれか1つを指定してください: %s",
    "unrecognized arguments: %s": "知らない指定です: %s",
    "ambiguous option: %(option)s could match %(matches)s": (
        "%(option)s は %(matches)s のどれか決まりません。省略せずに指定してください"
    ),
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "%(value)r は使えません。使えるもの: %(choices)s"
    ),
    "unknown parser %(parser_name)r (choices: %(choices)s)": (
        "%(parser_name)r は使えません。使えるもの: %(choices)s"
    ),
    "invalid %(type)s value: %(value)r": "%(value)r は%(type)sとして読めません",
    "expected one argument": "値を1つ指定してください",
    "expected at most one argument": "値は1つまでです",
    "expected at least one argument": "値を1つ以上指定してください",
    "expected %s argument": "値を%s個指定してください",
    "expected %s arguments": "値を%s個指定してください",
    "not allowed with argument %s": "%s と一緒には指定できません",
    "ignored explicit argument %r": "値は指定できません: %r",
    "unexpected option string: %s": "知らないオプションです: %s",
    "can't open '%(filename)s': %(error)s": "'%(filename)s' を開けません: %(error)s",
}
PROGRAMMER = frozenset(
    {
        ".__call__() not defined",
        "'required' is an invalid argument for positionals",
        "%r is not callable",
        "cannot have multiple subparser arguments",
        "cannot merge actions - two groups are named %r",
        "conflicting option string: %s",
        "conflicting option strings: %s",
        "conflicting subparser alias: %s",
        "conflicting subparser: %s",
        "dest= is required for options like %r",
        "invalid conflict_resolution value: %r",
        "invalid option string %(option)r: must start with a character %(prefix_chars)r",
        "mutually exclusive arguments must be optional",
        'argument "-" with mode %r',
    }
)
"""What it says to whoever writes a parser wrongly; nobody who types a command reads it."""


def _one(text: str) -> str:
    return WORDS.get(text, text)


def _counted(one: str, many: str, number: int) -> str:
    return _one(one if number == 1 else many)


def speak_japanese() -> None:
    """Have argparse say so from now on."""
    vars(argparse).update(_=_one, ngettext=_counted)
