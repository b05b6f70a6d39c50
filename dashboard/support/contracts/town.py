"""One municipality: what waits for a contract, its contracts, the one that is open."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal
from core.values.money import yen_text
from core.views.support import ContractInYear, OwnSupportAnswer, own_support_view
from dashboard import context
from dashboard.kit import address, titles, widgets
from dashboard.kit.answer import answer
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.support.contracts.conclude import CONCLUDED, draw_conclude
from dashboard.support.contracts.contract import draw_contract
from dashboard.support.contracts.wording import contract_words, term_words


def draw_town(principal: Principal, lg_code: str) -> None:
    """What is due first; every act is about this municipality, whoever records it."""
    own = context.answer(own_support_view, principal, lg_code=lg_code, today=context.today())
    draw_conclude(own)
    answer(CONCLUDED)
    opened = _opened(own)
    if not own.contracts:
        if not own.to_conclude:
            widgets.empty_state(
                "契約はまだありません。参加希望が議決されると、ここから契約を記録できます。",
                "handshake",
            )
        return
    _draw_list(own, opened)
    if opened is not None:
        titles.title(contract_words(opened))
        draw_contract(own, opened)


def _opened(own: OwnSupportAnswer) -> ContractInYear | None:
    """What the address names, else the newest that stands."""
    named = address.opened("contract")
    by_key = {str(each.contract.contract_id): each for each in own.contracts}
    if named and named not in by_key:
        st.warning(
            f"リンクの契約「{escaped(named)}」はありません。番号を確かめてください。",
            icon=":material/link_off:",
        )
    if named in by_key:
        return by_key[named]
    return next((each for each in own.contracts if each.contract.stands), None)


def _draw_list(own: OwnSupportAnswer, opened: ContractInYear | None) -> None:
    shown = list(own.contracts)
    if len(shown) == 1 and opened is not None:
        return
    st.subheader("契約の一覧", anchor=False)

    def pick(row: int) -> None:
        address.open_detail("visit", "")
        address.open_detail("contract", str(shown[row].contract.contract_id))

    table(
        {
            "契約": [each.contract.number.label for each in shown],
            "事業者": [each.contract.vendor.name for each in shown],
            "状態": ["契約中" if each.contract.stands else "取消し" for each in shown],
            "期間": [term_words(each.contract.terms) for each in shown],
            "契約額": [yen_text(each.contract.terms.amount) for each in shown],
            "支払済": [yen_text(each.contract.paid) for each in shown],
            "実施/契約": [
                f"{sum(p.held for p in each.paces)}/{each.contract.terms.visits}回"
                for each in shown
            ],
        },
        alt="契約の一覧",
        key=f"contracts.list.{own.municipality.lg_code}",
        on_pick=pick,
        chosen=shown.index(opened) if opened in shown else None,
    )
