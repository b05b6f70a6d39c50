"""回答: what a municipality says to a question, as it is kept and compared.

該当なし, 未回答, 0 and blank are four things: 該当なし is :data:`NOT_APPLICABLE`, blank is a question
without an entry, 0 is the text ``"0"`` or the number, and 未回答 is a municipality without a response.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

Value = Any
"""What JSON can hold: text, whole number, a list of these, or a mapping."""
Answers = Mapping[str, Value]
"""Key of a question → what was said; a question left blank is absent."""

NOT_APPLICABLE: Mapping[str, bool] = MappingProxyType({"not_applicable": True})
"""該当なし, as it is kept. Nothing anybody types looks like it."""
NOT_APPLICABLE_LABEL = "該当なし"
BLANK_LABEL = "無記入"
UNANSWERED_LABEL = "未回答"
UNREADABLE_LABEL = "(記入の途中)"
"""Of several parts, of which some are missing or cannot be read."""
NOTHING: Answers = MappingProxyType({})
SALT = ""
"""Key of no question: a random word beside hidden answers. Digests of them are in the audit trail, and
of a vote there are so few that somebody could try them all."""


def is_not_applicable(value: Value) -> bool:
    """Whether a question was answered with 該当なし.

    Examples:
        >>> is_not_applicable({"not_applicable": True}), is_not_applicable("該当なし")
        (True, False)
    """
    return isinstance(value, Mapping) and value.get("not_applicable") is True


def is_blank(value: Value) -> bool:
    """Whether nothing was said; 0, no and an empty selection by 該当なし are something.

    Examples:
        >>> [is_blank(each) for each in (None, "", "  ", [], {}, 0, "0", [""])]
        [True, True, True, True, True, False, False, True]
    """
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(is_blank(each) for each in value.values())
    if isinstance(value, list | tuple):
        return all(is_blank(each) for each in value)
    return value is None


def written(answers: Answers) -> str:
    """Answers as the one text that is kept and digested: equal answers, equal text."""
    return json.dumps(
        {key: _plain(value) for key, value in answers.items()},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def salted(answers: Answers, salt: str) -> Answers:
    """Answers whose digest tells nobody what they say."""
    return MappingProxyType({**answers, SALT: salt})


def unsalted(answers: Answers) -> Answers:
    """What was said, and nothing else."""
    return MappingProxyType({key: value for key, value in answers.items() if key != SALT})


def read(text: str) -> Answers:
    """The other way round."""
    found: dict[str, Value] = json.loads(text)
    return MappingProxyType(found)


def _plain(value: Value) -> Value:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def content_digest(
    inquiry: str, version: int, lg_code: str, answers: Answers, files: Mapping[str, str]
) -> str:
    """SHA-256 of what was handed in: who computes it again from the same content gets the same.

    Args:
        inquiry: 照会番号.
        version: Of the questions that were answered.
        files: Number of each file the answers name → SHA-256 of its bytes.
    """
    content = {
        "answers": json.loads(written(answers)),
        "files": dict(sorted(files.items())),
        "inquiry": inquiry,
        "lg_code": lg_code,
        "version": version,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
