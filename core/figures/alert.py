"""アラート: what the secretariat wants to be told of, and whether it has come about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from core.boarding.window import open_windows
from core.consultation.measures import days_waiting, unanswered
from core.figures.registry import Said
from core.figures.target import Target, reached
from core.values.errors import InvalidInputError
from core.values.figure import number_text
from core.values.fiscal import era_date
from core.values.label import Labelled
from core.values.money import yen_text
from core.values.offer import OfferedPart


class AlertKind(Labelled):
    """What is watched (アラートの種類); the threshold completes the label."""

    IN_NONE = "in_none", "どれにも参加の記録がない団体が、この数以上", "団体", "procurement"
    WINDOW_CLOSING = "window_closing", "後乗りの募集の終わりまで、この日数以内", "日", "procurement"
    BUDGET_SHARE = "budget_share", "希望の補助金が、予算のこの割合以上", "%", "plans"
    GRANTED_SHARE = "granted_share", "補助金の交付決定額が、予算のこの割合以上", "%", "support"
    UNANSWERED_WISHES = "unanswered_wishes", "参加希望に未回答の団体が、この数以上", "団体", "kpi"
    WAITING_DAYS = "waiting_days", "未回答の相談が、受付からこの日数以上", "日", "consultations"
    TARGET_MISSED = "target_missed", "目標の期限まで、この日数以内で届いていない", "日", "kpi"

    @property
    def unit(self) -> str:
        """Unit of the threshold."""
        return self.words[1]

    @property
    def screen(self) -> str:
        """Screen that settles it."""
        return self.words[2]

    @property
    def need(self) -> OfferedPart | None:
        """What must be offered for it to come about; None: it always may."""
        return _NEEDS.get(self)

    @property
    def filterable(self) -> bool:
        """Whether a filter of municipalities means anything; the others are of all of them."""
        return self in _FILTERABLE

    @property
    def private(self) -> bool:
        """Whether a filter would tell a reader which municipality asked."""
        return self is AlertKind.WAITING_DAYS

    @property
    def limits(self) -> tuple[int, int]:
        """Smallest and largest threshold."""
        return _THRESHOLDS[self][0]

    @property
    def usual(self) -> int:
        """A threshold to begin with."""
        return _THRESHOLDS[self][1]


_THRESHOLDS: Mapping[AlertKind, tuple[tuple[int, int], int]] = MappingProxyType(
    {
        AlertKind.IN_NONE: ((1, 1000), 1),
        AlertKind.WINDOW_CLOSING: ((1, 366), 14),
        AlertKind.BUDGET_SHARE: ((1, 1000), 90),
        AlertKind.GRANTED_SHARE: ((1, 100), 90),
        AlertKind.UNANSWERED_WISHES: ((1, 1000), 10),
        AlertKind.WAITING_DAYS: ((1, 366), 5),
        AlertKind.TARGET_MISSED: ((0, 366), 30),
    }
)


_FILTERABLE = frozenset({AlertKind.IN_NONE, AlertKind.UNANSWERED_WISHES, AlertKind.WAITING_DAYS})


_NEEDS: Mapping[AlertKind, OfferedPart] = MappingProxyType(
    {
        AlertKind.BUDGET_SHARE: OfferedPart.SUBSIDY,
        AlertKind.GRANTED_SHARE: OfferedPart.SUBSIDY,
        AlertKind.UNANSWERED_WISHES: OfferedPart.TALENT,
        AlertKind.WAITING_DAYS: OfferedPart.ADVISORS,
    }
)


def kinds(offers: Collection[OfferedPart]) -> tuple[AlertKind, ...]:
    """What may be watched where these parts are offered."""
    return tuple(kind for kind in AlertKind if kind.need in (None, *offers))


class AlertState(Labelled):
    """What an alert says on a day (アラートの状態)."""

    RAISED = "raised", "該当あり"
    QUIET = "quiet", "該当なし"
    UNDECIDED = "undecided", "判定できない"


@dataclass(frozen=True)
class AlertRule:
    """What is watched, and from where on."""

    row_id: int  # order of recording; 0 before it is recorded
    kind: AlertKind
    threshold: int | None  # しきい値 in the unit of the kind; None stops watching
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class Alert:
    """What one rule says on a day."""

    rule: AlertRule
    state: AlertState
    text: str
    named: tuple[str, ...] = ()  # who or what it is about, in order; empty for none


def current_rules(recorded: Iterable[AlertRule]) -> tuple[AlertRule, ...]:
    """The last word on each kind, stopped ones left out, in the order of the kinds."""
    last: dict[AlertKind, AlertRule] = {}
    for rule in sorted(recorded, key=lambda each: each.row_id):
        last[rule.kind] = rule
    return tuple(
        last[kind] for kind in AlertKind if kind in last and last[kind].threshold is not None
    )


def check_rule(rule: AlertRule) -> None:
    """Refuse a threshold that means nothing.

    Raises:
        InvalidInputError: Field ``threshold``.
    """
    lowest, highest = rule.kind.limits
    if rule.threshold is not None and not lowest <= rule.threshold <= highest:
        raise InvalidInputError(
            {
                "threshold": f"しきい値は{lowest:,}から{highest:,}{rule.kind.unit}までに"
                f"してください: {rule.threshold:,}"
            }
        )


@dataclass(frozen=True)
class Watch:
    """What alerts look at."""

    said: Said  # of the municipalities chosen
    targets: tuple[Target, ...]

    @property
    def as_of(self) -> date:
        """基準日, inclusive."""
        return self.said.as_of


def evaluated(rules: Iterable[AlertRule], watch: Watch) -> tuple[Alert, ...]:
    """What each rule says; those that have come about first."""
    usable = kinds(watch.said.known.reference.offers)
    found = [
        _RULES[rule.kind](rule, rule.threshold, watch)
        for rule in rules
        if rule.threshold is not None and rule.kind in usable
    ]
    order = (AlertState.RAISED, AlertState.UNDECIDED, AlertState.QUIET)
    return tuple(sorted(found, key=lambda alert: order.index(alert.state)))


def _said(rule: AlertRule, text: str, named: tuple[str, ...], *, raised: bool) -> Alert:
    return Alert(rule, AlertState.RAISED if raised else AlertState.QUIET, text, named)


def _in_none(rule: AlertRule, threshold: int, watch: Watch) -> Alert:
    named = _labels(watch, "in_none")
    text = f"どの共同調達にも参加の記録がない団体は{len(named)}団体です。"
    return _said(rule, text, named, raised=len(named) >= threshold)


def _window_closing(rule: AlertRule, threshold: int, watch: Watch) -> Alert:
    names = {p.key: p.label for p in watch.said.known.reference.procurements.programmes}
    closing = [
        window
        for window in open_windows(watch.said.known.windows, watch.as_of)
        if window.days_left(watch.as_of) <= threshold
    ]
    named = tuple(
        f"{names[window.opened.programme]}({era_date(window.last_day)}まで、"
        f"残り{window.days_left(watch.as_of)}日)"
        for window in closing
    )
    text = (
        f"{threshold}日以内に終わる後乗りの募集が{len(named)}件あります。"
        if named
        else f"{threshold}日以内に終わる後乗りの募集はありません。"
    )
    return _said(rule, text, named, raised=bool(named))


def _budget_share(rule: AlertRule, threshold: int, watch: Watch) -> Alert:
    share = watch.said["talent_budget_share"].value
    if share is None:
        return Alert(
            rule,
            AlertState.UNDECIDED,
            f"{watch.said.names.subsidy}の予算が不明なため、希望が予算に占める割合を判定できません。"
            "「管理」の制度値に予算を登録すると判定します。",
        )
    text = f"希望の{watch.said.names.subsidy}は予算の{number_text(share)}%です。"
    return _said(rule, text, (), raised=share >= threshold)


def _granted_share(rule: AlertRule, threshold: int, watch: Watch) -> Alert:
    left = watch.said["grant_left"]
    budget = next((int(part.numerator or 0) for part in left.parts if part.key == "budget"), 0)
    if left.value is None or budget == 0:
        return Alert(
            rule,
            AlertState.UNDECIDED,
            f"{watch.said.names.subsidy}の予算が不明なため、交付決定額が予算に占める割合を判定できません。"
            "「管理」の制度値に予算を登録すると判定します。",
        )
    granted = budget - int(left.value)
    text = (
        f"{watch.said.names.subsidy}の交付決定額(確定した手続は確定額)は"
        f"予算の{granted * 1000 // budget / 10}%、残りは{yen_text(int(left.value))}です。"
    )
    return _said(rule, text, (), raised=granted * 100 >= threshold * budget)


def _unanswered_wishes(rule: AlertRule, threshold: int, watch: Watch) -> Alert:
    found = watch.said["talent_unanswered"]
    if found.value is None:
        return Alert(rule, AlertState.UNDECIDED, f"未回答の団体は不明です。{found.why}")
    named = _labels(watch, "talent_unanswered")
    text = f"参加希望に未回答の団体は{len(named)}団体です。"
    return _said(rule, text, named, raised=len(named) >= threshold)


def _labels(watch: Watch, key: str) -> tuple[str, ...]:
    return tuple(part.label for part in watch.said[key].parts)


def _waiting_days(rule: AlertRule, threshold: int, watch: Watch) -> Alert:
    chosen = {each.lg_code for each in watch.said.chosen.chosen(watch.said.known, watch.as_of)}
    heir = watch.said.reference.succession.heir
    waiting = [
        each
        for each in unanswered(watch.said.known.consultations_on(watch.as_of))
        if days_waiting(each, watch.as_of) >= threshold
        and heir(each.lg_code, watch.as_of) in chosen
    ]
    named = tuple(
        f"{each.number.label}({days_waiting(each, watch.as_of)}日経過)" for each in waiting
    )
    text = (
        f"受付から{threshold}日以上たって未回答の相談が{len(named)}件あります。"
        if named
        else f"受付から{threshold}日以上たった未回答の相談はありません。"
    )
    return _said(rule, text, named, raised=bool(named))


def _target_missed(rule: AlertRule, threshold: int, watch: Watch) -> Alert:
    """Targets whose day is near or over: of several days of one indicator the next one counts.

    They were set for all municipalities, and are looked at for all.
    """
    whole = Said(watch.said.known, watch.as_of)
    named, undecided = [], []
    for target in watch.targets:
        if (target.day - watch.as_of).days > threshold or target.indicator not in whole:
            continue
        if any(
            other.indicator == target.indicator and target.day < other.day <= watch.as_of
            for other in watch.targets
        ):
            continue
        found = whole[target.indicator]
        each, value = found.indicator, found.value
        line = (
            f"{each.name}: 目標{each.text(target.value)}"
            f"({era_date(target.day)}まで)、いま{each.text(value)}"
        )
        met = reached(each, target, value)
        if met is None:
            undecided.append(line)
        elif not met:
            named.append(line)
    if undecided and not named:
        return Alert(rule, AlertState.UNDECIDED, "値が不明な目標があります。", tuple(undecided))
    text = (
        f"期限が近いか過ぎていて、届いていない目標が{len(named)}件あります。"
        if named
        else "期限が近いか過ぎていて、届いていない目標はありません。"
    )
    return _said(rule, text, tuple(named), raised=bool(named))


_RULES: Mapping[AlertKind, Callable[[AlertRule, int, Watch], Alert]] = MappingProxyType(
    {
        AlertKind.IN_NONE: _in_none,
        AlertKind.WINDOW_CLOSING: _window_closing,
        AlertKind.BUDGET_SHARE: _budget_share,
        AlertKind.GRANTED_SHARE: _granted_share,
        AlertKind.UNANSWERED_WISHES: _unanswered_wishes,
        AlertKind.WAITING_DAYS: _waiting_days,
        AlertKind.TARGET_MISSED: _target_missed,
    }
)
