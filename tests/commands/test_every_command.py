"""What holds for every command: a repeated request is answered, a text is read by one rule."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import pytest
from sqlalchemy import Engine

import core.commands
from core.access.principal import Principal, Role
from core.commands import action_labels, letters
from core.exports import audit_words
from core.store.audit import latest_entries
from core.store.engine import data_revision, reading
from core.values.errors import DashboardError, InvalidInputError
from core.values.free_text import declared_texts
from core.views.receipts import receipt_number_view, receipts_view
from tests.commands.examples import (
    EXAMPLES,
    LATER,
    NOW,
    OFFICER,
    OURS,
    Example,
    World,
    all_rows,
    called,
)
from tests.support.reference import REFERENCE

NOT_REPEATED = {
    "acknowledge_failures": "what is read is read",
    "add_account": "the password is kept nowhere; the name is taken",
    "add_accounts": "the passwords are kept nowhere; the names are taken",
    "add_first_account": "there is one then",
    "change_password": "the password before it no longer matches",
    "change_account": "refuses what changes nothing",
    "delete_former_contacts": "what is deleted is gone",
    "delete_former_experts": "what is deleted is gone",
    "delete_old_contacts": "what is deleted is gone",
    "end_own_session": "what has ended stays so",
    "end_session_of": "what has ended stays so",
    "export_enrolments": "writes nothing but that somebody took it",
    "export_own_enrolments": "writes nothing but that somebody took it",
    "fill_initial_data": "fills what is empty only",
    "issue_attendance_code": "a new code takes the place of the one before",
    "make_backup": "writes nothing but that it was made",
    "mark_news_read": "what is read is read",
    "make_calendar_token": "the secret is kept nowhere; a second one can be revoked",
    "make_visit_calendar_token": "the secret is kept nowhere; a second one can be revoked",
    "mark_demonstration": "refuses what is marked",
    "note_use": "is of the last minute, or writes nothing",
    "purge_personal_data": "what is deleted is gone",
    "record_forms": "each form is a request of its own, made of the id of the whole",
    "reset_password": "the password is kept nowhere; the last one holds",
    "restore_backup": "refuses what is filled",
    "revoke_calendar_token": "what is revoked stays so",
    "revoke_visit_calendar_token": "what is revoked stays so",
    "save_draft": "the draft that is there is the last one; says nothing until it is handed in",
    "sign_in": "each sign-in is a session of its own",
    "sign_in_by_provider": "an answer begins one session",
    "sign_out": "ends every session there is",
    "unlock_account": "what is not counted is not counted",
    "wake_session": "what is awake stays so",
}
"""Commands without a ``request_id``, and why none is needed."""

KEYS = {
    "address", "batch", "contact_id", "ended", "enrolment_id", "enrolment_ids", "estimate_id", "indicator", "key", "lg_code", "lot", "source_key",
    "meeting", "name of a parameter", "part", "officer_of", "participant", "plan", "programme", "request_id", "scene", "scenes",
    "question", "session_id", "set_id", "smtp_url", "theme", "token_id", "training_id", "username", "named",
}  # fmt: skip
"""Names of texts nobody types: keys, looked up and refused when unknown."""
NOT_KEPT = {
    "change_password.current", "change_password.new", "change_password.repeated",
    "confirm_attendance.code", "sign_in.password", "wake_session.password",
    "sign_in.browser", "wake_session.browser", "sign_in_by_provider.browser", "note_use.token", "wake_session.token",
    "sign_in.address", "wake_session.address", "sign_in_by_provider.address",  # told by the server, read as an address
    "record_parameter.name", "withdraw_parameter.name",  # a key
    "record_parameter.text",  # read as a number
    "NewAccount.vendor", "add_account.vendor", "change_account.vendor",  # chosen among those there are
    "ClaimRules.client_id", "ClaimRules.issuer", "ClaimRules.municipality_claim",  # settings
    "ClaimRules.role_claim", "ClaimRules.strength", "ClaimRules.vendor_claim",
    "Audience.area", "Audience.codes", "Condition.options", "Question.kind", "Question.programmes",  # keys
    "OfferedFile.name",  # made safe: core.consultation.attachment.safe_name
}  # fmt: skip


def commands() -> Iterator[Callable[..., Any]]:
    for info in pkgutil.iter_modules(core.commands.__path__, "core.commands."):
        module = importlib.import_module(info.name)
        for name, function in vars(module).items():
            own = inspect.isfunction(function) and function.__module__ == module.__name__
            if own and not name.startswith("_"):
                yield function


COMMANDS = {function.__name__: function for function in commands()}


@pytest.fixture
def world(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(letters, "send_mail", lambda *_args, **_more: None)
    return World(engine)


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "sqlite"))


BOTH = pytest.mark.parametrize(
    "database_kind",
    [pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)],
    indirect=True,
)
EACH = pytest.mark.parametrize("make", EXAMPLES, ids=lambda make: make.__name__)


def test_every_command_that_takes_a_request_has_an_example_and_the_others_a_reason(
    engine: Engine,
) -> None:
    repeated = {n for n, f in COMMANDS.items() if "request_id" in inspect.signature(f).parameters}
    assert COMMANDS.keys() - repeated == NOT_REPEATED.keys()
    source = inspect.getsource(importlib.import_module("tests.commands.examples"))
    assert {name for name in repeated if f".{name}, OFF" not in source} == set()


@BOTH
@EACH
def test_a_request_repeated_when_it_is_too_late_gets_its_earlier_answer(
    make: Callable[[World], Example], world: World
) -> None:
    example = make(world)
    revision = data_revision(world.engine)
    first = called(example, world, "click")
    assert data_revision(world.engine) > revision
    example.past()
    before, revision = list(all_rows(world)), data_revision(world.engine)
    assert called(example, world, "click", now=LATER) == first
    assert list(all_rows(world)) == before
    assert data_revision(world.engine) == revision
    if example.anew:
        called(example, world, "another", now=LATER)
        assert len(list(all_rows(world))) > len(before)
    else:
        with pytest.raises(DashboardError):
            called(example, world, "another", now=LATER)


SAID_AGAIN = {"a_code", "a_consultation", "a_message", "marks"}
"""Examples that are taken under another id as long as it is not too late."""


@EACH
def test_what_is_recorded_after_the_clock_was_set_back_counts(
    make: Callable[[World], Example], world: World
) -> None:
    example = make(world)
    back = example.arguments.get("now", NOW) - timedelta(minutes=10)
    called(example, world, "click", now=back)
    before = list(all_rows(world))
    if example.anew or make.__name__ in SAID_AGAIN:
        called(example, world, "another", now=back)
        assert len(list(all_rows(world))) > len(before)
    else:  # what was just recorded stands against it
        with pytest.raises(DashboardError):
            called(example, world, "another", now=back)


@EACH
def test_every_write_has_one_entry_under_a_name(
    make: Callable[[World], Example], world: World
) -> None:
    example = make(world)
    with reading(world.engine) as session:
        before = len(latest_entries(session, 99))
    called(example, world, "click")
    with reading(world.engine) as session:
        entries = latest_entries(session, 99)
    written = entries[: len(entries) - before]
    assert len(written) == (2 if "smtp_url" in example.arguments else 1)
    assert {entry.action for entry in written} <= action_labels().keys()


@EACH
def test_whatever_is_recorded_about_a_municipality_has_a_receipt_it_can_read(
    make: Callable[[World], Example], world: World
) -> None:
    example = make(world)
    called(example, world, "click")
    about = example.arguments.get("lg_code")
    number = receipt_number_view(world.engine, example.who, request_id="click")
    assert number > 0
    with reading(world.engine) as session:
        (entry,) = latest_entries(session, 1, number=number)
    assert entry.lg_code == about
    assert entry.actor == example.who.username
    assert about or example.who.role is not Role.OFFICER
    receipts = receipts_view(world.engine, OFFICER, lg_code=OURS)
    assert [each for each in receipts if each.number == number] == ([entry] if about else [])
    if about:
        assert len(entry.digest) == 64
        words = audit_words.AuditWords(REFERENCE, action_labels())
        assert words.action(entry) != entry.action
        assert set(entry.detail) <= audit_words._KEYS.keys()
    neighbour = Principal("tanto-272108", "担当", Role.OFFICER, "272108")
    assert receipts_view(world.engine, neighbour, lg_code="272108", number=number) == ()
    assert receipt_number_view(world.engine, neighbour, request_id="click") == 0


# ── texts ─────────────────────────────────────────────────────────────────────────────────────


def plain(hint: Any) -> Iterator[Any]:
    """The types a hint is made of: without None, Annotated, the collection around it."""
    if get_origin(hint) in (Annotated, Union, UnionType, tuple, Sequence):
        inner = get_args(hint)[:1] if get_origin(hint) is Annotated else get_args(hint)
        for each in inner:
            yield from plain(each)
    elif hint is not type(None) and hint is not Ellipsis:
        yield hint


def undeclared(owner: str, hints: Mapping[str, Any]) -> Iterator[str]:
    """Texts that neither declare a field nor are known as keys."""
    declared = declared_texts(hints)
    for name, hint in hints.items():
        for kind in plain(hint):
            if is_dataclass(kind):
                inner = get_type_hints(kind, include_extras=True)
                yield from undeclared(kind.__name__, inner)
            elif kind is str and name not in declared and name not in KEYS:
                yield f"{owner}.{name}"


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_text_of_a_command_is_declared(command: Callable[..., Any]) -> None:
    hints = get_type_hints(inspect.unwrap(command), include_extras=True)
    hints.pop("return")
    for own in ("engine", "principal", "work", "reference", "clock"):
        hints.pop(own, None)
    assert set(undeclared(command.__name__, hints)) <= NOT_KEPT


def texts(value: Any, hint: Any, path: str) -> Iterator[str]:
    """The path of every declared text in a value."""
    if declared_texts({"": hint}):
        yield path
    elif is_dataclass(value):
        hints = get_type_hints(type(value), include_extras=True)
        for each in fields(value):
            inner = getattr(value, each.name)
            yield from texts(inner, hints[each.name], f"{path}.{each.name}")
    elif isinstance(value, list | tuple) and value and is_dataclass(value[0]):
        yield from texts(value[0], None, f"{path}.0")


def changed(value: Any, path: Sequence[str], to: Callable[[str], str]) -> Any:
    if not path:
        return to(value or "")
    name, *rest = path
    if name == "0":
        return type(value)([changed(value[0], rest, to), *value[1:]])
    return replace(value, **{name: changed(getattr(value, name), rest, to)})


def typed_texts(example: Example) -> list[str]:
    hints = get_type_hints(inspect.unwrap(example.command), include_extras=True)
    return [
        found
        for name, value in example.arguments.items()
        for found in texts(value, hints.get(name), name)
    ]


def with_text(example: Example, path: str, to: Callable[[str], str]) -> dict[str, Any]:
    name, *rest = path.split(".")
    return {name: changed(example.arguments[name], rest, to)}


MEAN = {
    "\ue000": "U+E000 外字",
    "\u202e": "U+202E 右から左への上書き",
    "\x07": "U+0007 ベル",
    "\ud800": "U+D800 文字の片割れ",
    "\x00": "U+0000 ヌル文字",
    "\u200f": "U+200F 右から左への印",
}


@EACH
def test_no_text_of_any_command_takes_a_mean_character(
    make: Callable[[World], Example], world: World
) -> None:
    example = make(world)
    found = typed_texts(example)
    before, revision = list(all_rows(world)), data_revision(world.engine)
    for path in found:
        if path in example.unread:
            continue
        for number, (character, name) in enumerate(MEAN.items()):
            mean = with_text(example, path, lambda text, c=character: f"あ{c}{text}")
            with pytest.raises(InvalidInputError) as refusal:
                called(example, world, f"mean {number}", **mean)
            assert "の2文字目に" in str(refusal.value), path
            assert f"「{name}」" in str(refusal.value), path
        long = with_text(example, path, lambda text: text + "あ" * 5_000)
        with pytest.raises(InvalidInputError):
            called(example, world, "long", **long)
    assert list(all_rows(world)) == before
    assert data_revision(world.engine) == revision


@EACH
def test_no_text_of_any_command_keeps_what_cannot_be_seen(
    make: Callable[[World], Example], world: World
) -> None:
    example = make(world)
    for path in typed_texts(example):
        unseen = with_text(example, path, lambda text: f"\u200b{text[:1]}\u00ad{text[1:]}\ufeff")
        example = replace(example, arguments=example.arguments | unseen)
    called(example, world, "click")
    kept = [
        (table, value)
        for table, row in all_rows(world)
        for value in row
        if isinstance(value, str) and {"\u200b", "\ufeff", "\u00ad"} & set(value)
    ]
    assert kept == []
