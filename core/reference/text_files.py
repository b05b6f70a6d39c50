"""Text of the files of data/, or the reason it cannot be read."""

from __future__ import annotations

from pathlib import Path

from core.values.errors import ReferenceDataError


def shown(name: str) -> str:
    """How messages name a file of data/, wherever the folder lies.

    Examples:
        >>> shown("plans.yaml")
        'data/plans.yaml'
    """
    return f"data/{name}"


def read_text(root: Path, name: str) -> str:
    """Whole text of a file, UTF-8 with or without a byte order mark.

    Raises:
        ReferenceDataError: Missing, unreadable, empty, or not UTF-8 (with the line of the first
            byte that is not).
    """
    try:
        content = (root / name).read_bytes()
    except FileNotFoundError:
        raise ReferenceDataError(shown(name), None, "ファイルがありません。") from None
    except OSError as error:
        raise ReferenceDataError(
            shown(name), None, f"ファイルを読めません({error.strerror})。"
        ) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ReferenceDataError(
            shown(name), line, "文字コードがUTF-8ではありません。UTF-8で保存し直してください。"
        ) from None
    if not text.strip():
        raise ReferenceDataError(shown(name), None, "ファイルが空です。")
    return text
