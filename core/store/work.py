"""One unit of work for every command: permission, replay, check, rows, audit entry, revision."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Concatenate, NoReturn, ParamSpec, Protocol, TypeVar, cast, get_type_hints

from pydantic import TypeAdapter
from sqlalchemy import Engine, event
from sqlalchemy.orm import ORMExecuteState, Session

from core.access.permission import requires
from core.access.principal import Principal, shown_name
from core.store.accounts import AccountRow
from core.store.audit import earlier_result, record_audit, remember_result
from core.store.engine import writing
from core.store.written import Written
from core.values.errors import ConflictError, DashboardError, InvalidInputError
from core.values.fiscal import day_in_japan, japan_day
from core.values.free_text import Text, declared_texts

P = ParamSpec("P")
R = TypeVar("R")

_LABELS: dict[str, str] = {}


def registered_labels() -> Mapping[str, str]:
    """Every action of the commands imported so far, and its label."""
    return dict(_LABELS)


@dataclass(frozen=True)
class _Said:
    """What stands at a command."""

    action: str
    refused: str
    changes: bool


class _OnRecordError(Exception):
    """A refusal that is itself recorded: what was written stays."""

    def __init__(self, error: DashboardError) -> None:
        self.error = error


class Work:
    """One write: who, when, the transaction and its one audit entry.

    Attributes:
        principal: Who asks; allowed to.
        now: The moment of recording, with time zone.
        number: Of the audit entry, the 受領番号; 0 before it.
    """

    def __init__(
        self,
        session: Session,
        principal: Principal,
        now: datetime,
        said: _Said,
        lg_code: str | None = None,
    ) -> None:
        self.session = session
        self.principal = principal
        self.now = now
        self.number = 0
        self._lg_code = lg_code
        self._said = said

    @property
    def by(self) -> str:
        """Account name of whoever asks."""
        return self.principal.username

    @property
    def today(self) -> date:
        """The day of recording in Japan."""
        return day_in_japan(self.now)

    def known_as(self, account: AccountRow) -> None:
        """Whoever asked is known from here on: a sign-in stands in the trail as theirs."""
        self.principal = Principal(
            account.username,
            account.display_name,
            account.role,
            account.lg_code,
            vendor_id=account.vendor_id,
        )

    def audit(self, subject: str, **detail: object) -> None:
        """Write the audit entry of what was written so far and raise the data revision.

        It comes last: rows written after it are a mistake, which ends the command.

        Args:
            detail: Further facts; never a password or a token.
        """
        self._record(self._said.action, subject, detail, changes=self._said.changes)

    def refuse(self, error: DashboardError, subject: str, **detail: object) -> NoReturn:
        """Refuse, and keep what was written with an entry that says so; the request stays open."""
        self._record(self._said.refused, subject, detail, changes=False)
        raise _OnRecordError(error)

    def _record(
        self, action: str, subject: str, detail: Mapping[str, object], *, changes: bool
    ) -> None:
        self.number = record_audit(
            self.session,
            self.principal,
            self.now,
            action,
            subject,
            detail,
            lg_code=self._lg_code,
            data_changed=changes,
        )


class Recorded(Protocol):
    """What was said last about something, and by whom."""

    @property
    def recorded_at(self) -> datetime: ...
    @property
    def recorded_by(self) -> str: ...


def refuse_stale(last: Recorded | None, current: int, seen: int, what: str, did: str) -> None:
    """Refuse a form that was drawn before the last word was recorded.

    Args:
        last: The last word; None when nothing was said yet.
        current: Its number.
        seen: The number the form showed.
        what: What the form is about.
        did: What was done meanwhile, up to 「…て」.

    Raises:
        ConflictError: Names who changed what, and when.
    """
    if last is not None and current != seen:
        raise ConflictError(
            f"{what}は{japan_day(last.recorded_at)}に{shown_name(last.recorded_by)}が{did}います。"
            "画面を更新して確認してください。"
        )


def command(
    action: str,
    label: str,
    permission: str = "",
    *,
    refused: tuple[str, str] | None = None,
    changes: bool = True,
) -> Callable[[Callable[Concatenate[Work, P], R]], Callable[Concatenate[Engine, Principal, P], R]]:
    """Make a write of what is left to say of it: its check, its rows, its audit entry.

    Called with ``(engine, principal, *, …, now)``. The permission comes first; what takes an
    ``lg_code`` is about that municipality, and an officer reaches the own one only. Then, in one
    transaction: a ``request_id`` that this principal used for this action before answers with the
    earlier result, whatever has changed since, and nothing else happens. Texts declared in the
    signature (:class:`core.values.free_text.Text`) are read; what stands against them is refused
    together with the problems the command itself finds, and before the first row is written. An
    error leaves nothing behind.

    Args:
        action: ``resource:action`` in the audit trail.
        label: What it is called there.
        permission: Key of POLICY; the action itself when empty.
        refused: Action and label of :meth:`Work.refuse`.
        changes: False when no answer depends on it, so no cache is lost.
    """
    said = _Said(action, refused[0] if refused else "", changes)
    for name, words in ((action, label), *([refused] if refused else [])):
        if _LABELS.setdefault(name, words) != words:
            raise ValueError(f"{name} is 「{_LABELS[name]}」 and 「{words}」")

    def decorate(
        function: Callable[Concatenate[Work, P], R],
    ) -> Callable[Concatenate[Engine, Principal, P], R]:
        @functools.cache
        def shape() -> tuple[Mapping[str, Text], TypeAdapter[R]]:
            hints = get_type_hints(function, include_extras=True)
            return declared_texts(hints), TypeAdapter(hints["return"])

        @functools.wraps(function)
        def run(engine: Engine, principal: Principal, /, *args: P.args, **kwargs: P.kwargs) -> R:
            texts, result = shape()
            now, request_id = cast(datetime, kwargs["now"]), cast(str, kwargs.get("request_id", ""))
            with writing(engine) as session:
                earlier = request_id and earlier_result(
                    session, principal, request_id, action=action
                )
                if earlier:
                    return result.validate_json(earlier)
                typed, problems = _read(texts, kwargs)
                if problems:
                    event.listen(session, "before_flush", functools.partial(_refuse, problems))
                    event.listen(
                        session, "do_orm_execute", functools.partial(_refuse_write, problems)
                    )
                about = cast(str | None, kwargs.get("lg_code"))
                work = Work(session, principal, now, said, about)
                try:
                    done = function(work, *args, **{**kwargs, **typed})
                except InvalidInputError as error:
                    raise InvalidInputError({**error.problems, **problems}) from None
                except _OnRecordError as recorded:
                    kept = recorded
                else:
                    _refuse(problems)
                    if request_id:
                        answer = result.dump_json(done).decode()
                        remember_result(
                            session, principal, now, action, request_id, answer, number=work.number
                        )
                    _refuse_unrecorded(session)
                    return done
                _refuse_unrecorded(session)
            raise kept.error

        _show_outer_signature(run, function)
        named = "lg_code" if "lg_code" in inspect.signature(function).parameters else None
        return requires(permission or action, municipality=named)(run)

    return decorate


def _read(
    texts: Mapping[str, Text], arguments: Mapping[str, object]
) -> tuple[dict[str, Any], dict[str, str]]:
    problems: dict[str, str] = {}
    typed: dict[str, Any] = {
        name: text.read_into(problems, name, str(arguments[name]))
        for name, text in texts.items()
        if name in arguments
    }
    return typed, problems


def _refuse(problems: Mapping[str, str], *_flush: object) -> None:
    if problems:
        raise InvalidInputError(problems)


def _refuse_write(problems: Mapping[str, str], statement: ORMExecuteState) -> None:
    if not statement.is_select:
        _refuse(problems)


def _refuse_unrecorded(session: Session) -> None:
    """Let nothing pass that no audit entry covers."""
    session.flush()
    if tables := Written.of(session).tables:
        raise RuntimeError(f"written without an audit entry: {', '.join(sorted(tables))}")


def _show_outer_signature(run: Callable[..., object], function: Callable[..., object]) -> None:
    """Engine and principal in place of the work: what a caller sees."""
    inner = inspect.signature(function)
    outer = [
        inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY)
        for name in ("engine", "principal")
    ]
    run.__dict__["__signature__"] = inner.replace(
        parameters=[*outer, *list(inner.parameters.values())[1:]]
    )
