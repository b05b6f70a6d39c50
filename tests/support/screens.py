"""A screen under AppTest: databases with every role in them, and a reader who opens addresses."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

from google.protobuf import text_format
from sqlalchemy import URL, Engine
from streamlit.testing.v1 import AppTest

from core.access.principal import CONSOLE, INITIAL_DATA, PUBLIC, Principal, Role
from core.commands.accounts import add_account, change_password
from core.commands.consultations import (
    decide_consent,
    publish_example,
    record_step,
    request_consultation,
    write_message,
)
from core.commands.estimates import keep_estimate
from core.commands.ledger import correct_participation, record_participation
from core.commands.parameters import record_parameter
from core.commands.sessions import sign_in
from core.commands.wishes import advance_wish, hand_in_wishes
from core.consultation.attachment import OfferedFile
from core.consultation.event import ConsultationState, Step
from core.consultation.example import ExampleText
from core.consultation.request import RequestForm
from core.consultation.theme import MeetingForm
from core.estimate.request import EstimateRequest, PlanChoice
from core.params import Basis
from core.procurement.event import EventKind
from core.procurement.recording import Entry
from core.reference.ledger_seed import seed_events
from core.settings import PROJECT
from core.store.catalogue import fill_catalogue
from core.store.consultations import consultation_of, consultations
from core.store.engine import open_engine, reading, writing
from core.store.ledger import fill_ledger
from core.store.wishes import wish_events
from core.support.wish import WishState, current_wishes
from core.values.fiscal import JAPAN, parse_date
from dashboard import context
from tests.support.pool import a_vendor
from tests.support.reference import REFERENCE
from tests.support.waiting import PATIENCE_SECONDS

TODAY = date(2026, 11, 24)
SAKAI, HIRAKATA = "271403", "272108"
VENDOR = "株式会社みほん"
"""Whom the adviser works for."""
KEPT = "当初予算案 <b>*二つ*</b>"
REASON = "財政課との協議による_見送り_"
LEDGER_NOTE = "担当者の携帯に<確認>済み"
PASSWORD = "ふたりでのる電車2026"
ROLES = {
    "viewer": (Role.VIEWER, None),
    "officer": (Role.OFFICER, SAKAI),
    "adviser": (Role.ADVISER, None),
    "secretariat": (Role.SECRETARIAT, None),
    "newcomer": (Role.OFFICER, SAKAI),  # must change the password first
}
READERS = ("public", *ROLES)


def japan_now() -> datetime:
    """The fixed day, at the hour it is: what dashboard/context.py makes of NORIAI_TODAY."""
    return datetime.combine(TODAY, datetime.now(JAPAN).timetz())  # noqa: TID251  sessions expire


def with_every_role(path: Path, made_ready: Path, town: str = SAKAI) -> dict[str, str]:
    """Accounts and one session each in a copy of a prepared database; tokens by reader.

    Args:
        town: Where the officers are.
    """
    shutil.copyfile(made_ready, path)
    engine = open_engine(URL.create("sqlite", database=str(path)))
    with writing(engine) as session:  # as every server has it once it began
        fill_catalogue(session, REFERENCE, japan_now(), INITIAL_DATA)
    vendor_id = a_vendor(engine, VENDOR, japan_now())
    tokens = {}
    for name, (role, of_a_town) in ROLES.items():
        lg_code = of_a_town and town
        works_for = (VENDOR, vendor_id) if role is Role.ADVISER else ("", None)
        password = add_account(
            engine,
            CONSOLE,
            username=f"test-{name}",
            display_name=f"担当 {name}",
            role=role,
            lg_code=lg_code,
            vendor=works_for[0],
            known_codes=frozenset({town}),
            now=japan_now(),
        )
        if name != "newcomer":
            change_password(
                engine,
                Principal(f"test-{name}", "", role, lg_code, True, works_for[1]),
                current=password,
                new=PASSWORD,
                repeated=PASSWORD,
                now=japan_now(),
            )
            password = PASSWORD
        tokens[name] = sign_in(
            engine, PUBLIC, username=f"test-{name}", password=password, now=japan_now()
        )
    engine.dispose()
    return tokens


def fill(path: Path) -> None:
    """Kept estimates, a wish in each state, parameters that change."""
    engine = open_engine(URL.create("sqlite", database=str(path)))
    sakai = Principal("test-officer", "担当", Role.OFFICER, SAKAI)
    hirakata = Principal("hirakata", "担当", Role.OFFICER, HIRAKATA)
    for number, (name, choices, fee) in enumerate(
        [
            (KEPT, (PlanChoice(6, 12), PlanChoice(4, 11)), None),
            ("継続案", (PlanChoice(1, 7),), None),
            ("費用が変わったとき", (PlanChoice(2, 5), PlanChoice(3, 1)), 123_457),
        ]
    ):
        keep_estimate(
            engine,
            sakai,
            lg_code=SAKAI,
            name=name,
            request=EstimateRequest(2027, choices, years=1 + number, unit_price=fee),
            reference=REFERENCE,
            request_id=f"keep-{number}",
            now=japan_now(),
        )
    _wish(engine, sakai, (1, 2, 3, 4, 5, 6))
    for plan, states in {
        2: (WishState.BUDGET_REQUESTED,),
        3: (WishState.BUDGET_REQUESTED, WishState.APPROVED),
        4: (WishState.BUDGET_REQUESTED, WishState.APPROVED, WishState.CONTRACTED),
        5: (WishState.WITHDRAWN,),
    }.items():
        for state in states:
            _advance(engine, sakai, plan, state)
    _wish(engine, hirakata, (7,))
    _ask(engine, sakai, "無線LANの相談", "sakai-dx", "堺の見積.pdf")
    _ask(engine, hirakata, "枚方の相談", "hirakata-dx", "枚方の資料.pdf")
    _answer_and_publish(engine, sakai, hirakata)
    record_parameter(
        engine,
        CONSOLE,
        name="talent.subsidy_rate",
        text="1/3",
        valid_from=date(2027, 4, 1),
        basis=Basis.OFFICIAL,
        source="令和9年2月1日付け 府通知第123号",
        note="",
        request_id="rate",
        now=japan_now(),
    )
    _fill_ledger(engine)
    engine.dispose()


def _fill_ledger(engine: Engine) -> None:
    """What data/ names, and what the secretariat recorded since: a late joiner, a correction."""
    office = Principal("test-secretariat", "担当", Role.SECRETARIAT)
    with writing(engine) as session:
        fill_ledger(session, seed_events(REFERENCE, japan_now()))
    late = Entry(
        participant="272043",
        programme="docs",
        kind=EventKind.JOINED_LATE,
        effective=parse_date("令和6年4月"),
        source="令和6年3月1日付け 参加申込書",
        note=LEDGER_NOTE,
    )
    number = record_participation(
        engine,
        office,
        entry=late,
        seen_event=0,
        reference=REFERENCE,
        request_id="late",
        now=japan_now(),
    )
    correct_participation(
        engine,
        office,
        event_id=number,
        replacement=replace(late, effective=parse_date("令和6年5月")),
        why="",
        seen_event=number,
        reference=REFERENCE,
        request_id="correct",
        now=japan_now(),
    )


def _ask(engine: Engine, who: Principal, title: str, mailbox: str, file: str) -> None:
    request_consultation(
        engine,
        who,
        lg_code=str(who.lg_code),
        form=RequestForm(
            theme="daily_work",
            title=title,
            question="庁舎の無線LANの導入事例を知りたい。\n<b>費用</b>も。",
            tried="",
            meeting="either",
            wished=(TODAY + timedelta(days=9), TODAY + timedelta(days=10)),
            wished_note="午後",
            department="DX推進課",
            contact="山田 花子",
            mail=f"{mailbox}@city.example.lg.jp",
            phone="",
        ),
        files=[OfferedFile(file, b"%PDF-1.7\n%%EOF\n")],
        reference=REFERENCE,
        request_id=f"ask-{title}",
        now=japan_now(),
    )


def _answer_and_publish(engine: Engine, sakai: Principal, hirakata: Principal) -> None:
    """枚方市's first request goes all the way to a good example; 堺市's gets a message."""
    with reading(engine) as session:
        ours, theirs = consultations(session)
    common = {"lg_code": HIRAKATA, "consultation_id": theirs.consultation_id, "now": japan_now()}
    for number, (day, state, answer) in enumerate(
        [
            (None, ConsultationState.COORDINATING, ""),
            (TODAY, ConsultationState.SCHEDULED, ""),
            (TODAY, ConsultationState.HELD, "枚方の返事です。中継器を使わない構成が安価でした。"),
        ]
    ):
        with reading(engine) as session:
            seen = consultation_of(session, HIRAKATA, theirs.consultation_id).last.event_id
        record_step(
            engine,
            CONSOLE,
            step=Step(state, day, meeting=MeetingForm.ONLINE, answer=answer),
            seen_event=seen,
            request_id=f"step-{number}",
            **common,
        )
    decide_consent(engine, hirakata, agreed=True, request_id="consent", **common)
    with reading(engine) as session:
        last = consultation_of(session, HIRAKATA, theirs.consultation_id).last_example
    publish_example(
        engine,
        CONSOLE,
        text=ExampleText("庁舎の無線LAN", "導入事例を知りたい", "中継器を使わない構成が安価"),
        seen_event=last.event_id if last else 0,
        reference=REFERENCE,
        request_id="publish",
        **common,
    )
    write_message(
        engine,
        CONSOLE,
        lg_code=SAKAI,
        consultation_id=ours.consultation_id,
        text="希望日を確認しています。",
        files=[],
        request_id="message",
        now=japan_now(),
    )


def _wish(engine: Engine, who: Principal, plans: tuple[int, ...]) -> None:
    hand_in_wishes(
        engine,
        who,
        lg_code=str(who.lg_code),
        request=EstimateRequest(2027, tuple(PlanChoice(plan, 12) for plan in plans)),
        state=WishState.WISHED,
        reference=REFERENCE,
        seen={},
        request_id="wish",
        now=japan_now(),
    )


def _advance(engine: Engine, who: Principal, plan: int, state: WishState) -> None:
    with reading(engine) as session:
        before = current_wishes(wish_events(session))[(str(who.lg_code), 2027, plan)]
    advance_wish(
        engine,
        who,
        lg_code=str(who.lg_code),
        fiscal_year=2027,
        plan=plan,
        state=state,
        reason=REASON if state is WishState.WITHDRAWN else "",
        seen_event=before.event_id,
        request_id=f"{plan}-{state}",
        now=japan_now(),
    )


@dataclass(frozen=True)
class Template:
    """A database to copy, and the session token of each reader in it."""

    path: Path
    tokens: Mapping[str, str]


@dataclass
class Screens:
    """One browser's session on one database.

    Attributes:
        engine: The database the screens read.
        cookies: What the browser sends; change it between two runs.
        statements: Every SQL statement since the list was last cleared, from any connection.
    """

    engine: Engine
    tokens: Mapping[str, str]
    cookies: dict[str, str]
    statements: list[str] = field(default_factory=list)

    def signed_in(self, reader: str) -> AppTest:
        """The application just opened by a reader."""
        app = AppTest.from_file(PROJECT / "dashboard" / "app.py", default_timeout=PATIENCE_SECONDS)
        if reader != "public":
            app.session_state[context.TOKEN] = self.tokens[reader]
            app.session_state[context._BROWSER] = context._browser()
        return app.run()

    def open(self, app: AppTest, screen: str, query: str = "") -> AppTest:
        """Go to an address of this server; raises KeyError where there is no such screen.

        A closed screen has an address but not a script of its own, so AppTest.switch_page, which
        goes by script, cannot name it.
        """
        app._page_hash = addresses(app)[screen]
        app.query_params = dict(parse_qsl(query, keep_blank_values=True))
        return app.run()


def addresses(app: AppTest) -> dict[str, str]:
    """The screens this reader's menu registered, closed ones too, with Streamlit's key of each."""
    return {
        page.get("url_pathname") or Path(str(page["script_path"])).stem: key
        for key, page in app._registered_pages.items()
    }


def queries(statements: list[str]) -> list[str]:
    """What asks for data: not the transactions around it, nor a connection's own settings."""
    return [s for s in statements if not s.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA"))]


def shown_text(app: AppTest) -> str:
    """Everything the run sent to the browser, tables included."""
    parts = [text_format.MessageToString(node.proto, as_utf8=True) for node in _elements(app)]
    parts += [element.proto.bytes.decode() for element in app.get("bidi_component")]
    parts += [table.value.to_string() for table in app.dataframe]
    return "\n".join(parts)


def as_read(shown: str) -> str:
    """What a reader sees of Markdown that dashboard.kit.typed made."""
    return re.sub(r":color\[\\(.)\]|\\(.)", r"\1\2", shown)


def _elements(app: AppTest) -> list:
    nodes = [node for block in (app.main, app.sidebar) for node in block]
    return [node for node in nodes if getattr(node, "proto", None) is not None]
