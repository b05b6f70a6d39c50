"""The ledger as it begins: what was published by name, beside what was published as a number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from core import cli
from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.cli import context
from core.commands.coverage import declare_coverage
from core.commands.ledger import correct_participation, record_participation
from core.procurement.counting import CountBasis
from core.procurement.coverage import CoverageEntry, Edition
from core.procurement.event import EventKind
from core.procurement.recording import Entry, check_entry
from core.procurement.standing import TAKING_PART, Standing
from core.reference.ledger_seed import seed_events
from core.start import start
from core.store.audit import AuditFilter
from core.store.engine import data_revision, reading, writing
from core.store.ledger import LedgerFilter, fill_ledger, ledger_events
from core.values.errors import ConflictError, InvalidInputError
from core.values.figure import Status
from core.values.fiscal import Precision, parse_date
from core.views.administration import audit_view
from core.views.ledger import counts_view, ledger_cell_view, ledger_view
from core.views.participation import alike_view, participation_history_view
from core.views.procurement import procurement_view
from tests.support.ledgers import PREFECTURE
from tests.support.reference import REFERENCE

SAKAI, SUITA, KISHIWADA, OSAKA = "271403", "272051", "272027", "271004"


@pytest.fixture
def filled(engine: Engine, now: datetime) -> Engine:
    with writing(engine) as session:
        fill_ledger(session, seed_events(REFERENCE, now))
    return engine


def record(engine: Engine, entry: Entry, now: datetime, request: str, seen: int = 0) -> int:
    return record_participation(
        engine,
        CONSOLE,
        entry=entry,
        seen_event=seen,
        reference=REFERENCE,
        request_id=request,
        now=now,
    )


def test_an_empty_ledger_is_filled_once_and_then_left_alone(engine: Engine, now: datetime) -> None:
    filled = engine
    start(filled, REFERENCE, now)
    with reading(filled) as session:
        events = list(ledger_events(session))
    assert len(events) == 48
    assert {e.recorded_by for e in events} == {"data"}
    record(
        filled,
        Entry(OSAKA, "docs", EventKind.INTEREST, parse_date("2023-10-01"), "メール"),
        now,
        "r",
    )
    start(filled, REFERENCE, now + timedelta(days=1))
    with reading(filled) as session:
        assert len(list(ledger_events(session))) == 49


def test_every_event_it_begins_with_is_a_valid_entry_and_planned_stays_planned(
    now: datetime,
) -> None:
    reference = REFERENCE
    events = seed_events(reference, now)
    for event in events:
        check_entry(event, reference.participants, reference.procurements.systems)
    planned = [e for e in events if e.kind is EventKind.PLANNED]
    assert len(planned) == 11
    assert {e.effective for e in planned} == {parse_date("2023-06")}
    assert min(e.target for e in planned if e.target) == parse_date("2023-07")
    talent = [e for e in events if e.programme == "talent"]
    assert {e.effective.precision for e in talent} == {Precision.MONTH_OR_LATER}


# Day → programme → (ledger, published values, unnamed) on the paid basis.
EXPECTED = {
    "2021-04-30": {
        "chat": (0, [22], 22),
        "eapply": (0, [], None),
        "docs": (0, [], None),
        "econtract": (0, [], None),
        "talent": (0, [], None),
    },
    "2021-05-01": {"chat": (20, [22], 2)},
    "2021-07-01": {"chat": (22, [22], 0)},
    "2023-02-28": {"chat": (22, [30], 8), "eapply": (0, [25], 25), "docs": (0, [3], 3)},
    "2023-05-31": {"econtract": (0, [], None), "chat": (22, [30], 8)},
    "2023-06-01": {
        "chat": (22, [34], 12),
        "eapply": (0, [35], 35),
        "docs": (0, [6], 6),
        "econtract": (2, [], None),
        "talent": (0, [13], None),
    },
    "2023-06-30": {"econtract": (2, [], None), "talent": (0, [13], None)},
    "2023-07-01": {"talent": (13, [13], 0)},
    "2024-03-31": {"chat": (22, [34, 33], 12), "docs": (0, [6, 7], 6), "talent": (13, [13], 0)},
}


@pytest.mark.parametrize("day", EXPECTED)
def test_the_ledgers_own_counts_and_the_published_ones_on_known_days(
    filled: Engine, day: str
) -> None:
    lines = counts_view(
        filled, PUBLIC, REFERENCE, as_of=date.fromisoformat(day), basis=CountBasis.PAID
    )
    found = {
        line.programme: (
            line.named,
            [total.value for total in line.published],
            line.unnamed,
        )
        for line in lines
    }
    assert list(found) == ["chat", "eapply", "docs", "econtract", "talent"]
    assert {key: found[key] for key in EXPECTED[day]} == EXPECTED[day]


def test_counts_of_other_bases_stay_by_themselves(filled: Engine) -> None:
    def on(basis: CountBasis) -> dict[str, tuple[object, list[int], object]]:
        lines = counts_view(filled, PUBLIC, REFERENCE, as_of=date(2023, 6, 30), basis=basis)
        return {
            line.programme: (
                line.named,
                [total.value for total in line.published],
                line.unnamed,
            )
            for line in lines
        }

    assert on(CountBasis.PAID_FREE_OR_PLANNED)["econtract"] == (13, [13], None)
    assert on(CountBasis.PAID_OR_FREE)["chat"] == (22, [43], 21)
    assert on(CountBasis.PAID_WITH_PREFECTURE)["chat"] == (22, [23], 1)
    assert on(CountBasis.INCLUDING_OWN_PROCUREMENT)["eapply"] == (None, [43], None)


def test_the_screen_shows_planned_apart_from_actual(filled: Engine) -> None:
    answer = procurement_view(filled, PUBLIC, REFERENCE, as_of=date(2023, 6, 30))
    (econtract,) = [s for s in answer.systems if s.procurement.key == "econtract"]
    assert (econtract.counts.initial, econtract.counts.planned) == (2, 11)
    assert [(m.month, m.counts.paid) for m in econtract.paid.actual] == [(date(2023, 6, 1), 2)]
    assert [(p.month.isoformat()[:7], p.total) for p in econtract.paid.planned] == [
        ("2023-07", 4),
        ("2023-08", 5),
        ("2023-09", 6),
        ("2023-10", 10),
        ("2023-12", 11),
        ("2024-01", 12),
        ("2024-03", 13),
    ]
    assert econtract.paid.overdue == 0
    later = procurement_view(
        filled, PUBLIC, REFERENCE, as_of=date(2023, 10, 15), programmes=("econtract",)
    )
    assert later.systems[0].counts.planned == 11  # nobody has said that they joined
    assert later.systems[0].paid.overdue == 8
    assert [p.total for p in later.systems[0].paid.planned] == [3, 4, 5]


def test_the_matrix_groups_and_population_add_up(filled: Engine) -> None:
    answer = procurement_view(filled, PUBLIC, REFERENCE, as_of=date(2023, 7, 1))
    assert (answer.municipalities, answer.population, len(answer.rows)) == (43, 8_837_685, 43)
    taking_part = [row for row in answer.rows if {s.standing for s in row.states} & TAKING_PART]
    assert len(taking_part) == 27
    for place, system in enumerate(answer.systems):
        standings = [row.states[place].standing for row in answer.rows]
        assert standings.count(Standing.PAID_INITIAL) == system.counts.initial
        for groups in (system.areas, system.categories):
            assert sum(g.group.municipalities for g in groups) == 43
            assert sum(g.group.population for g in groups) == answer.population
            assert sum(g.counts.population for g in groups) == system.counts.population
    names = {r.name: r for r in answer.rows}
    assert sum(s.standing in TAKING_PART for s in names["四條畷市"].states) == 3
    assert "大阪府" not in names
    assert {state.standing for state in answer.prefecture.states} == {Standing.NONE}


def test_the_prefecture_takes_part_and_is_not_counted(filled: Engine, now: datetime) -> None:
    entry = Entry(PREFECTURE, "eapply", EventKind.JOINED, parse_date("2021年度"), "事務局", "A")
    record(filled, entry, now, "r")
    answer = procurement_view(
        filled, PUBLIC, REFERENCE, as_of=date(2023, 6, 1), programmes=("eapply",)
    )
    counts = answer.systems[0].counts
    assert (counts.paid, counts.prefecture) == (0, 1)
    assert counts.on(CountBasis.PAID_WITH_PREFECTURE) == 1
    assert answer.prefecture.states[0].lot == "A"
    assert answer.systems[0].lots[0].counts.paid == 0


def test_lots_are_counted_apart(filled: Engine, now: datetime) -> None:
    for code, lot in ((SAKAI, "A"), (SUITA, "B"), (KISHIWADA, None)):
        entry = Entry(code, "eapply", EventKind.JOINED, parse_date("2022-04-01"), "調査", lot)
        record(filled, entry, now, code)
    (system,) = procurement_view(
        filled, PUBLIC, REFERENCE, as_of=date(2023, 6, 1), programmes=("eapply",)
    ).systems
    assert system.counts.paid == 3
    assert [(lot.lot.key, lot.counts.paid) for lot in system.lots] == [("A", 1), ("B", 1)]
    assert [[t.value for t in lot.headline.published] for lot in system.lots] == [[5], [20]]


def test_what_was_known_earlier_can_be_asked(filled: Engine, now: datetime) -> None:
    entry = Entry(OSAKA, "chat", EventKind.JOINED_LATE, parse_date("2022-04-01"), "調査")
    record(filled, entry, now + timedelta(days=1), "r")
    day = date(2023, 6, 1)

    def paid(known_at: datetime | None) -> int:
        answer = procurement_view(filled, PUBLIC, REFERENCE, as_of=day, known_at=known_at)
        return answer.systems[0].counts.paid

    assert (paid(None), paid(now), paid(now - timedelta(days=1))) == (23, 22, 0)


def test_everybody_may_read_the_history_without_names_and_notes(
    filled: Engine, now: datetime
) -> None:
    entry = Entry(
        SAKAI,
        "docs",
        EventKind.INTEREST,
        parse_date("2023-09"),
        "担当の山田さんからの電話",
        note="内々の話",
    )
    tanto = Principal("suzuki", "鈴木", Role.SECRETARIAT)
    record_participation(
        filled, tanto, entry=entry, seen_event=0, reference=REFERENCE, request_id="r", now=now
    )
    day = date(2023, 10, 1)

    def docs(principal: Principal) -> object:
        answer = participation_history_view(
            filled, principal, REFERENCE, participant=SAKAI, as_of=day
        )
        (system,) = [s for s in answer.systems if s.procurement.key == "docs"]
        assert system.state.standing is Standing.INTEREST
        return answer.full, system.lines[0].event

    for stranger in (
        PUBLIC,
        Principal("o", "o", Role.OFFICER, SUITA),
        Principal("v", "v", Role.VIEWER),
    ):
        full, event = docs(stranger)
        assert not full
        for secret in ("山田", "内々", "suzuki"):
            assert secret not in repr(event)
    for allowed in (tanto, Principal("s", "s", Role.OFFICER, SAKAI)):
        full, event = docs(allowed)
        assert full
        assert (event.note, event.recorded_by) == ("内々の話", "suzuki")


def test_the_history_shows_what_was_corrected_and_by_what(filled: Engine, now: datetime) -> None:
    cell = ledger_cell_view(filled, CONSOLE, participant=SUITA, programme="chat")
    assert (cell.latest.standing, cell.seen_event) == (Standing.PAID_INITIAL, 21)
    assert set(cell.possible) == {EventKind.LIVE, EventKind.LOT_CHANGED, EventKind.LEFT}
    number = correct_participation(
        filled,
        CONSOLE,
        event_id=21,
        replacement=Entry(SUITA, "chat", EventKind.JOINED, parse_date("2021-08-01"), "調査"),
        why="",
        seen_event=21,
        reference=REFERENCE,
        request_id="r",
        now=now,
    )
    answer = participation_history_view(
        filled, PUBLIC, REFERENCE, participant=SUITA, programme="chat", as_of=date(2021, 7, 15)
    )
    (system,) = answer.systems
    assert system.state.standing is Standing.NONE
    assert [(line.event.event_id, line.corrected_by) for line in system.lines] == [
        (number, None),
        (21, number),
    ]
    assert system.lines[1].source == REFERENCE.sources["hodo-2021-04-27"]
    entry = audit_view(filled, CONSOLE, wanted=AuditFilter()).entries[0]
    assert (entry.action, entry.subject) == ("ledger:correct", SUITA)
    assert entry.detail["corrects"] == 21


def test_a_correction_needs_a_reason_the_same_cell_and_an_event(
    filled: Engine, now: datetime
) -> None:
    def correct(event_id: int, replacement: Entry | None, why: str) -> None:
        correct_participation(
            filled,
            CONSOLE,
            event_id=event_id,
            replacement=replacement,
            why=why,
            seen_event=21,
            reference=REFERENCE,
            request_id=f"{event_id}{why}",
            now=now,
        )

    before = data_revision(filled)
    with pytest.raises(InvalidInputError, match="訂正の理由"):
        correct(21, None, " ")
    with pytest.raises(ConflictError, match="記録番号999の記録はありません"):
        correct(999, None, "誤り")
    with pytest.raises(InvalidInputError, match="この記録を取り消してから"):
        correct(21, Entry(SAKAI, "chat", EventKind.JOINED, parse_date("2021-07"), "x"), "")
    with pytest.raises(InvalidInputError, match="種類として選べません"):
        correct(21, Entry(SUITA, "chat", EventKind.CORRECTION, parse_date("2021-07"), "x"), "")
    assert data_revision(filled) == before


def test_the_secretariat_finds_rows_by_filter_and_page(filled: Engine) -> None:
    def numbers(page: int = 1, **filters: object) -> tuple[list[int], int, int, int]:
        answer = ledger_view(
            filled, CONSOLE, REFERENCE, filters=LedgerFilter(**filters), page=page, page_size=10
        )
        return [x.event.event_id for x in answer.lines], answer.total, answer.page, answer.pages

    assert numbers() == (list(range(48, 38, -1)), 48, 1, 5)
    assert numbers(page=99) == (list(range(8, 0, -1)), 48, 5, 5)
    assert numbers(participant=SUITA) == ([37, 30, 21], 3, 1, 1)
    assert numbers(participant=SUITA, programme="chat")[0] == [21]
    assert numbers(kinds=(EventKind.PLANNED,))[1] == 11
    assert numbers(words="hodo")[1] == 22
    assert numbers(words="%")[1] == 0
    assert numbers(recorded_by="nobody") == ([], 0, 1, 1)
    line = ledger_view(filled, CONSOLE, REFERENCE, filters=LedgerFilter(participant=SUITA)).lines[
        -1
    ]
    assert (line.participant, line.programme) == ("吹田市", "自治体専用チャットツール")


def test_who_is_like_us_and_in_and_who_beside_us_is_not(filled: Engine) -> None:
    answer = alike_view(
        filled, PUBLIC, REFERENCE, participant=KISHIWADA, programme="chat", as_of=date(2023, 6, 1)
    )
    assert answer.state.standing is Standing.NONE
    assert all(line.state.standing is Standing.PAID_INITIAL for line in answer.inside)
    assert answer.inside[0].likeness.municipality.name == "茨木市"
    assert answer.area_outside
    assert {line.likeness.municipality.area for line in answer.area_outside} == {
        answer.municipality.area
    }
    with pytest.raises(InvalidInputError, match="fax"):
        alike_view(
            filled,
            PUBLIC,
            REFERENCE,
            participant=KISHIWADA,
            programme="fax",
            as_of=date(2023, 6, 1),
        )


def test_a_programme_or_participant_that_is_not_there_is_refused(filled: Engine) -> None:
    day = date(2023, 6, 1)
    with pytest.raises(InvalidInputError, match="fax"):
        procurement_view(filled, PUBLIC, REFERENCE, as_of=day, programmes=("fax",))
    with pytest.raises(InvalidInputError, match="999999"):
        procurement_view(filled, PUBLIC, REFERENCE, as_of=day, participants=("999999",))
    with pytest.raises(InvalidInputError, match="999999"):
        participation_history_view(filled, PUBLIC, REFERENCE, participant="999999", as_of=day)


def test_a_stale_form_is_told_what_changed(filled: Engine, now: datetime) -> None:
    entry = Entry(SUITA, "chat", EventKind.LIVE, parse_date("2021-08-01"), "調査")
    with pytest.raises(ConflictError, match=r"初期データが「当初参加」.*記録番号21"):
        record(filled, entry, now, "r", seen=0)
    assert record(filled, entry, now, "r", seen=21) == 49
    assert record(filled, entry, now, "r", seen=0) == 49  # the same click again


def test_status_of_published_values_is_kept(filled: Engine) -> None:
    lines = counts_view(filled, PUBLIC, REFERENCE, as_of=date(2023, 6, 30), basis=CountBasis.PAID)
    talent = lines[-1]
    assert [total.status for total in talent.published] == [Status.PLANNED]
    assert talent.value is None


@pytest.fixture
def own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    engines = []
    opened = context.open_engine

    def remembered(*arguments: object) -> object:
        engines.append(opened(*arguments))
        return engines[-1]

    monkeypatch.setattr(context, "open_engine", remembered)
    monkeypatch.setenv("NORIAI_DATABASE_URL", f"sqlite:///{tmp_path / 'cli.db'}")
    monkeypatch.delenv("NORIAI_TODAY", raising=False)
    yield
    for engine in engines:
        engine.dispose()


def run(*words: str) -> int:
    try:
        return cli.main(words)
    except SystemExit as stopped:  # argparse
        return int(stopped.code or 0)


@pytest.mark.usefixtures("own_database")
def test_counts_prints_the_json_of_the_design(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("counts", "--as-of", "2023-06-01", "--json") == 0
    text = capsys.readouterr().out
    assert text.startswith('{"as_of": "2023-06-01", "programmes": {"chat": {"ledger": 22, "cov')
    answer = json.loads(text)
    assert list(answer["programmes"]) == ["chat", "eapply", "docs", "econtract", "talent"]
    assert answer["programmes"]["chat"] == {
        "ledger": 22,
        "coverage": "partial",
        "published": [
            {
                "value": 34,
                "basis": "paid",
                "as_of": "2023-06-01",
                "status": "actual",
                "source": "prs-47910",
            }
        ],
        "unnamed": 12,
        "headline": {"value": 34, "from": "published", "as_of": "2023-06-01"},
    }
    assert answer["programmes"]["eapply"]["coverage"] == "none"
    assert answer["programmes"]["econtract"] == {
        "ledger": 2,
        "coverage": "partial",
        "published": [],
        "unnamed": None,
        "headline": None,
    }
    assert run("counts", "--as-of", "2023-02-28", "--basis", "paid", "--json") == 0
    chat = json.loads(capsys.readouterr().out)["programmes"]["chat"]
    assert chat["published"][0]["as_of"] == "2023-02"
    assert chat["headline"] == {"value": 30, "from": "published", "as_of": "2023-02"}
    declare_coverage(
        context.engine(),
        CONSOLE,
        entry=CoverageEntry("econtract", Edition.PAID, date(2023, 6, 30), "契約の一覧"),
        seen_event=0,
        reference=REFERENCE,
        request_id="r",
        now=context.now(),
    )
    assert run("counts", "--as-of", "2023-07-01", "--json") == 0
    answer = json.loads(capsys.readouterr().out)["programmes"]["econtract"]
    assert (answer["coverage"], answer["unnamed"]) == ("complete", None)
    assert answer["headline"] == {"value": 2, "from": "ledger", "as_of": "2023-07-01"}


@pytest.mark.usefixtures("own_database")
def test_counts_reads_well_and_refuses_in_japanese(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("counts", "--as-of", "R5.6.1") == 0
    text = capsys.readouterr().out
    assert "2023-06-01時点 集計基準: 有償版に参加した団体" in text
    head = "自治体専用チャットツール(chat): 34団体(公表、令和5年6月1日)、うち名前がわかる22\n"
    assert f"{head}  台帳 22団体(網羅の状態: 一部のみ)" in text
    assert "電子契約システム(econtract): 不明(名前がわかる2団体)" in text
    assert "公表値 34団体(実績、令和5年6月1日時点、出典 大阪府報道発表" in text
    assert "公表値(実績)−台帳 12団体" in text
    assert run("counts", "--as-of", "2023-06-01", "--basis", "including_own_procurement") == 0
    assert "台帳 記録の対象外" in capsys.readouterr().out
    assert run("counts", "--as-of", "令和5年6月") == 2
    assert "日まで指定してください" in capsys.readouterr().err
    assert run("counts", "--as-of", "2023-06-01", "--basis", "all") == 2


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_file_goes_out_and_comes_back_unchanged(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / f"台帳.{suffix}")
    assert run("ledger", "export", path) == 0
    assert "48行を書き出しました" in capsys.readouterr().out
    assert run("ledger", "import", path) == 0
    assert "0行を記録しました(変更なし 48行)" in capsys.readouterr().out


@pytest.mark.usefixtures("own_database")
def test_import_says_what_would_change_and_takes_all_or_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "追加.csv"
    head = "団体名,共同調達,種類,適用日,出典\n"
    path.write_text(
        head + "大阪市,docs,当初参加,R4.10.1,調査\n四条畷市,docs,後乗り,R5.4,調査\n", "utf-8"
    )
    assert run("ledger", "import", str(path), "--dry-run") == 2
    out, err = capsys.readouterr()
    assert "追加 1行、変更なし 0行、読み替え 1行、食い違い 0行、取り込めない 0行" in out
    assert (
        "2行目 追加: 大阪市 | 文書管理・電子決裁システム | 当初参加 | 令和4年10月1日 | 出典 調査"
        in out
    )
    assert "3行目 読み替え: 四條畷市 |" in out
    assert "団体名を四条畷市→四條畷市と読み替えますか" in out
    assert "--accept-names" in err
    assert run("ledger", "import", str(path), "--dry-run", "--json", "--accept-names") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["rows"][1] == {
        "line": 3,
        "outcome": "new",
        "lg_code": "272299",
        "programme": "docs",
        "lot": None,
        "kind": "joined_late",
        "effective": "2023-04",
        "precision": "month",
        "foreseen": None,
        "source": "調査",
        "note": "",
        "read_as": ["四条畷市→四條畷市"],
        "reason": "",
    }
    assert answer.keys() == {"sheet", "rows", "unread_headings"}
    assert run("ledger", "import", str(path)) == 2
    assert "何も取り込みませんでした" in capsys.readouterr().err
    assert run("ledger", "import", str(path), "--accept-names") == 0
    assert run("ledger", "import", str(path), "--accept-names") == 0
    assert "0行を記録しました(変更なし 2行)" in capsys.readouterr().out
    assert run("counts", "--as-of", "2023-06-01") == 0
    assert "文書管理・電子決裁システム(docs): 6団体(公表、令和5年6月1日)、うち名前がわかる2" in (
        capsys.readouterr().out
    )
    assert run("ledger", "import", str(tmp_path / "none.csv")) == 2
    assert run("ledger", "export", str(tmp_path / "a.pdf")) == 2
    assert run("ledger", "export", str(tmp_path / "no" / "a.csv")) == 2
