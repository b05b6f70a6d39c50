"""好事例: an answer others may find, without the name, as long as the municipality agrees."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Annotated

from core.consultation.request import MAX_BODY, MAX_TITLE, Contact
from core.consultation.theme import Theme
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import japan_day
from core.values.free_text import Text, read_form
from core.values.label import Labelled


class ExampleState(Labelled):
    """好事例としての公開の状態; 同意の回答待ち is the absence of any."""

    CONSENTED = "consented", "同意あり"
    DECLINED = "declined", "同意しない"
    PUBLISHED = "published", "公開中"
    UNPUBLISHED = "unpublished", "公開を終了"


A, D, P, U = ExampleState

NEXT_EXAMPLE_STATES: Mapping[ExampleState | None, tuple[ExampleState, ...]] = MappingProxyType(
    {
        None: (A, D),
        A: (P, D),
        D: (A,),
        P: (P, U, D),
        U: (P, D),
    }
)
"""公開 stands on 同意 and falls with it: after 同意しない nothing is published until 同意 again."""


@dataclass(frozen=True)
class ExampleText:
    """What others read: no municipality, no person."""

    title: Annotated[str, Text("題名", MAX_TITLE)]
    question: Annotated[str, Text("相談の要旨", MAX_BODY, lines=True)]
    answer: Annotated[str, Text("回答の要旨", MAX_BODY, lines=True)]


@dataclass(frozen=True)
class ExampleEvent:
    """What was said about publishing. Never edited."""

    event_id: int
    state: ExampleState
    text: ExampleText | None  # what is published; None for every other state
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class PublishedExample:
    """A good example as others find it; holds nothing that leads back to the municipality."""

    theme: Theme
    text: ExampleText
    fiscal_year_label: str  # 年度 of the answer; a day could lead back


def check_example_state(previous: ExampleEvent | None, state: ExampleState) -> None:
    """Refuse what cannot follow.

    Raises:
        ConflictError: Names the earlier event.
    """
    if state in NEXT_EXAMPLE_STATES[previous.state if previous else None]:
        return
    if previous is None:
        raise ConflictError("団体の同意がまだありません。同意を得てから公開してください。")
    raise ConflictError(
        f"{japan_day(previous.recorded_at)}に「{previous.state.label}」と記録されているため"
        f"「{state.label}」にはできません。画面を更新して確認してください。"
    )


def read_example(
    text: ExampleText, *, names: Sequence[str], contact: Contact | None
) -> ExampleText:
    """The text as it is published.

    Args:
        names: Words that would give the municipality away: its name, with and without 市町村.
        contact: Whose name and address must not stand in it; None when they were deleted.

    Raises:
        InvalidInputError: Every field that is empty, too long or gives somebody away.
    """
    problems: dict[str, str] = {}
    kept = read_form(text, problems, key="example_")
    secrets = [*names]
    if contact is not None:
        secrets += [contact.name, contact.mail, contact.phone]
    for field, label in (("title", "題名"), ("question", "相談の要旨"), ("answer", "回答の要旨")):
        folded = _folded(getattr(kept, field))
        given_away = next((s for s in secrets if s and _folded(s) in folded), None)
        if given_away is not None:
            problems[f"example_{field}"] = (
                f"{label}に「{given_away}」が入っています。団体や個人が分かる語を除いてください。"
            )
    if problems:
        raise InvalidInputError(problems)
    return kept


def identifying_words(name: str, kana: str) -> tuple[str, ...]:
    """What gives a municipality away: its name, the name without 市町村, its reading.

    Stems of one character would refuse half of all words, so they are left out.

    Examples:
        >>> identifying_words("東広島市", "ひがしひろしまし")
        ('東広島市', 'ひがしひろしまし', '東広島')
        >>> identifying_words("堺市", "さかいし")
        ('堺市', 'さかいし')
    """
    stem = name[:-1]
    return (name, kana, stem) if len(stem) > 1 else (name, kana)


def published_text(events: Iterable[ExampleEvent]) -> ExampleText | None:
    """What is published now; None when nothing is.

    Args:
        events: Of one consultation, in any order.
    """
    last = max(events, key=lambda event: event.event_id, default=None)
    return last.text if last is not None and last.state is P else None


def found(
    examples: Iterable[PublishedExample], words: str, theme: Theme | None
) -> list[PublishedExample]:
    """Examples that hold every word, in any field, whatever the width or case.

    Args:
        words: Separated by spaces; empty finds all.
        theme: Only of this theme; None for all.
    """
    wanted = _folded(words, keep_spaces=True).split()
    return [
        example
        for example in examples
        if theme in (None, example.theme) and all(word in _searchable(example) for word in wanted)
    ]


def _searchable(example: PublishedExample) -> str:
    text = example.text
    return "\n".join(map(_folded, (example.theme.label, text.title, text.question, text.answer)))


def _folded(text: str, *, keep_spaces: bool = False) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return plain if keep_spaces else "".join(plain.split())
