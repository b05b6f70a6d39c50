"""What would become of every row of a table of accounts, before any is made."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from types import MappingProxyType

from core.access.account import (
    DISPLAY_NAME,
    Account,
    NewAccount,
    account_name,
    check_account,
)
from core.access.principal import Role
from core.imports.accounts.table import AccountColumn, AccountRow
from core.imports.ledger.names import Names, says_nothing
from core.values.errors import InvalidInputError
from core.values.free_text import cleaned, mail_address, mail_problem, search_key
from core.values.label import Labelled


class AccountOutcome(Labelled):
    """What becomes of a row (アカウントの見込み)."""

    NEW = "new", "追加"
    THERE = "there", "登録済み"
    REFUSED = "refused", "追加できない"


@dataclass(frozen=True)
class PlannedAccount:
    """One row and what would become of it.

    Attributes:
        account: What would be made, or is there; None where the row cannot be read.
        mail: Only for whoever hands the password over; it is not kept.
        told: How the municipality was read where that is not how it is written.
        reason: What stands against it; empty for a new one.
    """

    line: int
    outcome: AccountOutcome
    name: str
    account: NewAccount | None
    mail: str = ""
    told: str = ""
    reason: str = ""


@dataclass(frozen=True)
class AccountsPlan:
    """Every row of a table, in its order."""

    rows: tuple[PlannedAccount, ...]

    def of(self, outcome: AccountOutcome) -> list[PlannedAccount]:
        """The rows something becomes of."""
        return [row for row in self.rows if row.outcome is outcome]

    @property
    def new(self) -> tuple[NewAccount, ...]:
        """The accounts that would be made."""
        return tuple(row.account for row in self.of(AccountOutcome.NEW) if row.account)

    @property
    def mark(self) -> int:
        """Another one as soon as anything in it is another."""
        return zlib.crc32(repr(self.rows).encode())


class _RefusedError(ValueError):
    """Why a row cannot be used."""


_ROLES = {
    search_key(word): role
    for role in (Role.VIEWER, Role.OFFICER, Role.ADVISER, Role.SECRETARIAT)
    for word in (role.label, role.value)
} | {
    search_key(word): Role.OFFICER
    for word in ("市町村", "市町村の職員", "職員", "団体職員", "市町職員", "市町の職員", "町村職員")
}


def plan_accounts(
    rows: Sequence[AccountRow],
    accounts: Iterable[Account],
    names: Names,
    municipalities: Collection[str],
    vendors: Mapping[int, str] = MappingProxyType({}),
) -> AccountsPlan:
    """What would become of every row; user names that are not given are made up from the mail.

    Args:
        accounts: All there are.
        names: Reads municipalities as people write them.
        municipalities: 団体コード of those that have officers.
        vendors: 事業者 by number, those that may have advisers.
    """
    planning = _Planning(accounts, names, frozenset(municipalities), vendors)
    return AccountsPlan(tuple(planning.planned(row) for row in rows))


_Place = tuple[Role, str | None, str]
"""Role, 団体コード of an officer, name of an adviser's 事業者."""


class _Planning:
    def __init__(
        self,
        accounts: Iterable[Account],
        names: Names,
        municipalities: frozenset[str],
        vendors: Mapping[int, str],
    ) -> None:
        there = [*accounts]
        self._by_name = {account.username: account for account in there}
        self._places: dict[str, _Place] = {
            a.username: (a.role, a.lg_code, vendors[a.vendor_id] if a.vendor_id else "")
            for a in there
        }
        self._people = {
            _person(a.display_name, self._places[a.username]): a.username for a in there
        }
        self._vendors = frozenset(vendors.values())
        self._names, self._municipalities = names, municipalities
        self._taken = set(self._by_name)
        self._lines: dict[tuple[str, _Place], int] = {}

    def planned(self, row: AccountRow) -> PlannedAccount:
        """One row."""
        shown = row.cells.get(AccountColumn.NAME, "")[:60]
        try:
            return self._read(row)
        except (_RefusedError, InvalidInputError) as error:
            return PlannedAccount(row.line, AccountOutcome.REFUSED, shown, None, reason=str(error))

    def _read(self, row: AccountRow) -> PlannedAccount:
        if row.problem:
            raise _RefusedError(row.problem)
        problems: dict[str, str] = {}
        cells = row.cells
        name = DISPLAY_NAME.read_into(problems, "name", cells.get(AccountColumn.NAME, ""))
        mail = mail_address(cells.get(AccountColumn.MAIL, ""))
        if mail and (problem := mail_problem(mail)):
            problems["mail"] = problem
        try:
            lg_code, told = self._town(cells)
            vendor = cleaned(cells.get(AccountColumn.VENDOR, ""))
            role = _role(cells.get(AccountColumn.ROLE, ""), lg_code, vendor)
        except ValueError as error:
            problems["lg_code"] = str(error)
        if problems:
            raise InvalidInputError(problems)
        given = account_name(cells.get(AccountColumn.USERNAME, ""))
        person = _person(name, (role, lg_code, vendor))
        if person in self._lines:
            raise _RefusedError(
                f"{self._lines[person]}行目と同じ人(氏名・団体・権限)です。1行にしてください。"
            )
        if there := self._there(given, person):
            known = self._by_name[there]
            account = NewAccount(there, known.display_name, role, lg_code, vendor)
            return PlannedAccount(
                row.line, AccountOutcome.THERE, name, account, mail, told,
                f"「{there}」({known.display_name})があります。",
            )  # fmt: skip
        username = given or self._made_up(mail, role, lg_code)
        account = NewAccount(username, name, role, lg_code, vendor)
        check_account(username, role, lg_code, self._municipalities, vendor, self._vendors)
        if account.username in self._taken:
            raise _RefusedError(
                f"ユーザー名「{account.username}」は既に使われています。別の名前にしてください。"
            )
        self._taken.add(account.username)
        self._lines[person] = row.line
        return PlannedAccount(row.line, AccountOutcome.NEW, name, account, mail, told)

    def _town(self, cells: Mapping[AccountColumn, str]) -> tuple[str | None, str]:
        """The municipality, and how it was read.

        Raises:
            ValueError: Nobody is meant, or no municipality.
        """
        code = cells.get(AccountColumn.CODE, "")
        name = cells.get(AccountColumn.MUNICIPALITY, "")
        if says_nothing(code) and says_nothing(name):
            return None, ""
        found = self._names.participant(code, name)
        if found.key not in self._municipalities:
            raise _RefusedError(
                f"「{name or code}」は、アカウントを持てる団体ではありません。空欄にするか、一覧の団体を入れてください。"
            )
        return found.key, found.read_as or found.correction

    def _there(self, given: str, person: tuple[str, _Place]) -> str:
        """User name of the account a row is about; empty for none."""
        if not given:
            return self._people.get(person, "")
        return given if self._places.get(given) == person[1] else ""

    def _made_up(self, mail: str, role: Role, lg_code: str | None) -> str:
        """A free user name: what stands before the @, then with the municipality, then a number."""
        local = re.sub(r"[^a-z0-9._-]+", "-", mail.partition("@")[0].lower()).strip("._-")[:24]
        base = "-".join(filter(None, (local or _NAMELESS[role], lg_code)))
        numbered = (f"{base}-{number}" for number in count(2))
        wanted = chain([local] if len(local) >= _SHORTEST else [], [base], numbered)
        return next(each for each in wanted if len(each) >= _SHORTEST and each not in self._taken)


_SHORTEST = 3
_NAMELESS = {
    Role.OFFICER: "tanto",
    Role.ADVISER: "adviser",
    Role.VIEWER: "viewer",
    Role.SECRETARIAT: "jimukyoku",
}


def _person(name: str, place: _Place) -> tuple[str, _Place]:
    return search_key(name).replace(" ", ""), place


def _role(text: str, lg_code: str | None, vendor: str) -> Role:
    """The role a row gives; without one that of a municipality's officer or a 事業者's adviser."""
    if not text.strip() and lg_code is not None:
        return Role.OFFICER
    if not text.strip() and vendor:
        return Role.ADVISER
    role = _ROLES.get(search_key(text))
    if role is None:
        shown = f"「{text.strip()[:20]}」は" if text.strip() else "団体が空欄のときは、"
        raise _RefusedError(
            f"{shown}権限を市町村職員・アドバイザー・閲覧者・事務局のいずれかで入れてください。"
        )
    return role
