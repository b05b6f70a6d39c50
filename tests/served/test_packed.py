"""Scripts and styles leave compressed: the right form, the right headers, the same content."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import anyio
import brotli
import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from dashboard.kit.assets import ASSETS, asset
from dashboard.served import packed
from dashboard.served.packed import STATIC, PackedFiles

SCRIPT = next(STATIC.rglob("StreamlitMarkdown.*.js"))
ADDRESS = f"/static/js/{SCRIPT.name}"
READ = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of one's own for what is kept over a start; nothing made yet."""
    monkeypatch.setenv("CACHE_DIRECTORY", str(tmp_path / "packed"))
    monkeypatch.setattr(packed, "_MADE", {})
    packed.folder.cache_clear()
    yield tmp_path / "packed"
    packed.folder.cache_clear()


@pytest.fixture
def client(kept: Path) -> TestClient:
    return TestClient(PackedFiles(PlainTextResponse("something else")))


def got(client: TestClient, address: str, accepts: str = "", **headers: str):
    """An answer with its body as it went over the wire."""
    asked = {"accept-encoding": accepts} | {k.replace("_", "-"): v for k, v in headers.items()}
    with client.stream("GET", address, headers=asked) as response:
        return response, b"".join(response.iter_raw())


@pytest.mark.parametrize(
    ("accepts", "form"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("identity", None),
        ("", None),
        ("gzip;q=0", None),
    ],
)
def test_each_browser_gets_a_form_it_reads_of_the_same_content(
    client: TestClient, accepts: str, form: str | None
) -> None:
    response, body = got(client, ADDRESS, accepts)
    assert response.headers.get("content-encoding") == form
    assert READ[form](body) == SCRIPT.read_bytes()
    assert len(body) < SCRIPT.stat().st_size / 3 or form is None
    assert int(response.headers["content-length"]) == len(body)
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_each_form_is_known_again_by_its_own_mark(client: TestClient) -> None:
    marks = {got(client, ADDRESS, each)[0].headers["etag"] for each in ("br", "gzip", "")}
    assert len(marks) == 3
    for mark in marks:
        for said in (mark, f"W/{mark}", f'"other", {mark}', "*"):
            response, body = got(client, ADDRESS, mark.strip('"')[17:], if_none_match=said)
            assert (response.status_code, body) == (304, b"")
            assert "content-encoding" not in response.headers
            assert response.headers["vary"] == "Accept-Encoding"
        other, _ = got(
            client, ADDRESS, "identity" if "identity" not in mark else "br", if_none_match=mark
        )
        assert other.status_code == 200


def test_the_head_alone_and_no_part_of_a_file(client: TestClient) -> None:
    head = client.head(ADDRESS, headers={"accept-encoding": "br"})
    whole, body = got(client, ADDRESS, "br", range="bytes=0-9")
    assert head.headers["content-length"] == str(len(body))
    assert head.content == b""
    assert whole.status_code == 200
    assert "accept-ranges" not in whole.headers


def test_what_is_no_script_or_style_passes(client: TestClient) -> None:
    font = next(STATIC.rglob("MaterialSymbols*.woff2"))
    for address in (
        "/", "/plans", "/static/js/none.js", "/static/js/../../index.html", f"/static/media/{font.name}",
        "/assets/../asgi.py", "/assets/", "/static/",
    ):  # fmt: skip
        assert packed.file_of(address) is None
    assert client.get("/plans").text == "something else"


def test_an_asset_is_kept_for_good_at_the_address_of_its_content_only(client: TestClient) -> None:
    address = asset("page.css")
    assert got(client, address)[1] == (ASSETS / "page.css").read_bytes()
    assert "immutable" in got(client, address)[0].headers["cache-control"]
    for other in ("/assets/page.css", "/assets/page.css?0123456789abcdef"):
        assert got(client, other)[0].headers["cache-control"] == "no-cache"


def test_what_was_asked_for_is_made_smaller_and_kept_over_a_start(
    client: TestClient, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "_LOOK_SECONDS", 0.0)
    _, quick = got(client, ADDRESS, "br")

    async def until_small() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(packed.squeeze)
            while not all(each.small for each in packed._MADE.values()):
                await anyio.sleep(0.01)
            tasks.cancel_scope.cancel()

    anyio.run(until_small)
    response, small = got(client, ADDRESS, "br")
    assert len(small) < len(quick)
    assert brotli.decompress(small) == SCRIPT.read_bytes()
    [file] = kept.iterdir()
    monkeypatch.setattr(packed, "_MADE", {})
    again, body = got(client, ADDRESS, "br")
    assert (body, again.headers["etag"]) == (small, response.headers["etag"])
    file.write_bytes(brotli.compress(b"alert(1)"))  # what does not hold what it says is not served
    monkeypatch.setattr(packed, "_MADE", {})
    assert brotli.decompress(got(client, ADDRESS, "br")[1]) == SCRIPT.read_bytes()


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("CACHE_DIRECTORY", str(tmp_path / "file" / "packed"))
    monkeypatch.setattr(packed, "_MADE", {})
    packed.folder.cache_clear()
    try:
        assert packed.folder() is None
        _, body = got(TestClient(PackedFiles(PlainTextResponse(""))), ADDRESS, "br")
        assert brotli.decompress(body) == SCRIPT.read_bytes()
    finally:
        packed.folder.cache_clear()
