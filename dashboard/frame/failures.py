"""What a script run came to that nobody caught, and where the server's own words go."""

from __future__ import annotations

import logging

import streamlit as st
from streamlit import logger as streamlit_logger

from core.incidents import INCIDENTS
from core.log import write_json
from core.values.errors import DatabaseTroubleError
from dashboard import context
from dashboard.kit import outage
from dashboard.kit.typed import escaped


def on_script_error(error: BaseException) -> bool:
    """Tell the reader a number and what to do, nothing else; the log has the rest."""
    if isinstance(error, DatabaseTroubleError):  # met in a callback or a fragment running alone
        outage.say_here(error)
        return True
    incident = INCIDENTS.met(error, context.now())
    st.error(
        f"受付番号 {escaped(incident.number)} を事務局に伝えてください。最後の操作は記録されていないことが"
        "あります。画面を再読み込みすると続けられます。",
        title="予期しないエラーが起きました",
    )
    return True


def log_in_json() -> None:
    """One JSON line an event for everything this process logs, Streamlit's and uvicorn's too."""
    write_json()
    # Each of Streamlit's loggers would get a handler of its own when its module is first imported.
    streamlit_logger.setup_formatter = _leave_to_root
    logging.getLogger("streamlit.error_util").addFilter(_is_not_told_already)
    # Of a library that declares its components while it is imported; nothing is amiss.
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").disabled = True


def _leave_to_root(logger: logging.Logger) -> None:
    logger.handlers.clear()
    logger.propagate = True


def _is_not_told_already(record: logging.LogRecord) -> bool:
    """Streamlit logs each error of a script; :func:`on_script_error` logs each incident."""
    return record.msg != "Uncaught app execution"
