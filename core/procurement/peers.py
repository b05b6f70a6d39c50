"""似た市町村・同じ地域: who is like us and in, who of our area is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.municipality import Likeness, Municipality, likenesses
from core.procurement.standing import NO_RECORD, TAKING_PART, State


@dataclass(frozen=True)
class Peer:
    """Another municipality and where it stands.

    Attributes:
        likeness: How it resembles ours.
        state: Where it stands in the programme.
    """

    likeness: Likeness
    state: State


@dataclass(frozen=True)
class Peers:
    """The others in one programme.

    Attributes:
        inside: Those alike in category, area or population that take part, most alike first.
        outside: Those of our area without a participation on record, most alike first. Not on
            record does not mean not taking part: names were never published for every system.
    """

    inside: tuple[Peer, ...]
    outside: tuple[Peer, ...]


def peers(
    ours: Municipality, municipalities: Iterable[Municipality], states: Mapping[str, State]
) -> Peers:
    """Sort the others by likeness.

    Args:
        ours: The municipality that asks; left out of the answer.
        municipalities: All municipalities.
        states: ``lg_code`` → state in the programme; absent is 記録なし.
    """
    found = [
        Peer(like, states.get(like.municipality.lg_code, NO_RECORD))
        for like in likenesses(ours, municipalities)
    ]
    return Peers(
        inside=tuple(
            peer for peer in found if peer.state.standing in TAKING_PART and peer.likeness.reasons
        ),
        outside=tuple(
            peer
            for peer in found
            if peer.state.standing not in TAKING_PART and peer.likeness.same_area
        ),
    )
