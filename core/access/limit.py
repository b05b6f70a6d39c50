"""How fast wrong passwords may follow each other (サインインの制限).

Each limit lets a few tries through at once and then one in a while: a bucket that fills again. So a
wait is never longer than that while, however long the tries went on, and is over when they are. A
try that has to wait is not looked at: it costs nothing, counts as nothing and tells nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from types import MappingProxyType

from core.values.label import Labelled

KNOWN_FOR = timedelta(days=90)
"""A browser or an address somebody signed in from stays theirs for this long."""
_IPV6_SITE = 64


class LimitKind(Labelled):
    """What a limit is about (制限の対象)."""

    BROWSER = "browser", "いつものブラウザ"
    PAIR = "pair", "アカウントと接続元"
    ACCOUNT = "account", "アカウント"
    ADDRESS = "address", "接続元"


@dataclass(frozen=True)
class Limit:
    """One limit.

    Attributes:
        free: Wrong passwords let through one after the other.
        every: Then one in this time, which is also the longest wait.
    """

    free: int
    every: timedelta

    def opens_at(self, spent_until: datetime | None, now: datetime) -> datetime:
        """From when on another try is looked at; ``now`` when it is at once.

        Args:
            spent_until: When all that was spent will be there again; None when nothing was.
        """
        opens = self._spent(spent_until, now) - (self.free - 1) * self.every
        return max(now, min(opens, now + self.every))

    def spent_by(self, spent_until: datetime | None, now: datetime) -> datetime:
        """The same as ``spent_until`` after one more wrong password."""
        return min(self._spent(spent_until, now) + self.every, now + self.free * self.every)

    def _spent(self, spent_until: datetime | None, now: datetime) -> datetime:
        """Further ahead than a whole filling it was written before the clock was set back."""
        if spent_until is None or spent_until > now + self.free * self.every:
            return now
        return max(now, spent_until)


LIMITS: Mapping[LimitKind, Limit] = MappingProxyType(
    {
        LimitKind.BROWSER: Limit(free=10, every=timedelta(minutes=1)),
        LimitKind.PAIR: Limit(free=5, every=timedelta(minutes=1)),
        LimitKind.ACCOUNT: Limit(free=20, every=timedelta(minutes=1)),
        LimitKind.ADDRESS: Limit(free=20, every=timedelta(seconds=15)),
    }
)
"""An office is one address: its people share 20 mistakes at once and 4 a minute."""


@dataclass(frozen=True)
class Bucket:
    """What one limit counts.

    Attributes:
        account: Account name, or what stands for one that does not exist; empty for an address.
        origin: Address or digest of a browser; empty for an account alone.
    """

    kind: LimitKind
    account: str
    origin: str


@dataclass(frozen=True)
class Origin:
    """Where a try comes from.

    Attributes:
        address: As :func:`site_of` makes it; empty when it is not known.
        browser: Digest of the browser's own secret; empty without one.
        known_browser: The account was signed in from this browser within :data:`KNOWN_FOR`.
        known_address: The same of this address.
    """

    address: str
    browser: str = ""
    known_browser: bool = False
    known_address: bool = False


def buckets(account: str, origin: Origin) -> list[Bucket]:
    """What a try has to pass, and what a wrong password is counted in.

    Whoever signed in from this browser before is nobody's hostage: only their own mistakes count.
    From an address known of them they share what is counted for that address, from elsewhere also
    what strangers did to the account.
    """
    if origin.known_browser:
        return [Bucket(LimitKind.BROWSER, account, origin.browser)]
    found = [
        Bucket(LimitKind.PAIR, account, origin.address),
        Bucket(LimitKind.ADDRESS, "", origin.address),
    ]
    return found if origin.known_address else [*found, Bucket(LimitKind.ACCOUNT, account, "")]


def site_of(address: str) -> str:
    """Whom an address stands for: itself, or of IPv6 the network a site has to itself.

    Examples:
        >>> site_of("::ffff:10.1.2.3"), site_of("2001:db8:0:1:2::3"), site_of("testclient")
        ('10.1.2.3', '2001:db8:0:1::/64', '')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((int(found), _IPV6_SITE), strict=False))


def stand_in(name: str) -> str:
    """What is kept in place of a user name that does not exist, which may be a password.

    Sixteen bits of its digest: enough that trying it again is noticed, and nothing to read back.
    """
    return "?" + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:4]
