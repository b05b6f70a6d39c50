import streamlit as st

from dashboard import context
from dashboard.boarding.office import draw_windows
from dashboard.kit import address
from dashboard.ledger import coverage, files, record, register
from dashboard.ledger.question import PAGE, Question

principal = context.who()
st.title("参加台帳", anchor=False)
st.caption(
    "共同調達の参加の記録を積み重ねます。記録は消えず、誤りは訂正として重ねます。"
    "記録した内容は「共同調達」の画面と書き出しにすぐ反映します。"
)
arrived = address.take(Question, PAGE, principal)
question = address.current(Question, PAGE, principal)
if arrived and question.record:
    st.session_state["ledger.tab"] = "一覧・訂正"
recording, listing, covering, taking, giving, windows = st.tabs(
    ["記録する", "一覧・訂正", "網羅", "取り込み", "書き出し", "後乗り募集"],
    on_change="rerun",
    key="ledger.tab",
)
with recording:
    if recording.open:
        record.draw_record(principal)
with listing:
    if listing.open:
        register.draw_register(principal, question.record)
with covering:
    if covering.open:
        coverage.draw_coverage()
with taking:
    if taking.open:
        files.draw_import(principal)
with giving:
    if giving.open:
        files.draw_export()
with windows:
    if windows.open:
        draw_windows(principal)
address.write(PAGE, address.current(Question, PAGE, principal))
