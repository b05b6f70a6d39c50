"""The script of a page that shows texts wherever Streamlit reads Markdown; argument: their file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import streamlit as st

from dashboard.kit.tables import table
from dashboard.kit.typed import escaped, paragraphs


def draw() -> None:
    for number, text in enumerate(json.loads(Path(sys.argv[1]).read_text("utf-8"))):
        with st.container(key=f"text{number}"):
            # words of ours around it: an icon, colours and a time that Streamlit has to look for
            st.markdown(f":material/edit: 12:30:45 :blue[**{escaped(text)}**] 終")
            st.error(paragraphs(text))
            st.button(escaped(text), key=f"button{number}")
            table({text: [text], f"{text} ": [text]}, "表")
    st.markdown("すべて描きました")


if __name__ == "__main__":
    draw()
