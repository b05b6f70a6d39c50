"""Accounts many at once: a table in, every row's outcome, one click, and the sheets to hand over."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import astuple
from functools import partial

import streamlit as st

from core.access.account import FirstAccount
from core.access.principal import Principal
from core.commands.accounts import add_accounts
from core.exports.accounts import HandedOver, account_sheets_pdf, accounts_template, handed_over
from core.exports.file import file_name
from core.imports.accounts.plan import AccountOutcome, AccountsPlan, PlannedAccount
from core.imports.accounts.table import MAX_ROWS
from core.values.errors import DashboardError
from core.values.fiscal import JAPAN
from core.values.municipality import Municipality
from core.views.administration import accounts_import_view, accounts_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.answer import answer, answered
from dashboard.kit.chosen_file import choose_file
from dashboard.kit.submit import as_shown, download, refuse, request_id, submit
from dashboard.kit.tables import table

_FORM = "administration.import"
_SHEETS = "administration.sheets"
"""What is handed over of the accounts just made, as long as the answer that told of them stands."""
_FILE, _PASTE = "ファイルを選ぶ", "表を貼り付ける"


def draw_account_import(principal: Principal, municipalities: Sequence[Municipality]) -> None:
    """Choose or paste a table, see what becomes of every row, have it done, take the sheets."""
    with st.container(horizontal=True, vertical_alignment="center"):
        download(
            "様式をダウンロード",
            lambda _who: accounts_template(
                [m.name for m in municipalities], context.names().towns, context.today()
            ),
            "アカウント_取り込み様式.xlsx",
            key="administration.template",
        )
        st.caption(
            f"氏名と、{context.names().towns}か権限の列があれば、お手元の表もそのまま読めます({MAX_ROWS}行まで)。"
            "ユーザー名の列がないときは、メールアドレスの@の前などから作ります。メールアドレスは保存しません。"
        )
    _draw_sheets()
    content = _content()
    if content is None:
        widgets.empty_state(
            "表を選ぶか貼り付けると、追加する前に1行ずつの見込みを確認できます。"
            "確認だけでは何も変わりません。",
            "group_add",
        )
        return
    try:
        plan = accounts_import_view(
            context.engine(), principal, context.reference(), content=content
        )
    except DashboardError as error:
        widgets.show_refusal(error)
        return
    _draw_plan(plan)
    _draw_commit(plan, hashlib.sha256(content).hexdigest()[:16], municipalities)


def _content() -> bytes | None:
    """What was chosen or pasted; None for nothing. What was taken in empties the fields."""
    key = f"{_FORM}.{request_id(_FORM)}"
    way = st.segmented_control(
        "表の渡し方", (_FILE, _PASTE), default=_FILE, required=True, key="administration.import_way"
    )
    if way == _PASTE:
        pasted = st.text_area(
            "表(見出しの行も含めて貼り付け)",
            key=f"{key}.paste",
            height=160,
            placeholder=f"氏名\tメールアドレス\t{context.names().towns}\t権限",
        )
        return pasted.encode("utf-8", "replace") if pasted.strip() else None
    file = choose_file("表(ExcelまたはCSV)", key=f"{key}.file", type=["xlsx", "csv"])
    return None if file is None else bytes(file.getvalue())


def _draw_plan(plan: AccountsPlan) -> None:
    counted = "、".join(
        f"**{outcome.label} {len(plan.of(outcome))}行**" for outcome in AccountOutcome
    )
    st.markdown(f"見込み: {counted}")
    worst_first = (AccountOutcome.REFUSED, AccountOutcome.NEW, AccountOutcome.THERE)
    rows = [row for outcome in worst_first for row in plan.of(outcome)]
    columns = {
        "行": [f"{row.line}行目" for row in rows],
        "見込み": [row.outcome.label for row in rows],
        "氏名": [row.name for row in rows],
        context.names().towns: [_town(row) for row in rows],
        "事業者": [row.account.vendor if row.account else "" for row in rows],
        "権限": [row.account.role.label if row.account else "" for row in rows],
        "ユーザー名": [row.account.username if row.account else "" for row in rows],
        "読み方": [row.told for row in rows],
        "理由": [row.reason for row in rows],
    }
    shown = {name: cells for name, cells in columns.items() if any(cells)}
    table(shown, "表の行と、追加したときの見込み")


def _town(row: PlannedAccount) -> str:
    code = row.account.lg_code if row.account else None
    return context.reference().called(code) if code else ""


def _draw_commit(plan: AccountsPlan, content: str, municipalities: Sequence[Municipality]) -> None:
    new, refused = len(plan.new), len(plan.of(AccountOutcome.REFUSED))
    seen = as_shown(f"{_FORM}.{content}", plan.mark)
    left = False
    if refused:
        st.warning(
            f"{refused}行は、このままでは追加できません。表を直してもう一度渡すか、"
            "その行を除いて追加してください。",
            icon=":material/block:",
        )
        if new:
            left = st.checkbox(
                f"追加できない{refused}行を除いて、{new}件を追加する", key=f"{_FORM}.{content}.left"
            )
    elif not new:
        st.info("すべての行のアカウントがすでにあります。", icon=":material/done_all:")
    pressed = st.button(
        f"{new}件のアカウントを追加する",
        type="primary",
        icon=":material/group_add:",
        disabled=not new or (bool(refused) and not left),
        key=_FORM,
    )
    if not pressed:
        return
    if seen != plan.mark:
        refuse(
            {
                "file": "その間にアカウントが変わり、見込みが変わりました。見込みを確かめて、もう一度押してください。"
            },
            {},
        )
        return
    towns = {m.lg_code: m.name for m in municipalities}
    with st.spinner("パスワードを作っています"):
        submit(
            _FORM,
            partial(add_accounts, wanted=plan.new, known_codes=frozenset(towns)),
            partial(_made, plan, towns),
        )


def _made(plan: AccountsPlan, towns: dict[str, str], made: tuple[FirstAccount, ...]) -> str:
    handed = handed_over(plan.of(AccountOutcome.NEW), made, towns)
    st.session_state[_SHEETS] = [astuple(each) for each in handed]
    return f"{len(made)}件のアカウントを追加しました。最初のパスワードの紙は、この表示の間だけ受け取れます。"


def _draw_sheets() -> None:
    """The answer, and the sheets with the passwords as long as it stands."""
    answer(_FORM)
    held = st.session_state.get(_SHEETS)
    if held is None:
        return
    if not answered(_FORM):
        del st.session_state[_SHEETS]
        return
    handed = [HandedOver(*each) for each in held]
    places = len({each.place for each in handed})
    st.warning(
        f"{len(handed)}件の最初のパスワードを、いま受け取ってください({places}枚)。パスワードは"
        "どこにも保存されません。ほかの操作をするか画面を離れると受け取れなくなり、1件ずつの再発行が要ります。",
        icon=":material/print:",
    )
    download(
        "パスワードの紙(PDF)を受け取る",
        partial(_sheets, handed, context.settings().base_url),
        file_name(
            "アカウントのお知らせ",
            context.today().isoformat(),
            suffix=".pdf",
            made_up=widgets.made_up(),
        ),
        key="administration.sheets.pdf",
        icon=":material/print:",
        primary=True,
    )


def _sheets(handed: Sequence[HandedOver], address: str, who: Principal) -> bytes:
    ends = accounts_view(context.engine(), who, now=context.now()).first_password_ends
    until = ends.get(handed[0].username)
    return account_sheets_pdf(
        handed,
        address=address,
        until=until.astimezone(JAPAN).date() if until else None,
        made_on=context.today(),
        made_up=widgets.made_up(),
    )
