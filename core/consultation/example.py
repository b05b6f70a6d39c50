"""好事例: an answer others may find, without the name, as long as the municipality agrees."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Protocol, TypeVar, get_type_hints

from core.consultation.request import MAX_BODY, MAX_TITLE, Contact
from core.consultation.theme import Theme
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import japan_day
from core.values.free_text import Text, declared_texts, read_form
from core.values.label import Labelled

T = TypeVar("T")


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


class SaidBefore(Protocol):
    """What was said last about publishing."""

    @property
    def state(self) -> ExampleState: ...
    @property
    def recorded_at(self) -> datetime: ...


def check_example_state(previous: SaidBefore | None, state: ExampleState) -> None:
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
    secrets = [*names]
    if contact is not None:
        secrets += [contact.name, contact.mail, contact.phone]
    return read_nameless(text, secrets, key="example_")


def read_nameless(text: T, secrets: Iterable[str], *, key: str) -> T:
    """A text as it is published: of no field may a reader tell who it is about.

    Args:
        text: A dataclass of declared texts.
        secrets: Words that would give somebody away, whatever their width and blanks.
        key: Stands before the names of the fields.

    Raises:
        InvalidInputError: Every field that is empty, too long or gives somebody away.
    """
    problems: dict[str, str] = {}
    kept = read_form(text, problems, key=key)
    words = [word for word in secrets if word.strip()]
    for name, field in declared_texts(get_type_hints(type(text), include_extras=True)).items():
        folded = folded_words(getattr(kept, name))
        given_away = next((word for word in words if folded_words(word) in folded), None)
        if given_away is not None:
            problems[f"{key}{name}"] = (
                f"{field.label}に「{given_away}」が入っています。"
                "団体や個人が分かる語を除いてください。"
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
    return [
        example
        for example in examples
        if theme in (None, example.theme) and holds_every(words, _searchable(example))
    ]


def _searchable(example: PublishedExample) -> tuple[str, ...]:
    text = example.text
    return (example.theme.label, text.title, text.question, text.answer)


def holds_every(words: str, texts: Iterable[str]) -> bool:
    """Whether every word stands in one of the texts, whatever the width or case.

    Args:
        words: Separated by spaces; none are in everything.

    Examples:
        >>> holds_every("ＡＩ 窓口", ("AIの活用", "窓口の改善")), holds_every("無線", ("窓口",))
        (True, False)
    """
    wanted = folded_words(words, keep_spaces=True).split()
    searched = "\n".join(map(folded_words, texts))
    return all(word in searched for word in wanted)


def folded_words(text: str, *, keep_spaces: bool = False) -> str:
    """A text as it is searched: one width, one case, without blanks unless they are kept."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return plain if keep_spaces else "".join(plain.split())
