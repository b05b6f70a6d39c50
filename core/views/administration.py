"""What the page 管理 shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from core.access.account import FIRST_PASSWORD_DAYS, Account, SignIn
from core.access.permission import requires
from core.access.principal import Principal
from core.imports.accounts.plan import AccountsPlan, plan_accounts
from core.imports.ledger.names import Known, Names
from core.imports.reading import account_table
from core.params import Parameter
from core.reference.pack import Reference
from core.store.accounts import all_accounts, count_in_force, idle_time, sign_ins
from core.store.audit import (
    AuditEntry,
    AuditFilter,
    Head,
    audit_entries,
    count_entries,
    head,
    said_in_audit,
)
from core.store.engine import at_one_moment, reading
from core.store.parameters import all_parameters
from core.store.sign_in_limits import waits
from core.store.support import vendors
from core.store.trainings import training_names
from core.store.verification import Verification, verify
from core.values.errors import InvalidInputError
from core.values.fiscal import JAPAN, day_in_japan
from core.values.municipality import Municipality

AUDIT_PAGE = 50
"""Entries of the audit trail on one page."""
MOST_EXPORTED = 50_000
"""Most entries of one file."""


@dataclass(frozen=True)
class AdministrationAnswer:
    """Parameters, municipalities."""

    parameters: tuple[Parameter, ...]  # every value ever recorded, oldest first
    municipalities: tuple[Municipality, ...]


@requires("administration:read")
def administration_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
) -> AdministrationAnswer:
    """What the secretariat administers beside the accounts. Ask afresh: not all raises the revision."""
    with reading(engine) as session:
        return AdministrationAnswer(
            parameters=all_parameters(session),
            municipalities=reference.municipalities,
        )


@dataclass(frozen=True)
class AccountsAnswer:
    """The accounts and their sign-ins.

    Attributes:
        accounts: All of them, by name.
        sign_ins: Those that have not ended, the newest first.
        waits: Until when somebody has to wait before a try to sign in is looked at, by account.
        first_password_ends: When a first password that is still waited for ends, by account.
        vendors: Name by number, those an adviser can work for.
    """

    accounts: tuple[Account, ...]
    sign_ins: tuple[SignIn, ...]
    waits: Mapping[str, datetime]
    first_password_ends: Mapping[str, datetime]
    vendors: Mapping[int, str]

    def vendor_of(self, account: Account) -> str:
        """Name of the 事業者 an adviser works for; empty for everybody else."""
        return "" if account.vendor_id is None else self.vendors[account.vendor_id]

    def state_of(self, account: Account, now: datetime) -> str:
        """What stands in the way of an account, in words."""
        if not account.active:
            return "停止中"
        if until := self.waits.get(account.username):
            return f"失敗が続き{until.astimezone(JAPAN):%H:%M:%S}まで待ち"
        if ends := self.first_password_ends.get(account.username):
            if ends <= now:
                return "最初のパスワードの期限切れ(再発行が必要)"
            return f"最初のサインイン待ち({ends.astimezone(JAPAN):%m-%d %H:%M}まで)"
        return "有効"


@requires("account:manage")
def accounts_view(engine: Engine, principal: Principal, *, now: datetime) -> AccountsAnswer:  # noqa: ARG001
    """Every account with what stands in its way. Ask afresh: sign-ins do not raise the revision."""
    today = day_in_japan(now)
    with reading(engine) as session:
        parameters = all_parameters(session)
        lasts = timedelta(days=count_in_force(parameters, FIRST_PASSWORD_DAYS, today))
        accounts = tuple(all_accounts(session))
        return AccountsAnswer(
            accounts=accounts,
            sign_ins=tuple(sign_ins(session, now, idle_time(parameters, today))),
            waits=waits(session, now),
            first_password_ends={
                a.username: a.password_set_at + lasts for a in accounts if a.must_change_password
            },
            vendors={number: each.name for number, each in vendors(session).items()},
        )


@requires("account:manage")
def accounts_import_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    content: bytes,
) -> AccountsPlan:
    """What would become of every row of a table of accounts; nothing is written.

    Args:
        content: A file, or what was pasted, as UTF-8.

    Raises:
        InvalidInputError: Field ``file``: it cannot be read at all.
    """
    rows = account_table(content)
    with reading(engine) as session:
        accounts = all_accounts(session)
        known = {number: each.name for number, each in vendors(session).items()}
    codes = [municipality.lg_code for municipality in reference.municipalities]
    return plan_accounts(rows, accounts, Names(Known.of(reference)), codes, known)


@dataclass(frozen=True)
class AuditAnswer:
    """One page of the audit trail.

    Attributes:
        entries: Newest number first.
        older: The entry after the last of them, whatever else was asked for; None at the end.
        total: How many are asked for in all.
        names: What a key in the entries stands for: trainings and sessions.
    """

    entries: tuple[AuditEntry, ...]
    older: AuditEntry | None
    total: int
    names: Mapping[str, str]

    @property
    def pages(self) -> int:
        """Pages there are, one at least."""
        return max(1, -(-self.total // AUDIT_PAGE))


@requires("administration:read")
def audit_choices_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Account names and actions there are entries of: what the trail can be narrowed to."""
    with reading(engine) as session:
        actors, actions = said_in_audit(session)
        return tuple(actors), tuple(actions)


@requires("administration:read")
def audit_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    wanted: AuditFilter,
    page: int = 1,
) -> AuditAnswer:
    """A page of the entries that are wanted. Ask afresh: not every entry raises the revision."""
    with reading(engine) as session:
        found = audit_entries(session, wanted, AUDIT_PAGE + 1, AUDIT_PAGE * (max(page, 1) - 1))
        shown, rest = found[:AUDIT_PAGE], found[AUDIT_PAGE:]
        return AuditAnswer(
            entries=tuple(shown),
            older=rest[0] if rest else None,
            total=count_entries(session, wanted),
            names=training_names(session),
        )


@requires("administration:read")
def audit_export_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    wanted: AuditFilter,
) -> AuditAnswer:
    """Every entry that is wanted, for a file.

    Raises:
        InvalidInputError: Field ``audit``: more than a file holds.
    """
    with reading(engine) as session:
        total = count_entries(session, wanted)
        if total > MOST_EXPORTED:
            raise InvalidInputError(
                {
                    "audit": f"{total:,}件あります。1つのファイルは{MOST_EXPORTED:,}件までです。"
                    "期間を狭めて、分けて書き出してください。"
                }
            )
        return AuditAnswer(
            entries=tuple(audit_entries(session, wanted, MOST_EXPORTED)),
            older=None,
            total=total,
            names=training_names(session),
        )


@requires("audit:verify")
def audit_check_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    expected: Collection[Head] = (),
) -> Verification:
    """Whether the audit trail and the rows it speaks of are as they were written.

    Args:
        expected: Heads that were kept elsewhere.
    """
    with at_one_moment(engine) as session:
        return verify(session, expected)


@requires("audit:verify")
def audit_head_view(engine: Engine, principal: Principal) -> Head:  # noqa: ARG001
    """The end of the audit trail, to be kept elsewhere."""
    with reading(engine) as session:
        return head(session)
