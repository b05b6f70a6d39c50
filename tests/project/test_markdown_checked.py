"""The plug-in that keeps typed text out of Markdown sees what it is there for."""

from __future__ import annotations

import re
from pathlib import Path

from mypy import api

from core.settings import PROJECT

WRONG, RIGHT = "# wrong", "# right"
LOOKED_AT = """
from dataclasses import dataclass
from datetime import date

import streamlit as st

from core.values.label import Labelled
from dashboard.kit.confirm import confirm
from dashboard.kit.typed import Markdown, escaped, paragraphs


class Kind(Labelled):
    ONE = "one", "一"


@dataclass
class Kept:
    title: str
    day: date
    kind: Kind
    number: int
    tags: list[str]


def heading(kept: Kept) -> str:
    return f"**{kept.title}**"


def shown(kept: Kept) -> Markdown:
    return Markdown(f"**{escaped(kept.title)}**")


def draw(kept: Kept, named: str) -> None:
    st.markdown(kept.title)  # wrong
    st.markdown(f"**{kept.title}**")  # wrong
    st.caption("題: " + named)  # wrong
    st.button(named)  # wrong
    st.button("押す", help=named)  # wrong
    st.metric("数", named)  # wrong
    st.tabs([named, "次"])  # wrong
    st.columns(2)[0].error(named)  # wrong
    st.markdown("、".join(kept.tags))  # wrong
    st.markdown(heading(kept))  # wrong
    said = f"{kept.number}件"
    st.markdown(said)  # right
    said_of = f"題 {named}"  # wrong
    st.markdown(said_of)  # right
    lines = ["一"]
    lines.append(named)  # wrong
    st.markdown("\\n".join(lines))  # right
    confirm("消す", f"「{named}」を消します。", print, key=0, form="form", done="")  # wrong
    Markdown(named)  # wrong
    st.markdown(escaped(kept.title))  # right
    st.markdown(f"**{escaped(named)}** {kept.day} {kept.kind.label} {kept.number:,}件")  # right
    st.markdown(paragraphs(named) if named else "なし")  # right
    st.markdown(shown(kept))  # right
    st.markdown("、".join(map(escaped, kept.tags)))  # right
    st.text_input("題", named, placeholder=named)  # right
    st.code(named)  # right
"""


def test_a_text_of_unknown_words_is_refused_as_markdown(tmp_path: Path) -> None:
    script = tmp_path / "looked_at.py"
    script.write_text(LOOKED_AT, "utf-8")
    said, complaints, _ = api.run(
        ["--config-file", str(PROJECT / "pyproject.toml"),
         "--cache-dir", str(PROJECT / ".mypy_cache"), str(script)]
    )  # fmt: skip
    assert not complaints
    found = {int(line) for line in re.findall(r"looked_at\.py:(\d+): error: may hold typed", said)}
    lines = LOOKED_AT.splitlines()
    assert found == {n for n, line in enumerate(lines, start=1) if line.endswith(WRONG)}, said
    assert any(line.endswith(RIGHT) for line in lines)
