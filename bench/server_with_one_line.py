"""The production server with one more page in its menu, ``/one_line``; for the benchmark alone.

``dashboard/asgi.py`` and ``dashboard/app.py`` run as they are: only the function that makes the
menu is wrapped, so the extra page passes the same sign-in check as every other. Arguments are
those of ``streamlit run``.
"""

import sys
from pathlib import Path

import streamlit as st
from streamlit.web import cli

from core.access.principal import Principal
from core.settings import PROJECT
from dashboard.frame import navigation, page_html
from dashboard.served import refusals

_production_menu = navigation.menu


def _menu_with_one_line(principal: Principal) -> dict[str, list[st.Page]]:
    sections = _production_menu(principal)
    script = Path(__file__).resolve().with_name("one_line.py")
    sections.setdefault("", []).append(st.Page(script, title="One line", url_path="one_line"))
    return sections


if __name__ == "__main__":
    navigation.menu = _menu_with_one_line
    page_html.PAGES.add("one_line")  # its page file is answered as every screen's is
    refusals.SCREENS.add("one_line")
    cli.main(["run", str(PROJECT / "dashboard" / "asgi.py"), *sys.argv[1:]], prog_name="streamlit")
