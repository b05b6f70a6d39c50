"""What the page says of itself before any of it runs: icons, theme, and the scripts it will need."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import count

import pytest
from fontTools.ttLib import TTFont
from starlette.responses import PlainTextResponse
from starlette.routing import Router
from starlette.testclient import TestClient
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.settings import PROJECT
from dashboard.frame import navigation
from dashboard.frame.page_html import JapanesePage
from dashboard.served import bundle, icons, needed
from dashboard.served.packed import STATIC

JS = STATIC / "js"


@pytest.fixture
def nothing_learnt(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    needed._DRAWN.clear()
    monkeypatch.setattr(needed, "_BEGUN", count())
    yield
    needed._DRAWN.clear()


@pytest.fixture(scope="module")
def made() -> bytes:
    return icons._cut(icons._whole())


@pytest.fixture
def font(made: bytes, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(icons, "_CUT", [made])
    return made


def names_in(font: bytes) -> set[str]:
    """The icons a font draws, by the names one writes."""
    read = TTFont(io.BytesIO(font))
    letters = {glyph: chr(code) for code, glyph in read.getBestCmap().items()}
    return {
        "".join(letters[part] for part in (first, *each.Component))
        for lookup in read["GSUB"].table.LookupList.Lookup
        for table in lookup.SubTable
        for first, ligatures in getattr(table, "ExtSubTable", table).ligatures.items()
        for each in ligatures
    }


def test_every_icon_that_is_written_anywhere_is_in_the_font(font: bytes) -> None:
    """A missing one would show its name."""
    written = {screen.icon for screen in navigation.SCREENS}
    for path in (*(PROJECT / "dashboard").rglob("*.py"), *(PROJECT / "pages").glob("*.py")):
        written |= set(re.findall(r":material/(\w+):", path.read_text("utf-8")))
    for path in JS.glob("*.js"):
        written |= set(re.findall(r":material/(\w+):", path.read_text("utf-8")))
    assert len(written) > 60
    assert {"lock", "keyboard_double_arrow_left"} <= written
    assert written & set(icons._icons()) - names_in(font) == set()
    assert names_in(font) >= icons.used()  # others of the same look come along
    assert len(font) < 40_000


def test_icons_are_kept_over_a_start_and_made_anew_for_another_release(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(icons, "folder", lambda: tmp_path)
    monkeypatch.setattr(icons, "_cut", lambda _: b"cut")
    assert icons._made() == b"cut"
    monkeypatch.setattr(icons, "_cut", lambda _: b"cut otherwise")
    assert icons._made() == b"cut"
    monkeypatch.setattr(icons, "release", lambda: "another")
    assert icons._made() == b"cut otherwise"


def test_streamlit_still_reads_what_the_page_tells_it() -> None:
    scripts = "".join(path.read_text("utf-8") for path in JS.glob("*.js"))
    assert "window.__streamlit;" in scripts
    for name in ("LIGHT_THEME", "BACKEND_BASE_URL", "HOST_CONFIG"):
        assert f"{name}:" in bundle._script().decode().splitlines()[0]
        assert re.search(rf"\w\.{name}\b", scripts)
    assert '"primaryColor": "#0017c1"' in bundle.theme_text()


def test_the_style_brings_no_font_but_the_cut_icons(font: bytes) -> None:
    style = TestClient(Router(bundle.ROUTES)).get(bundle.style_address()).text
    assert style.count("font-family:Material Symbols Rounded") == 1
    assert "MaterialSymbols" not in style
    assert "Source Sans" not in style
    [address] = re.findall(r"url\((noriai\.woff2\?\w+)\)", style)
    assert bundle.font_address().endswith(f"/assets/{address}")
    answer = TestClient(Router(bundle.ROUTES)).get(bundle.font_address())
    assert answer.content == font
    assert "immutable" in answer.headers["cache-control"]
    for place in re.findall(r"url\(\.\./static/([^)]+)\)", style):
        assert (STATIC / place).is_file()


def test_until_the_icons_are_cut_the_whole_font_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(icons, "_CUT", [])
    client = TestClient(Router(bundle.ROUTES))
    assert "../static/media/MaterialSymbols" in client.get(bundle.style_address()).text
    assert bundle.font_address() == ""
    for name in ("noriai.woff2", "noriai.html"):
        assert client.get(f"/assets/{name}").status_code == 404


def first_run(page: str, *kinds: str, well: bool = True) -> None:
    """The messages of a first run, as the server sends them."""
    run = needed.FirstRun()
    said = ForwardMsg()
    for number, name in enumerate(("home", "plans", "kpi")):
        said.navigation.app_pages.add(
            page_script_hash=name, url_pathname=name, is_default=number == 0
        )
    said.navigation.page_script_hash = page
    messages = [said]
    for kind in kinds:
        drawn = ForwardMsg()
        getattr(drawn.delta.new_element, kind).SetInParent()
        messages.append(drawn)
    end = ForwardMsg()
    end.script_finished = (
        ForwardMsg.FINISHED_SUCCESSFULLY if well else ForwardMsg.FINISHED_WITH_COMPILE_ERROR
    )
    after = ForwardMsg()
    after.delta.new_element.plotly_chart.SetInParent()
    for each in (*messages, end, after):
        run.went(each.SerializeToString())
    run.went(b"\xff no message of Streamlit's")


def named(scripts: tuple[str, ...]) -> set[str]:
    return {each.split(".")[0] for each in scripts}


def test_a_page_names_what_its_latest_first_runs_all_drew(nothing_learnt: None) -> None:
    assert needed.scripts("plans") == ()
    first_run("plans", "checkbox", "html", "dataframe")
    assert {"Checkbox", "Html", "DataFrame"} <= named(needed.scripts("plans"))
    first_run("plans", "checkbox", "html")
    first_run("plans", "html", "checkbox", "number_input")
    assert {"Checkbox", "Html"} <= named(needed.scripts("plans"))
    assert not named(needed.scripts("plans")) & {"DataFrame", "NumberInput", "PlotlyChart"}
    assert needed.scripts("") == needed.scripts("kpi") == ()
    first_run("home", "vega_lite_chart")
    assert {"ArrowVegaLiteChart", "embed"} <= named(needed.scripts(""))


def test_of_many_first_runs_some_are_read(nothing_learnt: None) -> None:
    for _ in range(needed._ALL):
        first_run("plans", "checkbox")
    for number in range(needed._EACH):
        first_run("kpi", "checkbox")
        assert bool(needed._DRAWN["kpi"]) == (number == 0)
        needed._DRAWN["kpi"].clear()


def test_a_run_that_failed_teaches_nothing(nothing_learnt: None) -> None:
    first_run("plans", "dataframe", well=False)
    assert needed.scripts("plans") == ()


def test_every_script_named_is_there_and_brings_what_it_imports() -> None:
    kinds = {field.name for field in ForwardMsg().delta.new_element.DESCRIPTOR.fields}
    for kind in kinds:
        for script in needed._scripts(frozenset({kind})):
            assert (JS / script).is_file()
    html = next(JS.glob("Html.*.js"))
    for each in re.findall(r'from"\./([^"]+)"', html.read_text("utf-8")):
        assert each in needed.needs(html.name)


def test_the_page_carries_the_names_once_and_only_where_they_belong(nothing_learnt: None) -> None:
    first_run("plans", "checkbox")
    client = TestClient(JapanesePage(PlainTextResponse("something else")))
    plans, home = client.get("/plans"), client.get("/")
    links = re.findall(
        r'<link rel="modulepreload" crossorigin href="\./static/js/([^"]+)">', plans.text
    )
    assert len(links) == len(set(links))
    assert named(tuple(links)) >= {"Checkbox"}
    assert "Checkbox" not in home.text
    before, after = plans.text.split('<script type="module"', 1)
    assert bundle.script_address() in before  # Streamlit reads the theme as it begins
    assert bundle.style_address() in after
    assert '<html lang="ja">' in plans.text
    for answer in (plans, home):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["content-language"] == "ja"
        assert answer.headers["set-cookie"].startswith("_streamlit_xsrf=2|")
    for address in ("/home", "/nowhere", "/static/js/x.js", "/plans/"):
        assert client.get(address).text == "something else"
    plain = client.get("/plans", headers={"accept-encoding": "identity"})
    assert plain.text == plans.text
    assert client.head("/plans").content == b""
