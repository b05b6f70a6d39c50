"""設問の欄: one question of an inquiry that is composed, with the fields its kind uses and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import streamlit as st

from core.inquiry.kinds.registry import KINDS
from core.inquiry.kinds.yes_no import YES_NO
from core.inquiry.question import HELP, LABEL
from core.inquiry.typed import TypedQuestion, options_of
from core.values.fiscal import FiscalYear
from dashboard import context
from dashboard.inquiries import form_composing
from dashboard.inquiries.working import QUESTION, Working, later
from dashboard.kit import written
from dashboard.kit.address import open_detail
from dashboard.kit.choice import choose
from dashboard.kit.form import Place
from dashboard.kit.typed import Markdown, escaped

_FLOWS = {
    "plan_wishes": "回答を、事務局の確認後に参加希望として記録する",
    "join_intention": "回答を、事務局の確認後に参加台帳に記録する",
}


class QuestionForm:
    """Draws one question.

    Attributes:
        places: By the name the commands give a field.
    """

    def __init__(self, working: Working, question: TypedQuestion, *, locked: bool) -> None:
        """``locked``: it is published, and what would break answers stays as it is."""
        self._working, self._question, self._locked = working, question, locked
        self.places: dict[str, Place] = {}

    def draw(self) -> None:
        """All fields, then what can be done with the question."""
        question, locked = self._question, self._locked
        uses = KINDS[question.kind].uses
        kinds = {key: kind.label for key, kind in KINDS.items()}
        self._field(
            "kind", partial(choose, st.selectbox), "種類", kinds, question.kind, disabled=locked
        )
        self._text("label", "設問文", LABEL.longest, required=True)
        self._text("help", HELP.label, HELP.longest, lines=True, height=80)
        with st.container(horizontal=True):
            self._check("required", "必須", question.required)
            self._check(
                "not_applicable",
                "「該当なし」を選べる",
                question.not_applicable,
                disabled=locked and self._published_with("not_applicable"),
            )
        for name in ("options", "points", "number", "programmes", "fiscal_year"):
            getattr(self, f"_{name}")(uses)
        if "form" in uses:
            at = f"questions.{question.key}.form"
            self.places[at] = form_composing.draw(self._working, question, locked=locked)
        self._condition()
        if "flows" in uses:
            words = _FLOWS.get(question.kind, "回答を、事務局の確認後に記録につなげる")
            self._check("flows", words, question.flows)
        self._actions()

    def _published_with(self, name: str) -> bool:
        before = self._working.base.composition.by_key.get(self._question.key)
        return bool(before and getattr(before, name))

    def _options(self, uses: frozenset[str]) -> None:
        if "options" not in uses:
            return
        lines = self._question.options.count("\n") + 1
        self._text(
            "options",
            "選択肢(1行に1つ)",
            8000,
            lines=True,
            required=True,
            height=min(120 + 24 * max(lines - 3, 0), 360),
            help="公開した後は、言葉を直すことと加えることができます。消すことはできません。"
            if self._locked
            else "言葉を直しても、前年の回答とのつながりは残ります。",
        )

    def _points(self, uses: frozenset[str]) -> None:
        if "points" in uses:
            self._text(
                "points",
                "順位ごとの点数",
                100,
                required=True,
                placeholder="例: 2、1(1位は2点、2位は1点)",
                disabled=self._locked,
            )

    def _number(self, uses: frozenset[str]) -> None:
        if "least" not in uses:
            return
        several = self._question.kind == "several"
        with st.grid("auto", min_column_width=150):
            if "unit" in uses:
                with _cell():
                    self._text("unit", "単位", 20, placeholder="例: 人、件", disabled=self._locked)
            with _cell():
                self._text("least", "最少の選択数" if several else "下限", 30, placeholder="なし")
            with _cell():
                self._text("most", "最多の選択数" if several else "上限", 30, placeholder="なし")
            if "decimals" in uses:
                with _cell():
                    self._text("decimals", "小数点以下の桁数", 10)

    def _programmes(self, uses: frozenset[str]) -> None:
        if "programmes" in uses:
            systems = context.reference().procurements
            self._field(
                "programmes",
                partial(choose, st.multiselect),
                "対象の共同調達(必須)",
                {key: systems.programme(key).label for key in systems.systems},
                [key for key in self._question.programmes if key in systems.systems],
                placeholder="選択してください",
                disabled=self._locked,
            )

    def _fiscal_year(self, uses: frozenset[str]) -> None:
        if "fiscal_year" in uses:
            usual = self._question.fiscal_year or int(context.this_fiscal_year()) + 1
            self._field(
                "fiscal_year",
                partial(choose, st.selectbox),
                "どの年度の支援プランか",
                {year: FiscalYear(year).full_label for year in years(usual)},
                usual,
                disabled=self._locked,
            )

    def _condition(self) -> None:
        """The earlier questions that can decide, and their answers."""
        question, working = self._question, self._working
        labels, choices = {"": "いつも聞く"}, {}
        for number, each in enumerate(working.typed.questions, start=1):
            if each.key == question.key:
                break
            found = YES_NO if each.kind == "yes_no" else options_of(each)
            if "options" in KINDS[each.kind].uses or each.kind == "yes_no":
                labels[each.key] = f"設問{number} {each.label}"
                choices[each.key] = {option.key: option.label for option in found}
        if len(labels) == 1 and not question.condition:
            return
        labels.setdefault(question.condition, "(設問がありません。選び直してください)")
        new = question.key not in working.base.composition.by_key
        locked = self._locked and not new
        chosen = self._field(
            "condition",
            partial(choose, st.selectbox),
            "この設問を聞く条件",
            labels,
            question.condition,
            disabled=locked,
        )
        if chosen in choices:
            self._field(
                "when",
                partial(choose, st.pills),
                "どの回答のときに聞くか",
                choices[chosen],
                [key for key in question.when if key in choices[chosen]],
                selection_mode="multi",
                disabled=locked,
            )

    def _actions(self) -> None:
        working, key = self._working, self._question.key
        inquiry, rows = working.inquiry, [each.key for each in working.typed.questions]
        with st.container(horizontal=True):
            self._button(
                "上へ",
                "arrow_upward",
                lambda w: w.put(w.typed.moved(key, -1)),
                off=rows[0] == key or self._locked,
            )
            self._button(
                "下へ",
                "arrow_downward",
                lambda w: w.put(w.typed.moved(key, 1)),
                off=rows[-1] == key or self._locked,
            )
            self._button("複製", "content_copy", lambda w: w.put(*w.typed.duplicated(key)))
            self._button("削除", "delete", lambda w: w.remove(key), off=self._locked)
            st.button(
                "閉じる",
                key=f"{working.key}.close",
                on_click=later(inquiry, lambda _: open_detail(QUESTION, "")),
            )

    def _button(
        self, label: str, icon: str, change: Callable[[Working], None], *, off: bool = False
    ) -> None:
        working = self._working
        st.button(
            escaped(label),
            icon=f":material/{icon}:",
            key=f"{working.key}.act.{icon}",
            on_click=later(working.inquiry, change),
            disabled=off,
        )

    def _text(self, name: str, label: str, longest: int, **more: Any) -> None:
        value = str(getattr(self._question, name))
        self._field(name, written.text, label, longest=longest, value=value, **more)

    def _check(self, name: str, label: str, value: bool, **more: Any) -> None:
        self._field(name, st.checkbox, label, value, **more)

    def _field(self, name: str, draw: Callable[..., Any], *args: Any, **more: Any) -> Any:
        key = self._working.question_field(self._question.key, name)
        found = draw(*args, key=key, **more)
        held = found if not isinstance(found, list) else tuple(found)
        self.places[f"questions.{self._question.key}.{name}"] = Place(key, held)
        return found


def years(*also: int) -> list[int]:
    """年度 an inquiry may be about."""
    this = int(context.this_fiscal_year())
    return sorted({*range(this - 1, this + 4), *also})


def heading(number: int, question: TypedQuestion) -> Markdown:
    """What a question is called above its fields."""
    return escaped(f"設問{number} {question.label or '(設問文なし)'}")


@contextmanager
def _cell() -> Iterator[None]:
    with st.container(gap="xsmall"):
        yield
