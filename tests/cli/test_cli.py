"""The command line: what DESIGN.md promises word for word, and what it says when it cannot."""

from __future__ import annotations

import argparse
import ast
import inspect
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from core import cli
from core.access.limit import LIMITS, LimitKind
from core.access.principal import PUBLIC, Principal, Role
from core.cli import context
from core.cli.japanese import PROGRAMMER, WORDS
from core.commands.consultations import request_consultation, withdraw_consultation
from core.commands.sessions import sign_in
from core.consultation.request import RequestForm
from core.settings import DATA, PROJECT, load_settings
from core.values.errors import SignInRefusedError
from core.views.consultations import own_consultations_view
from tests.support.opened import OPENED
from tests.support.reference import REFERENCE

README = PROJECT / "README.md"


@pytest.fixture(autouse=True)
def own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    context.begin()
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


def test_estimate_prints_the_json_of_the_design(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("estimate", "--fiscal-year", "2023", "--plan", "6", "--plan", "4:11", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "fiscal_year": 2023,
        "label": "令和5年度",
        "lines": [
            {
                "plan": 6,
                "visits": 12,
                "unit_price": 100000,
                "gross": 1200000,
                "subsidy": 600000,
                "net": 600000,
            },
            {
                "plan": 4,
                "visits": 11,
                "unit_price": 100000,
                "gross": 1100000,
                "subsidy": 550000,
                "net": 550000,
            },
        ],
        "gross": 2300000,
        "subsidy": 1150000,
        "net": 1150000,
    }


@pytest.mark.parametrize(
    ("options", "subsidy", "line_subsidies"),
    [
        (["--rounding-scope", "total"], 1_234_000, [617_000, 617_000]),
        (["--rounding-scope", "plan"], 1_234_000, [617_000, 617_000]),
        (["--rounding-unit", "10"], 1_234_560, [617_280, 617_280]),
        (["--rate", "1/3"], 823_000, [411_500, 411_500]),
        (["--rate", "1/3", "--rounding-scope", "plan"], 822_000, [411_000, 411_000]),
    ],
)
def test_rounding_options_decide_the_subsidy(
    options: list[str],
    subsidy: int,
    line_subsidies: list[int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["estimate", "--fiscal-year", "R5", "--plan", "6:1", "--plan", "4:1"]
    assert run(*words, "--unit-price", "1234567", *options, "--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert result["gross"] == 2_469_134
    assert result["subsidy"] == subsidy
    assert result["net"] == 2_469_134 - subsidy
    assert [line["subsidy"] for line in result["lines"]] == line_subsidies


def test_a_plan_without_visits_takes_as_many_as_it_has(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.cli.estimate.reference", lambda: OPENED)
    assert run("estimate", "--fiscal-year", "2027", "--plan", "8", "--plan", "6", "--json") == 0
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert [(line["plan"], line["visits"]) for line in lines] == [(8, 6), (6, 12)]


def test_the_real_burden_is_said_beside_the_estimate_and_is_null_while_unknown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["estimate", "--fiscal-year", "2027", "--plan", "6", "--json"]
    assert run(*words) == 0
    plain = json.loads(capsys.readouterr().out)
    assert run(*words, "--real-burden", "none", "--other-subsidy", "交付金=12万") == 0
    found = json.loads(capsys.readouterr().out)
    layer = found.pop("real_burden")
    assert found == plain
    assert (layer["net"], layer["returned"], layer["amount"]) == (600_000, 0, 480_000)
    assert layer["others"] == [{"name": "交付金", "amount": 120_000}]
    assert layer["to_confirm"] is True
    assert run(*words, "--real-burden", "receives") == 0
    layer = json.loads(capsys.readouterr().out)["real_burden"]
    assert (layer["returned"], layer["amount"]) == (None, None)
    assert "措置率" in layer["unknown"][0]
    assert run(*words[:-1], "--real-burden") == 0
    printed = capsys.readouterr().out
    assert "実質負担(要確認) 令和9年度" in printed
    assert "財政課に確かめて" in printed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--other-subsidy", "交付金=1"], "--real-burden と一緒に"),
        (["--real-burden", "--other-subsidy", "交付金"], "名前=額"),
        (["--real-burden", "--other-subsidy", "交付金=600001"], "一般財源600,000円を超えています"),
    ],
)
def test_other_subsidies_that_cannot_be_are_refused(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("estimate", "--fiscal-year", "2027", "--plan", "6", *options) == 2
    assert said in capsys.readouterr().err


def test_bad_input_names_every_field_on_stderr_and_exits_with_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["estimate", "--fiscal-year", "2022", "--plan", "6:13", "--plan", "9", "--rate", "3/2"]
    assert run(*words, "--unit-price=-1", "--json") == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    for part in ("2022年度", "ない支援プランです: 9", "プラン6の支援回数", "補助率", "費用"):
        assert part in captured.err


@pytest.mark.parametrize(
    "words",
    [
        ["estimate", "--fiscal-year", "昨年"],
        ["estimate", "--fiscal-year", "2023", "--plan", "六"],
        ["estimate", "--fiscal-year", "2023", "--rate", "1e999999"],
        ["estimate"],
        ["nonsense"],
    ],
)
def test_what_cannot_be_read_exits_with_2_and_says_so_in_japanese(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "指定を確認してください" in captured.err


def test_a_setting_that_cannot_work_stops_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NORIAI_DATABASE_URL", "oracle://somewhere")
    assert run("init") == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "NORIAI_DATABASE_URL" in error


DISCOVERY = "https://idp.example.lg.jp/.well-known/openid-configuration"
PROVIDER = {
    "OIDC_DISCOVERY_URL": DISCOVERY,
    "OIDC_CLIENT_ID": "noriai",
    "OIDC_CLIENT_SECRET": "himitsu",
    "OIDC_OFFICER": "tanto",
}


def test_a_provider_of_accounts_is_set_and_its_secret_hidden(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {**PROVIDER, "PASSWORD_SIGN_IN": "false"}.items():
        monkeypatch.setenv(f"NORIAI_{name}", value)
    assert run("settings") == 0
    shown = capsys.readouterr().out
    assert DISCOVERY in shown
    assert "himitsu" not in shown


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"OIDC_DISCOVERY_URL": "http://idp.example.lg.jp/.well-known/openid-configuration"},
         "OIDC_DISCOVERY_URL"),
        ({"OIDC_DISCOVERY_URL": "https://idp.example.lg.jp/"}, "OIDC_DISCOVERY_URL"),
        ({"OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_ID"),
        ({"OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET"),
        ({"OIDC_ROLE_CLAIM": ""}, "OIDC_ROLE_CLAIM"),
        ({"OIDC_OFFICER": ""}, "OIDC_OFFICER"),
        ({"OIDC_SECRETARIAT": "tanto"}, "事務局・市町村職員・アドバイザー・閲覧者の値は別々"),
        ({"OIDC_STRENGTH": "mfa"}, "OIDC_STRENGTH"),
        ({"PASSWORD_SIGN_IN": "maybe"}, "PASSWORD_SIGN_IN"),
        ({"PASSWORD_SIGN_IN": "false", "OIDC_DISCOVERY_URL": ""}, "だれもサインインできません"),
    ],
)  # fmt: skip
def test_a_provider_that_cannot_work_stops_with_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    changed: dict[str, str],
    named: str,
) -> None:
    for name, value in {**PROVIDER, **changed}.items():
        monkeypatch.setenv(f"NORIAI_{name}", value)
    assert run("settings") == 2
    error = capsys.readouterr().err
    assert (error.count("\n"), named in error) == (1, True)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NORIAI_TODAI", "2023-06-01", "NORIAI_TODAY"),
        ("NORIAI_COOKIE_KEY", "secret", "NORIAI_DATABASE_URL"),
        ("NORIAI_BASE_URL", "http://noriai.example:99999", "ポート"),
        ("NORIAI_BASE_URL", "http://noriai.example/?a=b", "NORIAI_BASE_URL"),
    ],
)
def test_a_setting_nothing_reads_or_that_cannot_work_stops_every_command(
    name: str,
    value: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, value)
    for command in (["settings"], ["init"], ["counts", "--as-of", "2023-06-01"]):
        assert run(*command) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.count("\n") == 1
        assert name in captured.err
        assert said in captured.err


def test_a_port_that_cannot_be_had_is_refused_before_a_password_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        for port in (str(taken.getsockname()[1]), "99999", "0", "八"):
            assert run("serve", "--port", port) == 2
            captured = capsys.readouterr()
            assert captured.out == ""
            assert captured.err.count("\n") == 1
            assert "ポート" in captured.err or "整数" in captured.err


def test_links_follow_the_port(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started = []
    monkeypatch.setattr("os.chdir", lambda _folder: None)
    monkeypatch.setattr("os.execv", lambda _program, words: started.append(words))
    monkeypatch.setenv("NORIAI_BASE_URL", "")
    monkeypatch.delenv("NORIAI_BASE_URL")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    assert run("serve", "--port", port) == 0
    assert started[0][-1] == port
    assert load_settings().base_url == f"http://127.0.0.1:{port}"
    assert f"http://127.0.0.1:{port}" in capsys.readouterr().out


def test_a_broken_file_of_data_is_one_line_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = shutil.copytree(DATA, tmp_path / "data")
    (data / "plans.yaml").write_text("plans: [", encoding="utf-8")
    monkeypatch.setattr(context, "DATA", data)
    context.pack.cache_clear()
    try:
        for command in (["init"], ["serve"]):
            assert run(*command) == 2
            captured = capsys.readouterr()
            assert captured.out == ""
            assert captured.err.count("\n") == 1
            assert "plans.yaml" in captured.err
    finally:
        context.pack.cache_clear()
    assert not (tmp_path / "cli.db").exists()


def test_a_reader_who_has_enough_ends_a_command_in_peace(tmp_path: Path) -> None:
    environment = os.environ | {"NORIAI_DATABASE_URL": f"sqlite:///{tmp_path / 'cli.db'}"}
    command = [sys.executable, "-c", "from core.cli import main; raise SystemExit(main())"]
    read, write = os.pipe()
    os.close(read)  # whoever reads is gone before the first word
    done = subprocess.run(
        [*command, "figures", "--as-of", "2023-06-01"],
        env=environment,
        cwd=PROJECT,
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_argparse_says_nothing_in_english() -> None:
    called = [
        node
        for node in ast.walk(ast.parse(inspect.getsource(argparse)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("_", "ngettext")
    ]
    said = {
        word.value
        for call in called
        for word in call.args
        if isinstance(word, ast.Constant) and isinstance(word.value, str)
    }
    assert len(said) > 20
    assert said - set(WORDS) - PROGRAMMER == set()


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["counts"],
        ["nonsense"],
        ["user", "add"],
        ["ledger", "import"],
        ["estimate", "--fiscal-year", "2023", "--years", "two"],
        ["estimate", "--fiscal-year", "2023", "--section", "13"],
        ["counts", "--as-of", "2023-06-01", "--bas", "paid", "--more"],
        ["settings", "now"],
        ["serve", "--port"],
    ],
)
def test_every_refusal_is_one_japanese_line(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    english = set(re.findall(r"\b[a-z]{4,}\b", error)) & {
        "usage", "error", "argument", "arguments", "required", "invalid", "choice", "choose",
        "unrecognized", "expected", "following", "value", "from",
    }  # fmt: skip
    assert english == set()


def test_settings_hide_secrets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NORIAI_DATABASE_URL", "postgresql+psycopg://noriai:tiger@db/noriai")
    monkeypatch.setenv(
        "NORIAI_SMTP_URL", "smtp://sender:hunter2@mail.example/?from=dx@example.lg.jp"
    )
    assert run("settings") == 0
    shown = capsys.readouterr().out
    assert not re.search("tiger|hunter2", shown)
    assert "noriai:***@db/noriai" in shown


def test_first_start_shows_the_first_password_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("init") == 0
    first = capsys.readouterr().err
    assert run("init") == 0
    assert re.search(r"ユーザー名: jimukyoku-[a-z0-9]{4}\n", first)
    assert re.search(r"パスワード: \S{15,}", first)
    assert "パスワード" not in capsys.readouterr().err


def test_user_commands_work_and_refuse(capsys: pytest.CaptureFixture[str]) -> None:
    officer = ["--name", "堺市 DX推進課", "--role", "officer", "--municipality", "271403"]
    assert run("user", "add", "sakai", *officer) == 0
    assert run("user", "add", "sakai", *officer) == 2
    assert run("user", "reset", "sakai") == 0
    assert run("user", "disable", "sakai") == 0
    assert run("user", "disable", "sakai") == 2
    assert run("user", "enable", "sakai") == 0
    assert run("user", "disable", "nobody") == 2
    capsys.readouterr()
    assert run("user", "list", "--json") == 0
    listed = {each["username"]: each for each in json.loads(capsys.readouterr().out)}
    (office,) = (name for name, each in listed.items() if each["role"] == "secretariat")
    assert run("user", "disable", office) == 2  # the last of the secretariat
    assert run("user", "add", "sakai", *officer) == 2
    error = capsys.readouterr().err
    assert "既に使われています" in error
    assert "最後の事務局" in error
    assert run("user", "add", "x", "--name", "", "--role", "officer") == 2
    assert run("audit", "verify") == 0


def test_accounts_are_listed_with_their_state_and_a_wait_is_ended(
    capsys: pytest.CaptureFixture[str],
) -> None:
    officer = ["--name", "堺市 DX推進課", "--role", "officer", "--municipality", "271403"]
    assert run("user", "add", "sakai", *officer) == 0
    database = context.engine()
    for _ in range(LIMITS[LimitKind.PAIR].free):
        with pytest.raises(SignInRefusedError):
            sign_in(database, PUBLIC, username="sakai", password="ちがう", now=context.now())
    capsys.readouterr()
    assert run("user", "list") == 0
    shown = capsys.readouterr().out
    line = next(line for line in shown.splitlines() if line.startswith("sakai "))
    assert re.search(r"市町村職員\(堺市\) 失敗が続き\d\d:\d\d:\d\dまで待ち", line)
    assert "最後のサインイン: なし その後の失敗: 5回" in line
    assert run("user", "unlock", "sakai") == 0
    assert "すぐにサインインを試せます" in capsys.readouterr().out
    assert run("user", "unlock", "sakai") == 0
    assert "待ち時間はありませんでした" in capsys.readouterr().out
    assert run("user", "unlock", "nobody") == 2
    assert "アカウントがありません" in capsys.readouterr().err


def test_accounts_come_from_a_table_that_is_shown_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, sheets = tmp_path / "a.csv", str(tmp_path / "a.pdf")
    file = str(table)
    table.write_text("氏名,市町村,権限\n山田,堺市,\n田中,ない市,\n", encoding="utf-8")
    assert run("user", "import", file, "--dry-run", "--json") == 2
    shown = json.loads(capsys.readouterr().out)
    assert [row["outcome"] for row in shown["rows"]] == ["new", "refused"]
    assert shown["added"] == 0
    assert run("user", "import", file) == 2
    said = capsys.readouterr()
    assert "--leave-out" in said.err
    assert "追加していません" in said.out
    assert run("user", "import", file, "--leave-out", "--sheets", sheets, "--json") == 0
    done = json.loads(capsys.readouterr().out)
    assert done["added"] == 1
    assert "password" not in done["rows"][0]  # on paper alone
    assert "tanto-271403" in PdfReader(sheets).pages[0].extract_text()
    assert run("user", "template", str(tmp_path / "t.xlsx")) == 0
    assert run("user", "template", str(tmp_path / "t.csv")) == 2


def test_export_writes_the_workbook_of_the_same_estimate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "request.xlsx"
    words = ["--fiscal-year", "2023", "--plan", "6", "--plan", "4:11"]
    assert run("export", "budget", *words, "--municipality", "271403", "--output", str(path)) == 0
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), data_only=True)
    values = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {2_300_000, 1_150_000, 2_300, 1_150} <= values
    assert run("export", "budget", *words, "--municipality", "999999", "--output", str(path)) == 2
    assert run("export", "budget", *words, "--output", str(tmp_path / "no" / "such.xlsx")) == 2
    assert "書き込めません" in capsys.readouterr().err
    assert run("export", "budget", *words, "--real-burden", "none", "--output", str(path)) == 0
    assert openpyxl.load_workbook(path).sheetnames[-1] == "実質負担(要確認)"
    page = str(tmp_path / "page.pdf")
    assert run("export", "budget", *words, "--real-burden", "--output", page) == 2
    assert "実質負担を載せられるのは.xlsxだけ" in capsys.readouterr().err


def test_the_readme_lists_every_command_of_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    helped = set(re.findall(r"^    (\w+) ", capsys.readouterr().out, re.MULTILINE))
    listed = set(re.findall(r"^\| `noriai (\w+)", README.read_text("utf-8"), re.MULTILINE))
    assert helped == listed
    assert helped


def test_the_readme_example_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    text = README.read_text("utf-8")
    example = re.search(r"```\n\$ noriai (.+)\n((?:.*\n)+?)```", text)
    assert example is not None
    assert run(*example[1].split()) == 0
    assert capsys.readouterr().out == example[2]


def test_purge_says_what_was_due(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("purge") == 0
    assert "削除する個人情報はありません" in capsys.readouterr().out
    assert run("purge", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["sessions"], answer["people"], answer["contacts"]) == (0, 0, 0)


def test_purge_deletes_the_contact_of_a_consultation_long_over(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NORIAI_TODAY", "2023-10-02")
    database, asked = context.engine(), context.now()
    officer = Principal("sakai", "担当", Role.OFFICER, "271403")
    form = RequestForm(
        theme="daily_work", title="無線LANの費用", question="導入事例を知りたい", tried="",
        meeting="either", wished=(asked.date(),), wished_note="", department="DX推進課",
        contact="山田 花子", mail="dx@city.example.lg.jp", phone="",
    )  # fmt: skip
    request_consultation(
        database,
        officer,
        lg_code="271403",
        form=form,
        files=(),
        reference=REFERENCE,
        request_id="r",
        now=asked,
    )
    (kept,) = own_consultations_view(
        database, officer, REFERENCE, lg_code="271403", today=asked.date()
    ).consultations
    withdraw_consultation(
        database, officer, lg_code="271403", consultation_id=kept.consultation_id,
        reason="解決したため", seen_event=kept.last.event_id, request_id="w", now=asked,
    )  # fmt: skip
    monkeypatch.setenv("NORIAI_TODAY", "2025-10-01")  # the 730th day
    assert run("purge") == 0
    assert "削除する担当者の個人情報はありません" in capsys.readouterr().out
    monkeypatch.setenv("NORIAI_TODAY", "2025-10-02")
    assert run("purge") == 0
    assert "終わった相談の担当者1人の個人情報を削除しました" in capsys.readouterr().out
    (after,) = own_consultations_view(
        database, officer, REFERENCE, lg_code="271403", today=asked.date()
    ).consultations
    assert (after.contact, after.request) == (None, kept.request)


def test_export_writes_the_indicators_the_slides_and_a_page_for_a_visit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, table, codes = tmp_path / "kpi.xlsx", tmp_path / "kpi.csv", tmp_path / "codes.csv"
    deck, visit = tmp_path / "deck.pptx", tmp_path / "visit.pdf"
    june = ["--as-of", "2023-06-30"]
    assert run("export", "kpi", str(book), *june, "--compared-with", "令和5年2月28日") == 0
    rows = {row[1]: row for row in openpyxl.load_workbook(book)["指標"].iter_rows(values_only=True)}
    assert rows["チャット: 参加(公表値)"][2:6] == (34, "団体", 30, 4)
    narrowed = ["--area", "北河内", "--size", "large", "--codebook", str(codes)]
    assert run("export", "kpi", str(table), *june, *narrowed) == 0
    written = table.read_text(encoding="utf-8-sig")
    assert "chat_named,共同調達,チャット: 名前がわかる団体,1,団体" in written
    assert "chat_paid,共同調達,チャット: 参加,,団体" in written  # published for all of them only
    assert codes.stat().st_size > 500
    assert run("export", "deck", str(deck), *june) == 0
    assert deck.read_bytes()[:2] == b"PK"
    assert run("export", "visit", str(visit), *june, "--municipality", "271403") == 0
    assert visit.read_bytes()[:5] == b"%PDF-"
    capsys.readouterr()
    assert run("export", "visit", str(visit), "--municipality", "999999") == 2
    assert run("export", "kpi", str(tmp_path / "kpi.txt"), *june) == 2
    assert run("export", "kpi", str(table), *june, "--area", "東京") == 2
    assert run("export", "deck", str(tmp_path / "no" / "such.pptx"), *june) == 2
    assert run("export", "deck", str(deck), "--as-of", "2023-06") == 2
    said = capsys.readouterr().err
    assert "東京" in said
    assert "日まで" in said


def test_export_writes_the_year_of_one_municipality_for_its_council(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, book = tmp_path / "gikai.pdf", tmp_path / "gikai.xlsx"
    of_sakai = ["--fiscal-year", "R5", "--municipality", "271403"]
    assert run("export", "council", str(page), *of_sakai) == 0
    assert page.read_bytes()[:5] == b"%PDF-"
    assert run("export", "council", str(book), *of_sakai) == 0
    assert "前提と出典" in openpyxl.load_workbook(book).sheetnames
    capsys.readouterr()
    assert run("export", "council", str(page), "--fiscal-year", "R5") == 2
    assert "--municipality" in capsys.readouterr().err
    assert run("export", "council", str(tmp_path / "all.zip"), *of_sakai) == 2
    assert run("export", "council", str(tmp_path / "gikai.txt"), *of_sakai) == 2
    assert ".pdf、.xlsx、.zip" in capsys.readouterr().err
    assert run("export", "council", str(page), "--fiscal-year", "R5", "--municipality", "9") == 2
    assert run("export", "council", str(page), "--fiscal-year", "年", "--municipality", "9") == 2


def test_figures_of_some_keys_say_why_they_are_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("figures", "--as-of", "2023-06-30", "chat_paid", "econtract_paid", "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["as_of"] == "2023-06-30"
    chat, econtract = printed["figures"].values()
    assert (chat["value"], chat["from"], chat["named"]) == (34, "published", 22)
    assert (chat["as_of"], chat["unit"]) == ("令和5年6月1日時点", "団体")
    assert econtract["value"] is None
    assert "公表値" in econtract["why"]
    assert run("figures", "fax") == 2
    assert "指標「fax」はありません" in capsys.readouterr().err


SHIGA = PROJECT / "packs" / "shiga"


def test_pack_check_tells_everything_that_must_be_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("pack", "check", str(SHIGA)) == 0
    said = capsys.readouterr().out
    assert "19団体、共同調達3件、公表値3件" in said
    assert "ないもの(画面にも出ません): 人材シェアリング、アドバイザー制度、研修" in said
    broken = shutil.copytree(SHIGA, tmp_path / "broken")
    (broken / "plan.yaml").write_text("{}")
    for name, before, after in (
        ("checks.yaml", "1413610", "1413611"),
        ("published_totals.csv", "guide,", "fax,"),
    ):
        (broken / name).write_text((broken / name).read_text().replace(before, after))
    assert run("pack", "check", str(broken)) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith(f"{broken / 'checks.yaml'}:3: ")
    assert lines[1].startswith(f"{broken / 'published_totals.csv'}:2: 共同調達「fax」")
    assert lines[2].startswith(f"{broken / 'plan.yaml'}: このファイルは使われません")
    assert lines[3:] == [f"noriai: {broken} に直すところが3件あります(上の一覧)。"]
    assert run("pack", "check", str(tmp_path / "nowhere")) == 2


def test_a_skeleton_says_itself_what_is_still_to_be_filled_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new"
    assert run("pack", "new", str(folder)) == 0
    explained = (folder / "README.md").read_text()
    header = (folder / "municipalities.csv").read_text().strip().split(",")
    assert [column for column in header if f"`{column}`" not in explained] == []
    assert run("pack", "new", str(folder)) == 2
    assert "空ではありません" in capsys.readouterr().err
    assert run("pack", "check", str(folder)) == 2
    said = capsys.readouterr().err
    assert "municipalities.csv:1: 列名だけで、行がありません。" in said
    assert "sources.yaml" not in said


def test_another_prefecture_fills_an_empty_database_only_and_comes_out_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("init", "--pack", str(SHIGA)) == 0
    assert run("init", "--pack", str(SHIGA)) == 2
    assert "既に記録があります" in capsys.readouterr().err
    context.begin()
    assert run("figures", "guide_paid", "--as-of", "2021-06-01") == 0
    assert "9団体" in capsys.readouterr().out
    assert run("estimate", "--fiscal-year", "2026", "--plan", "1") == 2
    assert "人材シェアリングを提供していません" in capsys.readouterr().err
    assert run("export", "calendar", str(tmp_path / "c.ics")) == 2
    assert run("export", "open-data", str(tmp_path / "open")) == 0
    assert sorted(path.name for path in (tmp_path / "open").iterdir()) == [
        "codebook.csv", "municipalities.csv", "participation.csv",
    ]  # fmt: skip
    assert run("pack", "export", str(tmp_path / "out")) == 0
    assert run("pack", "check", str(tmp_path / "out")) == 0
    assert run("pack", "export", str(tmp_path / "out")) == 2
