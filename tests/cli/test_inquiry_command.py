"""``noriai inquiry``: the list and who has answered, for readers and for machines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.access.principal import CONSOLE
from core.cli import context
from core.commands.inquiries import compose_inquiry, publish_inquiry
from core.inquiry.composition import Audience, AudienceKind
from core.inquiry.question import Question
from core.inquiry.typed import begun
from tests.cli.test_cli import own_database, run
from tests.support.reference import REFERENCE

__all__ = ["own_database"]
TWO = tuple(REFERENCE.by_code)[:2]


def asked(tmp_path: Path) -> None:
    """One published for two municipalities, one draft."""
    now = context.now()
    common = {"engine": context.engine(), "principal": CONSOLE, "now": now}
    engine, principal = common["engine"], common["principal"]
    made = begun("組織の調査", 2026, now.date())
    made = type(made)(
        **{**vars(made), "audience": Audience(AudienceKind.LIST, codes=TWO),
           "questions": (Question("q1", "text", "困りごと"),)}
    )  # fmt: skip
    for number, composition in enumerate((made, begun("つぎの調査", 2026, now.date()))):
        compose_inquiry(
            engine, principal, inquiry_id=0, composition=composition, seen_version=0,
            request_id=f"c{number}", now=now,
        )  # fmt: skip
    publish_inquiry(
        engine, principal, inquiry_id=1, seen_version=1, reference=REFERENCE, request_id="p",
        now=now,
    )  # fmt: skip


def test_the_list_and_the_state_of_one_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked(tmp_path)
    assert run("inquiry", "list") == 0
    newest, oldest = capsys.readouterr().out.splitlines()
    assert newest.split("\t")[::4] == ["R8-照会002", "つぎの調査"]
    assert oldest.split("\t")[3] == "0/2団体"
    assert run("inquiry", "list", "--json") == 0
    draft, published = json.loads(capsys.readouterr().out)
    assert (draft["state"], draft["asked"], draft["counts"]) == ("draft", None, None)
    assert (published["asked"], published["answered"]) == (2, 0)
    assert run("inquiry", "status", "R8-照会001", "--json") == 0
    status = json.loads(capsys.readouterr().out)
    assert [each["lg_code"] for each in status["municipalities"]] == list(TWO)
    assert {each["state"] for each in status["municipalities"]} == {"untouched"}
    assert run("inquiry", "status", "R8-照会002") == 0
    assert "まだ公開していません。" in capsys.readouterr().out


def test_a_number_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("inquiry", "status", "R8-照会999") == 2
    assert "noriai inquiry list" in capsys.readouterr().err
