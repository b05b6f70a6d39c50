from functools import partial

import streamlit as st

from dashboard import context
from dashboard.boarding.office import draw_windows
from dashboard.kit import address, widgets
from dashboard.ledger import coverage, files, overdue, record, register
from dashboard.ledger.question import PAGE, Question

LIST = "一覧・訂正"

principal = context.who()
st.title("参加台帳", anchor=False)
st.caption(
    "共同調達の参加の記録を積み重ねます。記録は消えず、誤りは訂正として重ねます。"
    "記録した内容は「共同調達」の画面と書き出しにすぐ反映します。"
)
arrived = address.take(Question, PAGE, principal)
question = address.current(Question, PAGE, principal)
widgets.take_tab("ledger.tab")
if arrived and question.record:
    st.session_state["ledger.tab"] = LIST
widgets.draw_tabs(
    "ledger.tab",
    {
        "予定の確認": partial(overdue.draw_overdue, principal),
        "記録する": partial(record.draw_record, principal),
        LIST: partial(register.draw_register, principal, question.record),
        "網羅": coverage.draw_coverage,
        "取り込み": partial(files.draw_import, principal),
        "書き出し": files.draw_export,
        "後乗り募集": partial(draw_windows, principal),
    },
    default=LIST if question.record else None,
)
address.write(PAGE, address.current(Question, PAGE, principal))
