"""Labels: declared once with the value, and still plain text wherever a value goes."""

from __future__ import annotations

import copy
import importlib
import json
import pkgutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, insert, select, text
from sqlalchemy.exc import IntegrityError

import core
import dashboard
from core.store.columns import choice
from core.values.label import Labelled


class Reply(Labelled):
    YES = "yes", "はい", "○"
    NO = "no", "いいえ", "×"

    @property
    def mark(self) -> str:
        return self.words[1]


def _enums() -> Iterator[type[StrEnum]]:
    for package in (core, dashboard):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" in module.name or module.name in ("dashboard.app", "dashboard.asgi"):
                continue
            for each in vars(importlib.import_module(module.name)).values():
                if isinstance(each, type) and issubclass(each, StrEnum) and len(each):
                    yield each


def test_every_label_is_declared_with_its_value_and_names_one_member():
    found = {f"{each.__module__}.{each.__name__}": each for each in _enums()}
    assert len(found) > 30
    for name, each in found.items():
        if hasattr(each, "label"):
            assert issubclass(each, Labelled), f"{name} writes its labels beside its values"
            labels = [member.label for member in each]
            assert all(labels), name
            assert len(set(labels)) == len(labels), f"{name}: two members read the same"


def test_a_member_without_a_label_is_not_declared():
    with pytest.raises(TypeError, match="without a label"):
        Labelled("Bare", {"X": "x"})


def test_the_value_is_what_json_formatting_and_reading_back_see():
    @dataclass(frozen=True)
    class Answer:
        reply: Reply

    assert json.dumps(asdict(Answer(Reply.YES))) == '{"reply": "yes"}'
    assert f"{Reply.YES}" == str(Reply.YES) == Reply.YES.value == "yes"
    assert Reply("no") is Reply.NO
    assert Reply["NO"].label == "いいえ"
    assert copy.deepcopy(Reply.NO) is Reply.NO
    with pytest.raises(ValueError, match="はい"):
        Reply("はい")


def test_after_a_module_is_loaded_again_the_values_still_compare():
    again = Labelled("Reply", {"YES": ("yes", "はい")})
    assert again.YES is not Reply.YES
    assert again.YES == Reply.YES
    assert {Reply.YES: 1}[again.YES] == 1


@given(st.sampled_from(Reply))
def test_label_and_mark_belong_to_the_member(reply: Reply):
    assert (reply.label, reply.mark) == {"yes": ("はい", "○"), "no": ("いいえ", "×")}[reply]


def test_a_column_holds_the_value_and_refuses_the_label():
    table = Table("answers", MetaData(), Column("reply", choice(Reply)))
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(insert(table).values(reply=Reply.NO))
        assert connection.execute(select(table.c.reply)).scalar_one() is Reply.NO
        assert connection.execute(text("SELECT reply FROM answers")).scalar_one() == "no"
        with pytest.raises(IntegrityError, match="CHECK"):
            connection.execute(text("INSERT INTO answers VALUES ('いいえ')"))
    engine.dispose()
