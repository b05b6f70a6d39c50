"""集計: what was answered to an inquiry, question by question, by group, and side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from types import MappingProxyType

import streamlit as st

from core.access.principal import Principal
from core.figures.scenes.inquiries import groups_words
from core.inquiry.answer import BLANK_LABEL, NOT_APPLICABLE_LABEL, NOTHING, UNANSWERED_LABEL
from core.inquiry.groups import GroupBy, groups
from core.inquiry.kinds.kind import TallyLine
from core.inquiry.question import Question
from core.inquiry.reading import words_of
from core.inquiry.response import japan_moment
from core.inquiry.tally import QuestionTally
from core.inquiry.wish_money import WishMoney, WishTotal
from core.values.figure import day_label, number_text, value_text
from core.values.free_text import search_key
from core.values.money import amount_labels
from core.views.inquiries import InquiryAnswer, TallyAnswer, tally_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.inquiries import files, past_vote
from dashboard.kit.cards import definitions, plain
from dashboard.kit.choice import choose, choose_or_all
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.kit.widgets import draw_tabs, empty_state, some_of

_FEW = 12
"""So many questions are shown one below the other; of more one is chosen."""


def draw(principal: Principal, found: InquiryAnswer) -> None:
    """Every question counted; of a hidden one only how many answered."""
    inquiry = found.inquiry
    number = inquiry.inquiry_id
    if found.hidden:
        _draw_hidden(principal, found)
        return
    by, only = _draw_groups(found)
    answer = context.answer(
        tally_view, principal, inquiry_id=number, by=by, only=only, today=context.today()
    )
    _draw_head(answer, only)
    if not answer.are_in:
        empty_state("まだ提出がありません。提出されると、ここで数えます。", "bar_chart")
        return
    draw_tabs(
        f"inquiry.tally.{number}",
        {
            "設問ごと": partial(_draw_questions, answer, by if not only else None),
            "団体を並べる": partial(_draw_beside, answer),
        },
        param="by",
    )
    files.draw_files(answer)


def _draw_hidden(principal: Principal, found: InquiryAnswer) -> None:
    """How many voted, and where it is revealed; nothing else came from the database."""
    answer = context.answer(
        tally_view, principal, inquiry_id=found.inquiry.inquiry_id, today=context.today()
    )
    st.info(
        f"結果は伏せています。**{answer.are_in}団体**が投票しました({len(answer.asked)}団体のうち、"
        f"{escaped(day_label(context.today()))})。公開するまで、内容はどの画面・ファイルにも出ません。",
        icon=":material/visibility_off:",
    )
    _draw_wall(found.inquiry.inquiry_id)
    st.caption(
        "公開は、会議の画面の「結果を公開」(R)か、「経過」の「結果を公開する」で行います。"
        "公開したときの集計は、会議の控えに残ります。"
    )
    past_vote.draw(found.inquiry.composition.questions)


def _draw_wall(number: int) -> None:
    query = {"set": f"inquiry-{number}"}
    navigation.link("meeting", "会議の画面に映す", "present_to_all", query)


def _draw_groups(found: InquiryAnswer) -> tuple[GroupBy | None, str]:
    key, towns = f"inquiry.by.{found.inquiry.inquiry_id}", context.reference().ever
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ways = {"": "分けない"} | {each.value: f"{each.label}ごと" for each in GroupBy}
        by = choose(st.selectbox, "分け方", ways, key=key, width=180)
        if not by:
            return None, ""
        names = groups(towns.values(), found.inquiry.audience, GroupBy(by))
        labels = {name: f"{name}({len(codes)})" for name, codes in names.items()}
        only = choose_or_all("数える団体", labels, f"{key}.{by}", width=260)
    return GroupBy(by), only


def _draw_head(answer: TallyAnswer, only: str) -> None:
    inquiry = answer.inquiry
    last = "" if answer.as_of is None else f"・最後の回答 {japan_moment(answer.as_of)}"
    who = f"{only}の" if only else ""
    st.markdown(
        f"{escaped(who)}{len(answer.asked)}団体のうち **{answer.are_in}団体**が提出"
        f"({escaped(day_label(context.today()))}{escaped(last)})"
    )
    definitions(
        {
            "定義": "各団体が最後に提出した回答を、設問ごとに数えたもの。",
            "集計基準": "差戻し中・下書きは数えない。期限後の提出と事務局が代わりに記録した回答を含む。"
            f"{NOT_APPLICABLE_LABEL}・{BLANK_LABEL}・条件で聞いていない・{UNANSWERED_LABEL}は別々に数える。",
            "基準日": day_label(context.today()),
            "出典": f"照会 {inquiry.number.label}「{inquiry.composition.title}」の回答",
        }
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        _draw_wall(inquiry.inquiry_id)
        if answer.moment is not None:
            query = {"freeze": str(answer.moment)}
            navigation.link("meeting", "公開したときの控えを開く", "history", query)


# ── question by question ──────────────────────────────────────────────────────────────────────


def _draw_questions(answer: TallyAnswer, by: GroupBy | None) -> None:
    found = {each.question.key: each for each in answer.questions}
    shown = list(found.values())
    if len(found) > _FEW:
        labels = {
            key: f"{place}. {each.question.label}"
            for place, (key, each) in enumerate(found.items(), start=1)
        }
        key = f"inquiry.question.{answer.inquiry.inquiry_id}"
        shown = [found[choose(st.selectbox, "設問", labels, next(iter(labels)), key=key)]]
    for tally in shown:
        number = answer.inquiry.composition.number_of(tally.question.key)
        with st.container(key=f"noriai-row-tally.{tally.question.key}"):
            st.markdown(f"#### {number}. {escaped(tally.question.label)}")
            st.markdown(escaped(groups_words(tally)))
            _KINDS.get(tally.question.kind, _draw_said)(answer, tally)
            _draw_nothings(tally)
            if by is not None:
                _draw_parts(answer, tally, by)
            if tally.question.kind == "ranking":
                past_vote.draw([tally.question])


def _draw_nothings(tally: QuestionTally) -> None:
    """Who is behind each nothing, by name."""
    towns = context.reference().ever
    said = {
        NOT_APPLICABLE_LABEL: tally.not_applicable,
        BLANK_LABEL: tally.blank,
        "聞いていない(条件)": tally.not_asked,
        UNANSWERED_LABEL: tally.unanswered,
    }
    lines = [
        f"{label} {len(codes)}団体: {some_of(towns[code].name for code in codes)}"
        for label, codes in said.items()
        if codes
    ]
    if lines:
        st.caption(escaped(" / ".join(lines)))


def _draw_options(_answer: TallyAnswer, tally: QuestionTally) -> None:
    """A bar an option, with its share of those who answered and of those with 該当なし."""
    base = len(tally.answered)
    with_none = base + len(tally.not_applicable)
    _bars(
        tally,
        [(x.label, _share_words(x, base, with_none), len(x.codes), base) for x in tally.lines],
    )
    _draw_names(tally.lines)


def _share_words(line: TallyLine, base: int, with_none: int) -> str:
    many = len(line.codes)
    if not base:
        return f"{many}団体"
    said = f"{many}団体({number_text(Fraction(100 * many, base))}%)"
    if with_none > base:
        share = number_text(Fraction(100 * many, with_none))
        said += f"・{NOT_APPLICABLE_LABEL}を含めると{share}%"
    return said


def _bars(tally: QuestionTally, rows: Sequence[tuple[str, str, int, int]]) -> None:
    """Label, words, how many of how many."""
    inside = "".join(
        f'<li><div class="words"><span>{plain(label)}</span><span>{plain(words)}</span></div>'
        f'<div class="bar" aria-hidden="true"><span class="{"" if many else "none"}" '
        f'style="width:{100 * many / max(whole, 1):.2f}%"></span></div></li>'
        for label, words, many, whole in rows
    )
    st.html(
        f'<ul class="noriai-bars" aria-label="{plain(tally.question.label)}の集計">{inside}</ul>'
    )


def _draw_names(lines: Sequence[TallyLine]) -> None:
    towns = context.reference().ever
    with st.expander("団体名", icon=":material/list:"):
        table(
            {
                "回答": [x.label for x in lines],
                "団体": ["、".join(towns[code].name for code in x.codes) or "なし" for x in lines],
            },
            "回答ごとの団体名",
        )


def _draw_ranking(_answer: TallyAnswer, tally: QuestionTally) -> None:
    """Points, most first; those with as many share a place."""
    points = "、".join(
        f"{place}位 = {worth}点" for place, worth in enumerate(tally.question.points, start=1)
    )
    st.caption(escaped(f"{points}で集計。同点は同じ順位です。"))
    most = max((int(x.value or 0) for x in tally.lines), default=0)
    _bars(
        tally,
        [
            (
                f"{x.place}位{_shared(x, tally)} {x.label}",
                f"{value_text(x.value, x.unit)}" + (f"({x.note})" if x.note else ""),
                int(x.value or 0),
                most,
            )
            for x in tally.lines
        ],
    )
    _draw_names(tally.lines)


def _shared(line: TallyLine, tally: QuestionTally) -> str:
    return "(同点)" if sum(x.place == line.place for x in tally.lines) > 1 else ""


def _draw_numbers(answer: TallyAnswer, tally: QuestionTally) -> None:
    towns = context.reference().ever
    table(
        {
            "項目": [x.label for x in tally.lines],
            "値": [value_text(x.value, x.unit) for x in tally.lines],
            "団体・補足": [
                "・".join(
                    filter(
                        None,
                        (
                            some_of(towns[c].name for c in x.codes)
                            if x.key in ("least", "most", "far")
                            else "",
                            x.note,
                        ),
                    )
                )
                for x in tally.lines
            ],
        },
        f"{tally.question.label}の集計",
    )
    _draw_each(answer, tally)


def _draw_each(answer: TallyAnswer, tally: QuestionTally) -> None:
    """Every municipality's answer, in the order of the catalogue."""
    with st.expander("団体ごとの値", icon=":material/list:"):
        _table_of(answer, tally, tally.answered)


def _table_of(answer: TallyAnswer, tally: QuestionTally, codes: Sequence[str]) -> None:
    towns, key = context.reference().ever, tally.question.key
    table(
        {
            context.names().towns: [towns[code].name for code in codes],
            "回答": [
                words_of(tally.question, answer.answers[code][key], answer.scope) for code in codes
            ],
        },
        f"{tally.question.label}の回答",
    )


def _draw_days(_answer: TallyAnswer, tally: QuestionTally) -> None:
    base = len(tally.answered)
    _bars(tally, [(x.label, f"{len(x.codes)}団体", len(x.codes), base) for x in tally.lines])
    _draw_names(tally.lines)


def _draw_said(answer: TallyAnswer, tally: QuestionTally) -> None:
    """Words, people and files side by side, to be searched."""
    if not tally.answered:
        return
    key = f"inquiry.search.{answer.inquiry.inquiry_id}.{tally.question.key}"
    words = st.text_input("回答を探す", key=key, placeholder="団体名・回答の言葉", width=320)
    towns = context.reference().ever
    wanted = search_key(words)
    codes = [
        code
        for code in tally.answered
        if wanted
        in search_key(
            f"{towns[code].name} "
            f"{words_of(tally.question, answer.answers[code][tally.question.key], answer.scope)}"
        )
    ]
    if codes:
        _table_of(answer, tally, codes)
    else:
        empty_state(f"「{words}」を含む回答はありません。", "search_off")


def _draw_intentions(answer: TallyAnswer, tally: QuestionTally) -> None:
    """System by intention, each with its names."""
    systems: dict[str, list[TallyLine]] = {}
    for x in tally.lines:
        systems.setdefault(x.key.partition("/")[0], []).append(x)
    programme = context.reference().procurements.programme
    heads = [x.key.partition("/")[2] for x in next(iter(systems.values()), [])]
    labels = {x.key.partition("/")[2]: x.label.rpartition(" ")[2] for x in tally.lines}
    table(
        {
            "共同調達": [programme(key).short_label for key in systems],
            **{
                labels[head]: [f"{len(lines[place].codes)}団体" for lines in systems.values()]
                for place, head in enumerate(heads)
            },
        },
        "共同調達ごとの参加意向",
    )
    _draw_names(tally.lines)
    _draw_each(answer, tally)


def _draw_plans(answer: TallyAnswer, tally: QuestionTally) -> None:
    """How many wish for each plan, and what all of it comes to beside the budget."""
    base = len(tally.answered)
    _bars(
        tally,
        [(x.label, f"{len(x.codes)}団体・{x.note}", len(x.codes), base) for x in tally.lines],
    )
    _draw_money(answer.money[tally.question.key])
    _draw_names(tally.lines)
    _draw_each(answer, tally)


def _draw_money(money: WishMoney) -> None:
    totals = {"希望・予算要求": money.wished, "検討中(別)": money.considering}
    table(
        {
            "予算の状況": list(totals),
            "団体": [f"{each.municipalities}団体" for each in totals.values()],
            "のべプラン": [str(each.plans) for each in totals.values()],
            "回数": [f"{each.visits:,}回" for each in totals.values()],
            **{
                label: [_yen(each, name) for each in totals.values()]
                for name, label in amount_labels(context.names().subsidy).items()
            },
        },
        "希望の合計",
    )
    budget = "未登録" if money.budget is None else f"{money.budget:,}円"
    left = "" if money.left is None else f"、希望を引いた残り {number_text(money.left)}円"
    st.caption(
        escaped(
            f"{money.fiscal_year.label}の予算 {budget}{left}。金額は4月に始める試算で、"
            "団体ごとに1つの申請として計算しています。議会の議決前につき変動します。"
            + (f" 金額を計算できません: {money.why}" if money.why else "")
        )
    )


def _yen(total: WishTotal, key: str) -> str:
    return value_text(total.known.get(key), "円")


_KINDS: Mapping[str, Callable[[TallyAnswer, QuestionTally], None]] = MappingProxyType(
    {
        "single": _draw_options,
        "several": _draw_options,
        "yes_no": _draw_options,
        "number": _draw_numbers,
        "yen": _draw_numbers,
        "day": _draw_days,
        "ranking": _draw_ranking,
        "plan_wishes": _draw_plans,
        "join_intention": _draw_intentions,
    }
)
"""By kind; of every other the answers stand side by side."""


def _draw_parts(answer: TallyAnswer, tally: QuestionTally, by: GroupBy) -> None:
    """The same question by group: a row a line of the tally, a column a group."""
    parts = {
        name: next(q for q in each.questions if q.question.key == tally.question.key)
        for name, each in answer.parts.items()
    }
    heads = {name: f"{name}({len(q.answered)}/{q.everybody})" for name, q in parts.items()}
    said = {name: {x.key: x for x in q.lines} for name, q in parts.items()}
    lines = [x for x in tally.lines if x.key]
    if not lines:
        lines = list(tally.lines)
    with st.expander(f"{by.label}ごと", icon=":material/table:", expanded=True):
        table(
            {
                "回答": [x.label for x in lines],
                **{heads[name]: [_cell(said[name].get(x.key)) for x in lines] for name in parts},
            },
            f"{tally.question.label}を{by.label}ごとに集計。見出しは回答した団体/照会した団体",
        )
        st.caption("見出しの( )は、回答した団体/照会した団体です。")


def _cell(line: TallyLine | None) -> str:
    return "－" if line is None else value_text(line.value, line.unit)


# ── side by side ──────────────────────────────────────────────────────────────────────────────


def _draw_beside(answer: TallyAnswer) -> None:
    """Some municipalities beside each other, question by question."""
    towns = context.reference().ever
    labels = {code: towns[code].name for code in answer.asked if code in answer.answers}
    first = list(labels)[:2]
    key = f"inquiry.beside.{answer.inquiry.inquiry_id}"
    chosen = choose(st.multiselect, "並べる団体(4つまで)", labels, first, key=key, max_selections=4)
    if not chosen:
        empty_state("並べる団体を選んでください。", "compare_arrows")
        return
    questions = answer.inquiry.composition.questions
    table(
        {
            "設問": [f"{place}. {q.label}" for place, q in enumerate(questions, start=1)],
            **{labels[code]: [_words(answer, q, code) for q in questions] for code in chosen},
        },
        "団体を並べた回答",
    )


def _words(answer: TallyAnswer, question: Question, code: str) -> str:
    value = answer.answers.get(code, NOTHING).get(question.key)
    return words_of(question, value, answer.scope) or BLANK_LABEL
