"""What is done to the database behind the program's back is found, on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update
from sqlalchemy.orm import Session

from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.cli import main
from core.commands.accounts import add_account, set_account_active
from core.commands.calendar_tokens import make_calendar_token
from core.commands.initial_data import fill_initial_data
from core.commands.purge import purge_personal_data
from core.commands.sessions import sign_in
from core.commands.wishes import hand_in_wishes
from core.estimate.request import EstimateRequest, PlanChoice
from core.store import verification
from core.store.accounts import AccountRow
from core.store.audit import AuditRow, Head, hash_of, head, latest_entries, record_audit
from core.store.engine import NO_ENTRY, RevisionRow, open_engine, reading, writing
from core.store.ledger import LEDGER
from core.store.schema import INSERT_ONLY, METADATA
from core.store.verification import Verification, verify
from core.store.work import Work, command
from core.store.written import Proof, Written, key_of, proof_of
from core.support.wish import WishState
from core.views.administration import audit_check_view, audit_head_view
from tests.commands.examples import World
from tests.support.reference import REFERENCE

SAKAI = "271403"
REQUEST = EstimateRequest(fiscal_year=2023, choices=(PlanChoice(6, 12), PlanChoice(4, 11)))


def accounts(engine: Engine, now: datetime, *names: str) -> list[str]:
    """Their passwords."""
    return [
        add_account(
            engine,
            CONSOLE,
            username=name,
            display_name=name,
            role=Role.VIEWER,
            lg_code=None,
            known_codes=frozenset(),
            now=now,
        )
        for name in names
    ]


@pytest.fixture
def worked(engine: Engine, now: datetime) -> Engine:
    """Initial data, accounts, a sign-in, wishes, a training with an applicant, a calendar address."""
    fill_initial_data(engine, CONSOLE, reference=REFERENCE, now=now)
    password, _ = accounts(engine, now, "ichi", "nii")
    sign_in(engine, PUBLIC, username="ichi", password=password, now=now)
    officer = Principal("sakai", "堺市", Role.OFFICER, SAKAI)
    hand_in_wishes(
        engine,
        officer,
        lg_code=SAKAI,
        request=REQUEST,
        state=WishState.WISHED,
        reference=REFERENCE,
        seen={},
        request_id="a",
        now=now,
    )
    make_calendar_token(engine, officer, lg_code=SAKAI, label="課の予定表", now=now)
    world = World(engine)
    world.enrolled()
    world.consultation()
    set_account_active(engine, CONSOLE, username="nii", active=False, now=now)
    assert findings(engine) == []
    return engine


def checked(engine: Engine, *expected: Head) -> Verification:
    return audit_check_view(engine, CONSOLE, expected=expected)


def findings(engine: Engine, *expected: Head) -> list[str]:
    return checked(engine, *expected).findings


def behind(engine: Engine, *statements: str) -> None:
    """Change the database as somebody with its file or its owner's password would."""
    with engine.begin() as connection:
        for table in INSERT_ONLY:
            events = ("update", "delete")
            of_table = f" ON {table}" if engine.dialect.name == "postgresql" else ""
            for event in events:
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{event}{of_table}"))
        for statement in statements:
            connection.execute(text(statement))


def the_end(engine: Engine) -> Head:
    return audit_head_view(engine, CONSOLE)


# ── what an entry holds ───────────────────────────────────────────────────────────────────────


def test_entries_are_numbered_without_a_gap_and_know_the_municipality(worked: Engine) -> None:
    with reading(worked) as session:
        entries = latest_entries(session, 99)[::-1]
        assert the_end(worked) == head(session)
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    about = {entry.action: entry.lg_code for entry in entries}
    assert about["wish:record"] == about["calendar_token:make"] == about["enrolment:enrol"] == SAKAI
    assert about["account:add"] is None
    assert len({entry.digest for entry in entries if entry.action == "account:add"}) == 2


def test_every_table_says_how_it_is_proven_or_why_not() -> None:
    silent = {table.name for table in METADATA.tables.values() if not proof_of(table)}
    assert silent == set()
    for table in METADATA.tables.values():
        if proof_of(table) is not Proof.NONE:
            key_of(table)  # one column
            unproven = [column for column in table.columns if "unproven" in column.info]
            assert all(column.info["unproven"] for column in unproven)
            assert key_of(table) not in unproven
        else:
            assert table.info["unproven"]
    unproven = {t.name for t in METADATA.tables.values() if proof_of(t) is Proof.NONE}
    assert unproven == {"audit", "request", "response_draft", "revision", "sign_in_limit"}
    assert verification.LABELS.keys() == METADATA.tables.keys() - unproven


def test_what_is_found_is_named_as_in_the_glossary() -> None:
    glossary = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text("utf-8")
    missing = [
        f"| `{table}` | {label} |"
        for table, label in verification.LABELS.items()
        if f"| `{table}` | {label} |" not in glossary
    ]
    assert missing == []


def test_rows_after_the_entry_end_the_command(engine: Engine, now: datetime) -> None:
    @command("account:add", "アカウントの追加", "account:manage")
    def late(work: Work, *, now: datetime) -> None:
        work.audit("")
        an_account(work.session, now)

    with pytest.raises(RuntimeError, match="account"):
        late(engine, CONSOLE, now=now)
    with reading(engine) as session:
        assert session.scalars(select(AccountRow)).all() == []


def an_account(session, now: datetime, name: str = "ato") -> None:
    session.add(
        AccountRow(
            username=name,
            display_name="",
            role=Role.VIEWER,
            lg_code=None,
            password_hash="",
            active=True,
            must_change_password=False,
            password_set_at=now,
            session_version=1,
            failed_attempts=0,
            failed_at=None,
            signed_in_at=None,
            created_at=now,
        )
    )


def test_every_way_of_writing_is_covered(engine: Engine, now: datetime) -> None:
    """Unit of work, bulk INSERT, and Core statements that name no row by itself."""
    with writing(engine) as session:
        an_account(session, now)
        an_account(session, now, "saki")
        record_audit(session, CONSOLE, now, "x", "", {})
        session.execute(update(AccountRow).values(display_name="全員"))
        record_audit(session, CONSOLE, now, "x", "", {})
        session.execute(delete(AccountRow).where(AccountRow.username == "saki"))
        record_audit(session, CONSOLE, now, "x", "", {})
        row = {
            c.name: getattr(session.get(AccountRow, "ato"), c.name) for c in AccountRow.__table__.c
        }
        session.execute(insert(AccountRow), [row | {"username": "kyo", "role": Role.SECRETARIAT}])
        assert Written.of(session).tables == {"account"}
        record_audit(session, CONSOLE, now, "x", "", {})
    assert findings(engine) == []
    behind(engine, "UPDATE account SET role = 'viewer' WHERE username = 'kyo'")
    (found,) = findings(engine)
    assert "「kyo」" in found


def test_what_moves_without_an_entry_is_not_covered(worked: Engine, now: datetime) -> None:
    with pytest.raises(Exception, match="サインインできません"):
        sign_in(worked, PUBLIC, username="ichi", password="chigau", now=now)
    behind(worked, "UPDATE account SET failed_attempts = 3")
    assert findings(worked) == []


def test_personal_data_that_was_deleted_leaves_nothing_to_guess_at(
    worked: Engine, now: datetime
) -> None:
    with reading(worked) as session:
        enrollee = METADATA.tables["enrollee"]
        salts = session.scalars(select(enrollee.c.salt)).all()
        trail = "".join(session.scalars(select(AuditRow.written)))
    assert salts
    assert [len(salt) for salt in salts] == [32] * len(salts)
    assert not any(salt in trail for salt in salts)
    purge_personal_data(worked, CONSOLE, now=now + timedelta(days=10_000))
    with reading(worked) as session:
        assert session.scalars(select(enrollee.c.salt)).all() == []
    assert findings(worked) == []


# ── what is found ─────────────────────────────────────────────────────────────────────────────

CHANGES = {
    "a ledger row edited": "UPDATE ledger_event SET source = 'x' WHERE id = 2",
    "a ledger row deleted": "DELETE FROM ledger_event WHERE id = (SELECT max(id) FROM ledger_event)",
    "a ledger row deleted in the middle": "DELETE FROM ledger_event WHERE id = 2",
    "a wish edited": "UPDATE wish SET state = 'withdrawn'",
    "wishes deleted": "DELETE FROM wish",
    "a parameter edited": "UPDATE parameter SET value = '1' WHERE id = 1",
    "ids of wishes shifted": "UPDATE wish SET id = id + 100",
    "a role raised": "UPDATE account SET role = 'secretariat' WHERE username = 'ichi'",
    "a password replaced": "UPDATE account SET password_hash = 'x' WHERE username = 'ichi'",
    "an account revived": "UPDATE account SET active = true WHERE username = 'nii'",
    "an account deleted": "DELETE FROM account WHERE username = 'nii'",
    "an account renamed": "UPDATE account SET username = 'yon' WHERE username = 'nii'",
    "a session of somebody else": "UPDATE session SET username = 'nii'",
    "a session prolonged": "UPDATE session SET expires_at = '2099-01-01 00:00:00.000000'",
    "another calendar address": "UPDATE calendar_token SET lg_code = '271004'",
    "an applicant edited": "UPDATE enrollee SET mail = 'x@example.jp'",
    "a contact edited": "UPDATE consultation_contact SET mail = 'x@example.jp'",
    "an enrolment moved": "UPDATE enrolment SET lg_code = '271004'",
}


def tried(engine: Engine, *statements: str) -> list[str]:
    """What would be found; nothing is changed."""
    with engine.connect() as connection, connection.begin() as transaction:
        for statement in statements:
            connection.execute(text(statement))
        with Session(connection) as session:
            found = verify(session).findings
        transaction.rollback()
    return found


def test_a_change_behind_the_back_is_found(worked: Engine) -> None:
    behind(worked)
    assert [name for name, change in CHANGES.items() if not tried(worked, change)] == []
    assert tried(worked) == []


def test_an_added_row_is_found_wherever_it_is(worked: Engine) -> None:
    columns = [column.name for column in LEDGER.table.columns if column.name != "id"]
    copied = "INSERT INTO ledger_event (id, {0}) SELECT {1}, {0} FROM ledger_event WHERE id = 1"
    with reading(worked) as session:
        last = session.scalar(text("SELECT max(id) FROM ledger_event"))
    for number in (-5, last + 1, last + 50):
        behind(worked, copied.format(", ".join(columns), number))
        (found,) = findings(worked)
        assert f"{number}番" in found
        assert "参加台帳" in found
        behind(worked, f"DELETE FROM ledger_event WHERE id = {number}")
    assert findings(worked) == []


def test_what_is_written_after_a_change_hides_nothing(worked: Engine, now: datetime) -> None:
    behind(worked, "UPDATE account SET role = 'secretariat' WHERE username = 'ichi'")
    accounts(worked, now, "san")
    (found,) = findings(worked)
    assert "「ichi」" in found


ENTRIES = {
    "actor": "actor = 'dareka'",
    "action": "action = 'account:reset'",
    "subject": "subject = 'betsu'",
    "role": "role = 'viewer'",
    "municipality": "lg_code = '271004'",
    "detail": "detail = '{}'",
    "detail made longer": "detail = detail || ' '",
    "what was written": "written = '{}'",
    "what was written, unreadable": "written = '{'",
    "moment": "at = '2023-10-02 01:00:00.000000'",
    "previous hash": "previous_hash = hash",
    "hash": "hash = 'abc'",
}


def test_a_changed_entry_is_found(engine: Engine, now: datetime) -> None:
    accounts(engine, now, "ichi", "nii", "san", "yon")
    behind(engine)
    for name, change in ENTRIES.items():
        assert "監査記録3番" in tried(engine, f"UPDATE audit SET {change} WHERE id = 3")[0], name


def test_entries_cut_off_are_found(worked: Engine, now: datetime) -> None:
    last = the_end(worked).number
    behind(worked, f"DELETE FROM audit WHERE id > {last - 4}")
    assert any(f"{last - 3}番から{last}番がありません" in each for each in findings(worked))
    accounts(worked, now, "goh")
    assert the_end(worked).number == last + 1, "the gap stays"
    assert any(f"{last - 3}番から{last}番がありません" in each for each in findings(worked))


def test_all_entries_cut_off_are_found(worked: Engine) -> None:
    behind(worked, "DELETE FROM audit")
    found = findings(worked)
    assert any("監査記録の1番から" in each for each in found)
    assert any("参加台帳" in each for each in found)


def test_shifted_entries_are_found(engine: Engine, now: datetime) -> None:
    accounts(engine, now, "ichi", "nii", "san")
    behind(engine)
    for change in ("id = id + 1000 WHERE id > 2", "id = -id", "id = 1000 WHERE id = 2"):
        assert tried(engine, f"UPDATE audit SET {change}") != [], change


def test_a_removed_entry_is_found(engine: Engine, now: datetime) -> None:
    accounts(engine, now, "ichi", "nii", "san")
    behind(engine, "DELETE FROM audit WHERE id = 2")
    assert "監査記録の2番がありません。" in findings(engine)


def forged(engine: Engine) -> None:
    """Entry 2 made to say another thing, and every hash from there on made to fit, head included."""
    behind(engine)
    with engine.begin() as connection, Session(connection) as session:
        last = NO_ENTRY
        for entry in session.scalars(select(AuditRow).order_by(AuditRow.id)):
            if entry.id == 2:
                entry.actor = "dareka"
            entry.previous_hash = last
            entry.hash = last = hash_of(entry)
        session.flush()
        session.execute(update(RevisionRow).values(audit_hash=last))
        session.flush()


def test_a_trail_rewritten_as_a_whole_is_found_by_a_head_kept_elsewhere(
    worked: Engine, now: datetime
) -> None:
    before = the_end(worked)
    forged(worked)
    assert findings(worked) == []
    accounts(worked, now, "goh")
    (found,) = findings(worked, before)
    assert "控えと違います" in found


def test_a_tail_cut_with_its_rows_is_found_by_a_head_kept_elsewhere(
    engine: Engine, now: datetime
) -> None:
    accounts(engine, now, "ichi")
    kept = the_end(engine)
    accounts(engine, now, "nii")
    before = the_end(engine)
    behind(
        engine,
        f"DELETE FROM audit WHERE id = {before.number}",
        "DELETE FROM account WHERE username = 'nii'",
        f"UPDATE revision SET audit_number = {kept.number}, audit_hash = '{kept.hash}'",
    )
    assert findings(engine) == []
    assert checked(engine, kept).compared == 1
    (found,) = findings(engine, before)
    assert "末尾が切り取られています" in found
    another = open_engine(engine.url)
    accounts(another, now, "betsu")
    (found,) = findings(another, before)
    another.dispose()
    assert "控えと違います" in found


def test_many_findings_are_counted_not_collected(
    worked: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "_NAMED", 2)
    behind(
        worked,
        "DELETE FROM audit WHERE id = 2",
        "UPDATE account SET role = 'secretariat'",
        "DELETE FROM wish",
    )
    found = checked(worked)
    assert len(found.findings) == 2
    assert found.words[-1] == f"ほか{found.further}件"


def test_verifying_goes_in_small_steps(worked: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = checked(worked)
    monkeypatch.setattr(verification, "_AT_ONCE", 3)
    small = checked(worked)
    assert (small.head, small.entries, small.rows) == (whole.head, whole.entries, whole.rows)
    assert small.findings == []
    assert whole.rows > 100


# ── the command line ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def noriai(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., tuple[int, str, str]]]:
    monkeypatch.setenv("NORIAI_DATABASE_URL", f"sqlite:///{tmp_path / 'noriai.db'}")

    def run(*words: str) -> tuple[int, str, str]:
        code = main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    run("init")
    return run


def test_the_head_is_printed_and_compared(
    noriai: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    _, printed, _ = noriai("audit", "head")
    _, as_json, _ = noriai("audit", "head", "--json")
    said = json.loads(as_json)
    assert printed.strip() == said["head"] == f"{said['number']}:{said['hash']}"
    kept = tmp_path / "head.txt"
    kept.write_text(f"2026-11-25 監査記録の末尾 {printed}", "utf-8")
    for given in (str(kept), printed.strip()):
        code, out, _ = noriai("audit", "verify", "--expect", given)
        assert code == 0
        assert "控えた末尾1件とも一致します" in out
    code, out, _ = noriai("audit", "verify")
    assert code == 0
    assert "--expect" in out
    wrong = f"{said['number'] + 1}:{said['hash']}"
    code, _, err = noriai("audit", "verify", "--expect", wrong)
    assert code == 2
    assert "末尾が切り取られています" in err
    assert noriai("audit", "verify", "--expect", str(tmp_path / "none"))[0] == 2
    kept.write_text("nothing", "utf-8")
    assert noriai("audit", "verify", "--expect", str(kept))[0] == 2
