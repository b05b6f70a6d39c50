"""The guard in front of every command and view."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine

from core.access.principal import Principal, check
from core.values.errors import PermissionDeniedError

_LOG = logging.getLogger("noriai")

P = ParamSpec("P")
R = TypeVar("R")


def requires(
    action: str, *, municipality: str | None = None
) -> Callable[
    [Callable[Concatenate[Engine, Principal, P], R]], Callable[Concatenate[Engine, Principal, P], R]
]:
    """Check POLICY before a command or view does anything at all.

    Args:
        action: Key of :data:`core.access.principal.POLICY`.
        municipality: Name of the argument that holds the ``lg_code`` the call is about; with it
            an officer reaches only the own municipality's rows.
    """

    def decorate(
        function: Callable[Concatenate[Engine, Principal, P], R],
    ) -> Callable[Concatenate[Engine, Principal, P], R]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def guarded(
            engine: Engine, principal: Principal, /, *args: P.args, **kwargs: P.kwargs
        ) -> R:
            lg_code = None
            if municipality is not None:
                bound = signature.bind(engine, principal, *args, **kwargs)
                lg_code = bound.arguments[municipality] or ""  # none named is not "any"
            try:
                check(principal, action, lg_code)
            except PermissionDeniedError:
                _LOG.warning(
                    "refused: %s by %r to %r",
                    action,
                    principal.username,
                    lg_code or principal.lg_code,
                )
                raise
            return function(engine, principal, *args, **kwargs)

        guarded.__dict__.update(action=action, municipality=municipality)
        return guarded

    return decorate
