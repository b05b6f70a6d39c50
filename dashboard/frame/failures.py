"""What a script run came to that nobody caught, and where the server's own words go."""

from __future__ import annotations

import logging

import streamlit as st
from streamlit import logger as streamlit_logger

from core.incidents import INCIDENTS
from core.log import write_json
from core.values.errors import DashboardError, DatabaseTroubleError
from dashboard import context
from dashboard.kit import outage
from dashboard.kit.typed import escaped

_LOG = logging.getLogger("noriai")


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
    logging.getLogger("streamlit.runtime.backend_operation_handler").addFilter(_is_no_refusal)
    # Of a library that declares its components while it is imported; nothing is amiss.
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").disabled = True


def _leave_to_root(logger: logging.Logger) -> None:
    logger.handlers.clear()
    logger.propagate = True


def _is_not_told_already(record: logging.LogRecord) -> bool:
    """Streamlit logs each error of a script; :func:`on_script_error` logs each incident."""
    return record.msg != "Uncaught app execution"


def _is_no_refusal(record: logging.LogRecord) -> bool:
    """A file that its reader has left, or may not have, is no error: one line, no traceback."""
    error = record.exc_info[1] if record.exc_info else None
    cause = error.__cause__ if error is not None else None
    if not isinstance(cause, DashboardError) or isinstance(cause, DatabaseTroubleError):
        return True
    _LOG.info("a file was not made: %s", type(cause).__name__)
    return False
