"""Everything that can go wrong in a way a reader can act on.

One tree under :class:`DashboardError`. Messages are Japanese and say what happened, with which
value, and what to do now. Anything outside the tree is a bug and is meant to surface.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Self

from core.values.label import Labelled


class DashboardError(Exception):
    """Base of all expected failures; ``str(error)`` is the message for the reader."""


class InvalidInputError(DashboardError):
    """Input that cannot be used.

    Attributes:
        problems: One Japanese sentence for each field, all problems of a form at once.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("\n".join(self.problems.values()))


class PermissionDeniedError(DashboardError):
    """The principal may not do this; says so without telling what exists."""


class NotOfferedError(DashboardError):
    """Asked about something this prefecture does not offer."""

    def __init__(self, what: str) -> None:
        super().__init__(f"この都道府県では、{what}を提供していません。")


class NoValueInForceError(DashboardError):
    """No value of a dated parameter holds on a day."""

    def __init__(self, name: str, as_of: date) -> None:
        self.name = name
        self.as_of = as_of
        super().__init__(
            f"{as_of:%Y-%m-%d}時点で有効な「{name}」の値がありません。"
            "事務局が管理画面で登録するまで計算できません。"
        )


class ConflictError(DashboardError):
    """Somebody changed the same thing first; the message names what changed."""


class SignInRefusedError(DashboardError):
    """Sign-in failed. The message is the same whether or not the user exists."""


class ReferenceDataError(DashboardError):
    """A file of ``data/`` cannot be used.

    Attributes:
        file: Path below the repository, as text.
        line: 1-based line the problem stands on; None when it concerns the whole file.
        place: Headings and numbers down to the problem, as far as known.
        others: What else is wrong in the same file.
    """

    others: tuple[ReferenceDataError, ...] = ()

    def __init__(
        self, file: str, line: int | None, reason: str, place: tuple[str | int, ...] = ()
    ) -> None:
        self.file = file
        self.line = line
        self.reason = reason
        self.place = place
        where = f"{file}:{line}" if line is not None else file
        super().__init__(f"{where}: {reason}")

    def with_others(self, others: Iterable[ReferenceDataError]) -> Self:
        """The same with what else is wrong in the file."""
        self.others = tuple(others)
        return self


class SettingsError(DashboardError):
    """A setting that cannot work; the program stops at start."""


class Trouble(Labelled):
    """Why the database cannot be used (データベースの障害): what is wrong, what still works."""

    AWAY = "away", "データベースにつながりません", "読むことも書くこともできません。"
    BUSY = "busy", "データベースがほかの処理で使われています", "待ちましたが順番が来ませんでした。"
    FULL = "full", "サーバーのディスクに空きがありません", "記録できません。"
    READ_ONLY = "read_only", "データベースが書き込みを受け付けません", "見ることはできます。"
    GONE = "gone", "データベースが見つからないか、置き換えられています", "何も記録していません。"
    BROKEN = "broken", "データベースのファイルを読めません", "何も記録していません。"

    @property
    def effect(self) -> str:
        """What that means for a reader."""
        return self.words[1]


class DatabaseTroubleError(DashboardError):
    """The database cannot be used now; the same call may work later.

    Attributes:
        trouble: What is wrong.
        reason: The driver's own words for the operator, one line; never shown to a reader.
    """

    def __init__(self, trouble: Trouble, reason: str = "") -> None:
        self.trouble = trouble
        self.reason = reason
        super().__init__(
            f"{trouble.label}。{trouble.effect}しばらく待ってから、もう一度お試しください。"
        )
