"""What the page 管理 shows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from core.access.account import Account
from core.access.permission import requires
from core.access.principal import Principal
from core.params import Parameter
from core.reference.pack import Reference
from core.store.accounts import all_accounts
from core.store.audit import AuditEntry, first_broken_entry, latest_entries
from core.store.engine import reading
from core.store.parameters import all_parameters
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
def audit_check_view(engine: Engine, principal: Principal) -> int | None:  # noqa: ARG001
    """Number of the first audit entry that does not continue the chain; None when all do."""
    with reading(engine) as session:
        return first_broken_entry(session)
