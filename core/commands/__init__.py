"""Every write: one function, one transaction, one audit entry (core/store/work.py).

``seen_…`` is the number of the last word on something that the form showed, 0 for none: a form that
was drawn before the last word is refused with who said what since.
"""

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
