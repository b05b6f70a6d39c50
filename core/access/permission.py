"""The guard in front of every command and view."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable, Collection
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

from sqlalchemy import Engine

from core.access.principal import Principal, check, need_of
from core.values.errors import NotOfferedError, PermissionDeniedError
from core.values.offer import OfferedPart

_LOG = logging.getLogger("noriai")

P = ParamSpec("P")
R = TypeVar("R")


class Offering(Protocol):
    """The reference data, as far as this guard knows it."""

    @property
    def offers(self) -> Collection[OfferedPart]:
        """What the prefecture offers."""


def requires(
    action: str, *, municipality: str | None = None
) -> Callable[
    [Callable[Concatenate[Engine, Principal, P], R]], Callable[Concatenate[Engine, Principal, P], R]
]:
    """Check POLICY before a command or view does anything at all, then that what it is about is offered.

    The second is asked of the argument ``reference``; what takes none answers for itself.

    Args:
        action: Key of :data:`core.access.principal.POLICY`.
        municipality: Name of the argument that holds the ``lg_code`` the call is about; with it
            an officer reaches only the own municipality's rows.
    """

    def decorate(
        function: Callable[Concatenate[Engine, Principal, P], R],
    ) -> Callable[Concatenate[Engine, Principal, P], R]:
        signature = inspect.signature(function)
        need = need_of(action) if "reference" in signature.parameters else None

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
            if need is not None:
                bound = signature.bind(engine, principal, *args, **kwargs)
                if need not in cast("Offering", bound.arguments["reference"]).offers:
                    raise NotOfferedError(need.label)
            return function(engine, principal, *args, **kwargs)

        guarded.__dict__.update(action=action, municipality=municipality)
        return guarded

    return decorate
