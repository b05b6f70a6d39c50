"""Submit one form of アドバイザー相談: refusals beneath their fields, input kept, one click once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.consultation.attachment import EXTENSIONS, MAX_BYTES, MAX_FILES, OfferedFile
from core.values.errors import DashboardError, InvalidInputError
from dashboard.kit import widgets


def attempt(
    form: str, command: Callable[[str], str], slots: Mapping[str, DeltaGenerator] | None = None
) -> None:
    """Run a command; say what it says on the next run, or show what stands in the way.

    Args:
        form: Name of the form; its request id stays until it was accepted.
        command: Takes the request id, answers with what to tell the reader.
        slots: Places beneath fields, by field; other problems come together.
    """
    places = slots or {}
    try:
        said = command(widgets.request_id(form))
    except InvalidInputError as error:
        beneath = {field: p for field, p in error.problems.items() if field in places}
        for field, problem in beneath.items():
            places[field].error(widgets.escaped(problem), icon=":material/error:")
        rest = {field: p for field, p in error.problems.items() if field not in places}
        if rest:
            widgets.show_refusal(InvalidInputError(rest))
        if beneath:
            st.error(
                f"{len(error.problems)}か所を直してください。入力した内容はそのまま残っています。",
                icon=":material/error:",
            )
    except DashboardError as error:
        widgets.show_refusal(error)
    else:
        widgets.request_done(form)
        widgets.notice_later(said)
        st.rerun()


def file_field(key: str) -> Sequence[OfferedFile]:
    """Choose files; what may be kept is told by the command, from their content."""
    chosen = st.file_uploader(
        f"添付({MAX_FILES}個まで、1個{MAX_BYTES // 1024 // 1024}MBまで)",
        type=list(EXTENSIONS),
        accept_multiple_files=True,
        key=key,
        max_upload_size=MAX_BYTES // 1024 // 1024,
        help="PDF、docx・xlsx・pptx、PNG、JPEG、テキスト、CSV。マクロ入りのファイルは添付できません。",
    )
    return [OfferedFile(file.name, file.getvalue()) for file in chosen]
