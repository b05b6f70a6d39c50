"""An adviser belongs to one 事業者 and reaches its municipalities, as the contracts stand now."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine

from core.access.account import Account, NewAccount
from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.commands.accounts import add_account, add_accounts, change_account, change_password
from core.commands.sessions import sign_in
from core.imports.accounts.plan import AccountOutcome
from core.values.errors import InvalidInputError
from core.views.administration import accounts_import_view, accounts_view
from core.views.session import session_view
from tests.support.pool import a_contract, a_vendor, take_back
from tests.support.reference import REFERENCE

SAKAI, HIRAKATA, SUITA = "271403", "272108", "272051"
CODES = frozenset({SAKAI, HIRAKATA, SUITA})
FIRM, OTHER = "株式会社みほん", "合同会社べつ"
GOOD = "kumo-hashi-midori-47"


def add(engine: Engine, now: datetime, **asked: object) -> str:
    given = {
        "username": "kaisha",
        "display_name": "みほん 太郎",
        "role": Role.ADVISER,
        "lg_code": None,
        "vendor": FIRM,
        "known_codes": CODES,
    }
    return add_account(engine, CONSOLE, **{**given, **asked}, now=now)


def entered(engine: Engine, password: str, now: datetime) -> str:
    who = Principal("kaisha", "", Role.VIEWER)
    change_password(engine, who, current=password, new=GOOD, repeated=GOOD, now=now)
    return sign_in(engine, PUBLIC, username="kaisha", password=GOOD, now=now)


def who(engine: Engine, token: str, now: datetime) -> Principal:
    return session_view(engine, PUBLIC, token=token, now=now)


def listed(engine: Engine, now: datetime) -> tuple[Account, str]:
    found = accounts_view(engine, CONSOLE, now=now)
    (account,) = (each for each in found.accounts if each.username == "kaisha")
    return account, found.vendor_of(account)


def test_whom_an_adviser_serves_follows_the_contracts_on_every_run(
    engine: Engine, now: datetime
) -> None:
    firm = a_vendor(engine, FIRM, now)
    a_contract(engine, OTHER, SUITA, now)
    token = entered(engine, add(engine, now), now)
    assert who(engine, token, now) == Principal(
        "kaisha", "みほん 太郎", Role.ADVISER, vendor_id=firm
    )
    first = a_contract(engine, FIRM, SAKAI, now)
    a_contract(engine, FIRM, HIRAKATA, now)
    assert who(engine, token, now).serves == {SAKAI, HIRAKATA}
    take_back(engine, first, now)
    assert who(engine, token, now).serves == {HIRAKATA}


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ({"vendor": ""}, "vendor", "事業者を1つ選んでください"),
        ({"vendor": "知らない会社"}, "vendor", "登録のない事業者です: 知らない会社"),
        ({"lg_code": SAKAI}, "lg_code", "市町村職員だけです"),
        ({"role": Role.VIEWER}, "vendor", "アドバイザーだけです"),
        ({"role": Role.OFFICER, "lg_code": SAKAI}, "vendor", "アドバイザーだけです"),
    ],
)
def test_an_account_that_cannot_be_is_refused_at_its_field(
    engine: Engine, now: datetime, asked: dict[str, object], field: str, words: str
) -> None:
    a_vendor(engine, FIRM, now)
    with pytest.raises(InvalidInputError) as refused:
        add(engine, now, **asked)
    assert words in refused.value.problems[field]


def test_another_vendor_ends_the_sign_ins_of_an_account(engine: Engine, now: datetime) -> None:
    a_vendor(engine, FIRM, now)
    other = a_vendor(engine, OTHER, now)
    token = entered(engine, add(engine, now), now)
    asked = {"role": Role.ADVISER, "officer_of": None, "known_codes": CODES}
    change_account(
        engine, CONSOLE, username="kaisha", display_name="太郎", vendor=OTHER, **asked, now=now
    )
    assert who(engine, token, now) == PUBLIC
    account, vendor = listed(engine, now)
    assert (account.vendor_id, vendor) == (other, OTHER)
    asked |= {"role": Role.OFFICER, "officer_of": SAKAI}
    change_account(engine, CONSOLE, username="kaisha", display_name="太郎", **asked, now=now)
    account, vendor = listed(engine, now)
    assert (account.role, account.lg_code, account.vendor_id, vendor) == (
        Role.OFFICER, SAKAI, None, "",
    )  # fmt: skip


def test_a_table_of_accounts_makes_advisers_and_refuses_an_unknown_vendor(
    engine: Engine, now: datetime
) -> None:
    a_vendor(engine, FIRM, now)
    rows = (
        "氏名,市町村,事業者,権限,ユーザー名\n"
        f"一郎,,{FIRM},,ichiro\n"
        f"二郎,,{FIRM},アドバイザー,jiro\n"
        "三郎,,知らない会社,アドバイザー,saburo\n"
        "四郎,,,アドバイザー,shiro\n"
        f"五郎,堺市,{FIRM},,goro\n"
    )
    plan = accounts_import_view(engine, CONSOLE, REFERENCE, content=rows.encode())
    assert [row.outcome for row in plan.rows] == [
        AccountOutcome.NEW, AccountOutcome.NEW, *[AccountOutcome.REFUSED] * 3,
    ]  # fmt: skip
    assert plan.new == (
        NewAccount("ichiro", "一郎", Role.ADVISER, None, FIRM),
        NewAccount("jiro", "二郎", Role.ADVISER, None, FIRM),
    )
    add_accounts(engine, CONSOLE, wanted=plan.new, known_codes=CODES, now=now)
    again = accounts_import_view(engine, CONSOLE, REFERENCE, content=rows.encode())
    assert [row.outcome for row in again.rows[:2]] == [AccountOutcome.THERE] * 2
