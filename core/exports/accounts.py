"""Accounts made many at once: the empty table for them, and a sheet to hand over per municipality."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from core.access.account import FirstAccount
from core.access.principal import Role
from core.exports.paper import DARK, FOOT, GREY, Paper
from core.exports.template import FillIn, template
from core.imports.accounts.plan import PlannedAccount
from core.imports.accounts.table import SHEET, AccountColumn
from core.values.fiscal import era_date

_PER_PAGE = 10
_ROLES = (Role.OFFICER, Role.ADVISER, Role.VIEWER, Role.SECRETARIAT)
_COLUMNS = (
    FillIn(AccountColumn.NAME, 24, "画面に表示する名前。例: DX推進課 山田花子", needed=True),
    FillIn(
        AccountColumn.MAIL,
        32,
        "空欄でかまいません。ユーザー名を作るのに使い、紙に載せます。保存はしません。",
        needed=False,
    ),
    FillIn(AccountColumn.CODE, 12, "団体の名前を入れれば、空欄でかまいません。", needed=False),
    FillIn(
        AccountColumn.MUNICIPALITY,
        16,
        "一覧から選びます。市町村職員のほかは空欄にします。",
        needed=False,
    ),
    FillIn(
        AccountColumn.VENDOR,
        24,
        "アドバイザーのときだけ、登録された事業者の名前を入れます。",
        needed=False,
    ),
    FillIn(
        AccountColumn.ROLE,
        14,
        "一覧から選びます。空欄は、団体があれば市町村職員、事業者があればアドバイザーとします。",
        needed=False,
    ),
    FillIn(
        AccountColumn.USERNAME,
        24,
        "空欄でかまいません。空欄のときはメールアドレスの@の前などから作ります。",
        needed=False,
    ),
)


def accounts_template(municipalities: Sequence[str], towns: str, made_on: date) -> bytes:
    """An empty table to fill in.

    Args:
        municipalities: Names to choose from.
        towns: What all of them are called together: heading of their column.
    """
    columns = [
        replace(each, heading=towns) if each.heading == AccountColumn.MUNICIPALITY else each
        for each in _COLUMNS
    ]
    lists: dict[str, Sequence[str]] = {
        towns: municipalities,
        AccountColumn.ROLE: [role.label for role in _ROLES],
    }
    then = "保存して「管理」の「アカウント」の「まとめて追加」で選ぶと、追加する前に1行ずつ確かめられます。"
    return template(SHEET, columns, lists, then, made_on)


@dataclass(frozen=True)
class HandedOver:
    """One account as its sheet shows it.

    Attributes:
        place: Municipality or 事業者; of everybody else the role.
        mail: Empty when it was not given.
    """

    place: str
    name: str
    username: str
    password: str = field(repr=False)
    mail: str = ""


def handed_over(
    rows: Iterable[PlannedAccount], made: Iterable[FirstAccount], towns: Mapping[str, str]
) -> list[HandedOver]:
    """What is handed over of the accounts that were made.

    Args:
        rows: Of the plan, those it made new, in its order.
        made: As :func:`core.commands.accounts.add_accounts` gives them.
        towns: Name by 団体コード.
    """
    passwords = {each.username: each.password for each in made}
    return [
        HandedOver(
            towns[account.lg_code] if account.lg_code else account.vendor or account.role.label,
            account.display_name,
            account.username,
            passwords[account.username],
            row.mail,
        )
        for row in rows
        if (account := row.account) is not None
    ]


def account_sheets_pdf(
    accounts: Sequence[HandedOver],
    *,
    address: str,
    until: date | None,
    made_on: date,
    made_up: bool,
) -> bytes:
    """One sheet per municipality, to be handed over and not kept (PDF).

    Args:
        accounts: At least one; a sheet has those of one place, in the order given.
        address: Where to sign in.
        until: Last day of the first password; None when none is known.
    """
    by_place: dict[str, list[HandedOver]] = {}
    for each in accounts:
        by_place.setdefault(each.place, []).append(each)
    pages = [
        (place, those[start : start + _PER_PAGE])
        for place, those in by_place.items()
        for start in range(0, len(those), _PER_PAGE)
    ]
    paper = Paper("乗合 アカウントのお知らせ", made_on, made_up=made_up)
    for number, (place, those) in enumerate(pages):
        if number:
            paper.begin_page()
        _write(paper, place, those, address, until, made_on)
    return paper.finished()


def _write(
    paper: Paper,
    place: str,
    those: Sequence[HandedOver],
    address: str,
    until: date | None,
    made_on: date,
) -> None:
    paper.line_of(f"{place} 御中", 12)
    paper.ln(1)
    paper.line_of("乗合(Noriai) アカウントのお知らせ", 18, DARK)
    paper.line_of(f"作成日 {era_date(made_on)}", 9)
    paper.section("画面のアドレス")
    paper.line_of(address, 13)
    paper.section(
        "アカウントと最初のパスワード",
        "最初のパスワードは、本人だけに渡してください。再び表示することはできません。"
        "ハイフン(-)も含めて、半角の小文字で入力します。読み違えやすい文字(0とo、1とlとi)は使っていません。",
    )
    paper.table_of(
        (("氏名", 56.0), ("ユーザー名", 60.0), ("最初のパスワード", 70.0)),
        [
            (each.name + (f"\n{each.mail}" if each.mail else ""), each.username, each.password)
            for each in those
        ],
        10,
    )
    paper.section("はじめに行うこと")
    ends = f"{era_date(until)}までに" if until else ""
    for step, line in enumerate(
        (
            "上のアドレスを、LGWANにつながる端末のブラウザーで開きます。",
            f"{ends}ユーザー名と最初のパスワードでサインインします。"
            + ("この日を過ぎると使えず、再発行が要ります。" if until else ""),
            "画面の案内に従い、自分だけが知るパスワード(12文字以上)に変えます。",
            "各団体の職員の方は「わがまち」の「担当者」を確かめ、連絡を受ける人を登録してください。",
            "パスワードを変えたら、この紙をシュレッダーなどで廃棄してください。",
        ),
        start=1,
    ):
        paper.line_of(f"{step}. {line}", 10)
        paper.ln(0.6)
    paper.set_y(FOOT)
    paper.line_of(
        "取扱注意。サインインできないときや、心当たりのないときは、事務局に連絡してください。",
        8,
        GREY,
    )
