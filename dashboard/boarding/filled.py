"""What a municipality kept of a system's price, in the fields before anybody types; it may be changed."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.access.principal import Principal, Role, allows
from core.boarding.request import MAX_MONTHS
from core.quotation.event import Quotation
from core.quotation.price import Price
from core.values.fiscal import era_date
from core.views.quotations import boarding_prices_view
from dashboard import context
from dashboard.boarding.question import PAGE
from dashboard.frame import navigation
from dashboard.kit.typed import escaped

_FILLED = f"{PAGE}.filled"
"""The programme whose fields were filled last, and what went into them."""


def fill(principal: Principal, programme: str) -> None:
    """Fill empty fields once a programme; what a link brought or somebody typed stays."""
    if principal.role is not Role.OFFICER or not allows(principal, "quotation:read"):
        return
    before = st.session_state.get(_FILLED)
    if before is not None and before["programme"] == programme:
        return
    held = {} if before is None else before["values"]
    values, told = _kept(str(principal.lg_code), programme)
    untouched = all(
        st.session_state.get(f"{PAGE}.{name}") in ("", None, held.get(name))
        for name in ("initial", "monthly")
    )
    filled: Mapping[str, str] = {}
    if untouched:
        for name in {*held, *values}:
            if st.session_state.get(f"{PAGE}.{name}") == held.get(name) or name in values:
                st.session_state[f"{PAGE}.{name}"] = values.get(name, _USUAL.get(name, ""))
        filled = values
    st.session_state[_FILLED] = {
        "programme": programme,
        "values": dict(filled),
        "told": told if filled else "",
    }


_USUAL = {"months": "60"}


def draw_told(principal: Principal, programme: str) -> None:
    """Where what stands in the fields comes from; the way to keep a price where there is none."""
    if principal.role is not Role.OFFICER or not allows(principal, "quotation:read"):
        return
    found = st.session_state.get(_FILLED, {})
    told = found.get("told", "") if found.get("programme") == programme else ""
    if told:
        st.caption(escaped(told))
    navigation.link(
        "quotations", "記録した価格を見る" if told else "見積を記録しておく", "request_quote"
    )


def _kept(lg_code: str, programme: str) -> tuple[dict[str, str], str]:
    """What goes into the fields, by name, and where it comes from."""
    principal = context.who()
    kept = context.answer(boarding_prices_view, principal, lg_code=lg_code, programme=programme)
    if kept.before is None or kept.before.price is None:
        return {}, ""
    price = kept.before.price
    amounts = {"initial": price.with_tax(price.initial), "monthly": price.with_tax(price.monthly)}
    values = {name: f"{amount:,}" for name, amount in amounts.items() if amount is not None}
    if price.months is not None and price.months <= MAX_MONTHS:
        values["months"] = f"{price.months:,}"
    told = f"{_named(kept.before, price)}から、税込で入れました。"
    joint = kept.joint.price if kept.joint else None
    if kept.joint and joint and (merit := _merit(price, joint)):
        values["merit"] = merit
        told += f"スケールメリットは{_named(kept.joint, joint)}との差です。"
    return values, f"{told}書き換えられます。"


def _named(quotation: Quotation, price: Price) -> str:
    return f"{quotation.label}({price.way.label}の{price.document.label}、{era_date(price.dated)})"


def _merit(before: Price, joint: Price) -> str:
    """How much less the joint price is, in hundredths of a percent, cut off; empty when unknown."""
    whole, reduced = before.yearly, joint.yearly
    if not whole or reduced is None or reduced > whole:
        return ""
    hundredths = (int(whole) - int(reduced)) * 10_000 // int(whole)
    return f"{hundredths // 100}.{hundredths % 100:02}%"
