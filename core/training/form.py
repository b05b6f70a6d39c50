"""What may be recorded of a training: cleaned, then every problem of the form at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from urllib.parse import urlsplit

from core.training.enrolment import Seats
from core.training.training import Material, TrainingContent, TrainingSession, closes_at
from core.training.vocabulary import Audience, SessionFormat
from core.values.errors import InvalidInputError
from core.values.free_text import read_form

MAX_SESSIONS, MAX_MATERIALS, MAX_SEATS = 50, 30, 100_000
_FIRST_YEAR, _LAST_YEAR = 2000, 2098


@dataclass(frozen=True)
class FormRules:
    """What a form is checked against."""

    themes: frozenset[str]
    municipalities: frozenset[str]
    taken: Mapping[str, Seats] = field(default_factory=dict)  # absent: nobody
    known: frozenset[str] = frozenset()  # sessions of the version before
    lasting: frozenset[str] = frozenset()  # sessions readers have seen: they must not vanish


def checked_content(content: TrainingContent, rules: FormRules) -> TrainingContent:
    """The form as it is kept.

    Raises:
        InvalidInputError: All problems; fields as named in :class:`TrainingContent`, those of a
            session or material ``sessions.2.end``, counted from 1 in the order of the form.
    """
    problems: dict[str, str] = {}
    tidy = replace(
        read_form(content, problems),
        named=tuple(sorted(set(content.named))) if content.audience is Audience.NAMED else (),
        sessions=tuple(replace(s, formats=_in_order(s.formats)) for s in content.sessions),
    )
    _add(problems, "", _own_problems(tidy, rules))
    problems = {name: problems[name] for name in sorted(problems, key=_FIELDS.index)}
    sessions, materials = [], []
    for number, typed in enumerate(tidy.sessions, start=1):
        key, of = f"sessions.{number}.", f"日程{number}"
        sessions.append(read_form(typed, problems, key=key, of=f"{of}の"))
        _add(problems, key, _session_problems(of, sessions[-1], rules))
    for number, each in enumerate(tidy.materials, start=1):
        key, of = f"materials.{number}.", f"資料{number}"
        materials.append(read_form(each, problems, key=key, of=f"{of}の"))
        _add(problems, key, _material_problems(of, materials[-1]))
    if problems:
        raise InvalidInputError(problems)
    return replace(tidy, sessions=tuple(sorted(sessions, key=_when)), materials=tuple(materials))


_FIELDS = [each.name for each in fields(TrainingContent)]


def _add(problems: dict[str, str], key: str, found: Mapping[str, str | None]) -> None:
    for name, words in found.items():
        if words is not None:
            problems.setdefault(f"{key}{name}", words)


def _when(session: TrainingSession) -> tuple[str, str, str]:
    start = "" if session.start is None else session.start.isoformat()
    return session.date.isoformat(), start, session.session_id


def _in_order(formats: tuple[SessionFormat, ...] | None) -> tuple[SessionFormat, ...] | None:
    return tuple(each for each in SessionFormat if each in (formats or ())) or None


def _own_problems(content: TrainingContent, rules: FormRules) -> dict[str, str | None]:
    return {
        "theme": None if content.theme in rules.themes else "テーマを一覧から選んでください。",
        "named": _named_problem(content, rules),
        "seats_per_municipality": _seats_problem(content, rules),
        "deadline": _deadline_problem(content),
        "sessions": _sessions_problem(content, rules),
        "materials": f"資料は{MAX_MATERIALS}件までです(現在{len(content.materials)}件)。"
        if len(content.materials) > MAX_MATERIALS
        else None,
    }


def _named_problem(content: TrainingContent, rules: FormRules) -> str | None:
    if content.audience is Audience.NAMED and not content.named:
        return "対象を「指定した団体」にしたときは、団体を1つ以上選んでください。"
    unknown = [code for code in content.named if code not in rules.municipalities]
    return f"登録のない市町村コードです: {'、'.join(unknown)}" if unknown else None


def _seats_problem(content: TrainingContent, rules: FormRules) -> str | None:
    seats = content.seats_per_municipality
    if seats is None:
        return None
    if not 1 <= seats <= MAX_SEATS:
        return f"1団体の人数は1から{MAX_SEATS:,}で入力してください: {seats:,}"
    smallest = min((s.capacity for s in content.sessions if s.capacity is not None), default=seats)
    if seats > smallest:
        return f"1団体の人数({seats:,}人)が定員({smallest:,}人)を超えています。定員以下にしてください。"
    most = max(
        (
            rules.taken[s.session_id].most_of_one
            for s in content.sessions
            if s.session_id in rules.taken
        ),
        default=0,
    )
    if seats < most:
        return (
            f"1団体の人数({seats:,}人)が、既に{most:,}人の参加が確定している団体を下回ります。"
            f"{most:,}人以上にするか、先に申込を取り消してください。"
        )
    return None


def _deadline_problem(content: TrainingContent) -> str | None:
    if content.deadline is None:
        has_time = content.deadline_time is not None
        return "締切の時刻だけが入力されています。締切日も入力してください。" if has_time else None
    ends = [
        closes_at(session.date, session.start, None, None)
        for session in content.sessions
        if not session.cancelled
    ]
    if ends and closes_at(content.deadline, content.deadline_time, None, None) > max(ends):
        last = max(session.date for session in content.sessions if not session.cancelled)
        return (
            f"締切({content.deadline.isoformat()})が最後の日程({last.isoformat()})より後です。"
            "日程の開始より前にしてください。"
        )
    return None


def _sessions_problem(content: TrainingContent, rules: FormRules) -> str | None:
    sessions = content.sessions
    if not sessions:
        return "日程を1つ以上入力してください。"
    if len(sessions) > MAX_SESSIONS:
        return f"日程は{MAX_SESSIONS}件までです(現在{len(sessions)}件)。"
    if all(session.cancelled for session in sessions):
        return "すべての日程を取りやめるときは、理由を付けて研修を中止してください。"
    ids = [session.session_id for session in sessions if session.session_id]
    if len(set(ids)) < len(ids) or not set(ids) <= rules.known:
        return "この研修の日程ではないものが含まれています。画面を更新してください。"
    if not rules.lasting <= set(ids):
        return "公開した日程は削除できません。「取りやめ」にしてください。"
    whens = [(s.date, s.start, s.formats) for s in sessions if not s.cancelled]
    if len(set(whens)) < len(whens):
        return "日付・開始時刻・開催形式が同じ日程が2つあります。どちらかを直してください。"
    return None


def _session_problems(
    label: str, session: TrainingSession, rules: FormRules
) -> dict[str, str | None]:
    return {
        "date": None
        if _FIRST_YEAR <= session.date.year <= _LAST_YEAR
        else f"{label}の日付は{_FIRST_YEAR}年から{_LAST_YEAR}年までです: {session.date.isoformat()}",
        "end": _end_problem(label, session),
        "joining_address": _joining_problem(label, session),
        "capacity": _capacity_problem(label, session, rules.taken.get(session.session_id)),
    }


def _end_problem(label: str, session: TrainingSession) -> str | None:
    if session.end is None:
        return None
    if session.start is None:
        return (
            f"{label}は終了時刻だけが入力されています。開始時刻も入力するか、両方を空けてください。"
        )
    if session.end <= session.start:
        return (
            f"{label}の終了時刻({session.end:%H:%M})が開始時刻({session.start:%H:%M})より"
            "後になっていません。時刻を確かめてください。"
        )
    return None


def _joining_problem(label: str, session: TrainingSession) -> str | None:
    on_site = session.formats is not None and SessionFormat.ONLINE not in session.formats
    if session.joining_address and on_site:
        return f"{label}は現地開催なので、オンラインの参加用アドレスは要りません。"
    return None


def _capacity_problem(label: str, session: TrainingSession, taken: Seats | None) -> str | None:
    capacity = session.capacity
    if capacity is None:
        return None
    if not 1 <= capacity <= MAX_SEATS:
        return f"{label}の定員は1から{MAX_SEATS:,}で入力してください: {capacity:,}"
    if taken is not None and capacity < taken.seated:
        return (
            f"{label}の定員({capacity:,}人)が、既に確定している{taken.seated:,}人を下回ります。"
            f"{taken.seated:,}人以上にするか、先に申込を取り消してください。"
        )
    return None


def _material_problems(label: str, material: Material) -> dict[str, str | None]:
    return {
        "url": None
        if is_web_address(material.url)
        else f"{label}のアドレスは http:// か https:// で始めてください: {material.url[:60]}",
        "text": None
        if material.url or material.text
        else f"{label}にアドレスか説明を入力してください。",
    }


def is_web_address(url: str) -> bool:
    """Whether a link may be offered to click: empty, or http(s) with a host.

    Examples:
        >>> is_web_address("https://www.pref.example.lg.jp/"), is_web_address("javascript:alert(1)")
        (True, False)
    """
    if not url:
        return True
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in url
