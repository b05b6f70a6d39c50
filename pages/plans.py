import streamlit as st

from core.access.principal import Role
from core.estimate.calculation import NOTHING_CHOSEN
from core.exports.budget import budget_file_name, budget_workbook
from core.views.plans import ceiling_view, own_plans_view, plans_frame_view, plans_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit import widgets
from dashboard.kit.choice import choose
from dashboard.kit.copied import copied
from dashboard.kit.submit import download
from dashboard.kit.typed import escaped
from dashboard.plans import inputs, kept, result, wishes

principal = context.who()
frame = context.answer(plans_frame_view, principal, as_of=context.today())
plans = list(frame.plans)
numbers = [plan.number for plan in plans]

st.title("プラン選択・費用試算", anchor=False)
for problem in inputs.read_address(frame):
    st.warning(escaped(problem), icon=":material/link_off:")
inputs.draw_frame(frame.years)

choosing, answering = st.columns([62, 38], gap="medium")
with choosing:
    stated = plans[0]
    st.subheader(
        f"支援プラン :small[:gray[希望は{stated.wishes_as_of.isoformat()}時点の"
        f"{stated.wishes_status.label}〔{escaped(widgets.publisher_text(stated.source))}〕]]",
        anchor=False,
        help=escaped(f"{frame.programme.wishes_note} 出典: {widgets.source_text(stated.source)}"),
    )
    chosen = inputs.draw_plans(frame)
    inputs.draw_visits(frame)

request, problem = inputs.request_of_inputs(chosen)
link = inputs.write_address(request)
answer = context.answer(
    plans_view,
    principal,
    request=request,
    demand=st.session_state.get("plans.demand"),
    shortfall=st.session_state.get("plans.shortfall"),
)
estimate = answer.estimate
year = estimate.first
officer = principal.role is Role.OFFICER and principal.lg_code is not None
own_name = context.reference().municipality(str(principal.lg_code)).name if officer else None

with answering, st.container(border=True, key="plans-side"):
    if problem:
        st.error(escaped(problem), icon=":material/error:")
    if year.lines:
        result.draw_result(estimate)
    else:
        widgets.empty_state(NOTHING_CHOSEN, "touch_app")
    download(
        "予算要求書(Excel)を作る",
        lambda _: budget_workbook(
            estimate,
            reference=context.reference(),
            municipality=own_name,
            made_on=context.today(),
            link=context.address("plans", link),
            made_up=widgets.made_up(),
        ),
        budget_file_name(estimate, own_name, context.today(), made_up=widgets.made_up()),
        icon=":material/table_view:",
        primary=True,
        disabled=not year.lines,
        key="plans.workbook",
    )
    if year.lines:
        result.draw_working(year)

titles = ["三つの場合", "月別", "年度別", "上限から選ぶ", "条件を変えて試す", "保存・希望の提出"]
cases, months, by_year, ceiling, own_terms, keeping = st.tabs(
    titles, on_change="rerun", key="plans.tab"
)
with cases:
    if cases.open:
        if not year.lines:
            widgets.empty_state(NOTHING_CHOSEN, "touch_app")
        elif answer.scenarios:
            result.draw_scenarios(answer.scenarios)
        widgets.show_problem(answer.scenario_problems, "demand", "shortfall")
        result.draw_scenario_inputs(answer)
with months:
    if months.open:
        if year.lines:
            result.draw_months(year)
        else:
            widgets.empty_state(NOTHING_CHOSEN, "touch_app")
with by_year:
    if by_year.open:
        if year.lines:
            result.draw_years(estimate)
        else:
            widgets.empty_state(NOTHING_CHOSEN, "touch_app")
with ceiling:
    if ceiling.open:
        st.caption(
            "一般財源の上限を入れると、収まるプランの組合せをすべて探します。"
            "回数は上の各プランの回数、年度・開始月・条件も上の入力を使います。"
        )
        amount = st.number_input(
            "一般財源の上限(円)",
            0,
            10**9,
            step=100_000,
            value=1_200_000,
            key="plans.ceiling",
            persist_state="session",
        )
        required = choose(
            st.pills,
            "必ず入れるプラン",
            {plan.number: f"{plan.number}.{plan.short_name}" for plan in plans},
            selection_mode="multi",
            key="plans.required",
            persist_state="session",
        )
        fits = context.answer(
            ceiling_view,
            principal,
            ceiling=amount,
            request=request,
            visits=inputs.visits_of_inputs(),
            required=tuple(required),
        )
        if fits:
            result.draw_fits(fits, plans)
        else:
            widgets.empty_state(
                "この上限に収まる組合せはありません。上限を上げるか、回数や必ず入れるプランを減らしてください。"
            )
with own_terms:
    if own_terms.open:
        inputs.draw_own_terms()
with keeping:
    if keeping.open:
        if not officer:
            widgets.empty_state(
                "市町村職員としてサインインすると、試算を保存して比べ、参加希望を提出できます。",
                "lock",
            )
            if principal.role is Role.PUBLIC:
                navigation.link("sign_in", "サインインへ進む", "login")
        else:
            lg_code = str(principal.lg_code)
            own = context.answer(own_plans_view, principal, lg_code=lg_code)
            left, right = st.columns(2, gap="medium")
            with left:
                st.subheader("参加希望の提出", anchor=False)
                wishes.draw_hand_in(lg_code, estimate, own, plans)
            with right:
                st.subheader("試算の保存", anchor=False)
                kept.draw_keep(lg_code, estimate, numbers)
            st.subheader("保存した試算の比較", anchor=False)
            kept.draw_compare(principal, own)
with st.expander("この試算のリンク(同じ入力の試算を再現するアドレス)", icon=":material/link:"):
    copied(context.address("plans", link))
