"""Every write: one function, one transaction, one audit entry."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

from core.store.work import registered_labels


def action_labels() -> Mapping[str, str]:
    """Every action of the audit trail and what it is called, as it stands at its command."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)
    return registered_labels()
