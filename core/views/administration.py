"""What the page 管理 shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Engine

from core.access.account import Account
from core.access.permission import requires
from core.access.principal import Principal
from core.params import Parameter
from core.reference.pack import Reference
from core.store.accounts import all_accounts
from core.store.audit import AuditEntry, Head, head, latest_entries
from core.store.engine import at_one_moment, reading
from core.store.parameters import all_parameters
from core.store.verification import Verification, verify
from core.values.municipality import Municipality

_ENTRIES = 200


@dataclass(frozen=True)
class AdministrationAnswer:
    """Accounts, parameters, audit trail."""

    accounts: tuple[Account, ...]  # all accounts by name
    parameters: tuple[Parameter, ...]  # every value ever recorded, oldest first
    audit: tuple[AuditEntry, ...]  # the newest entries, newest first
    municipalities: tuple[Municipality, ...]


@requires("administration:read")
def administration_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
) -> AdministrationAnswer:
    """Everything the secretariat administers. Ask afresh: sign-ins do not raise the revision."""
    with reading(engine) as session:
        return AdministrationAnswer(
            accounts=tuple(all_accounts(session)),
            parameters=all_parameters(session),
            audit=tuple(latest_entries(session, _ENTRIES)),
            municipalities=reference.municipalities,
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
