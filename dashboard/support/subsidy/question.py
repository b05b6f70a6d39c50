"""What 補助金 is asked for: the year and the programme; the case and the applicant beside them."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.access.principal import Principal
from core.values.fiscal import FiscalYear
from dashboard import context
from dashboard.kit import address
from dashboard.kit.choice import choose
from dashboard.support.subsidy.wording import CASE, TOWN

PART = "subsidy"
"""Of the address that this tab keeps."""
PROGRAMME = f"{PART}.programme"
_YEAR, _SHOWN_YEAR = f"{PART}.year", f"{PART}.shown_year"


@dataclass(frozen=True)
class Question(address.Question):
    """What is shown.

    Attributes:
        year: 年度; None is that of the case that is open, else that of today.
        programme: Key of the programme on the secretariat's board; empty for the first.
    """

    year: int | None = address.year("年度", key="granted_year")
    programme: str = address.words(key="programme")


def choose_year(principal: Principal) -> FiscalYear:
    """年度 whose subsidies are shown: this one, the two before and the next, or the one asked for."""
    this = context.this_fiscal_year()
    years = [FiscalYear(int(this) + n) for n in (1, 0, -1, -2)]
    named = address.opened(CASE)
    of_case = next((each for each in years if named.startswith(f"{each.short}-")), this)
    asked = address.current(Question, PART, principal).year
    shown = FiscalYear(asked) if asked else of_case
    if shown not in years:
        years = sorted([*years, shown], reverse=True)
    st.session_state[_SHOWN_YEAR] = int(shown)
    chosen = choose(
        st.selectbox,
        "年度",
        {int(each): each.full_label for each in years},
        key=_SHOWN_YEAR,
        on_change=_leave_details,
        width=260,
    )
    return FiscalYear(chosen)


def _leave_details() -> None:
    address.open_detail(CASE, "")
    address.open_detail(TOWN, "")
    st.session_state[_YEAR] = st.session_state[_SHOWN_YEAR]
