"""Who and what is meant: codes and names as people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from core.values.municipality import check_digit

_ALIKE = str.maketrans("条坂ケヶ﨑澤濱狹", "條阪がが崎沢浜狭")
"""Characters often written for one another in names of municipalities, brought to one form."""


@dataclass(frozen=True, slots=True)
class Found:
    """Who is meant."""

    code: str
    correction: str = ""  # how a name that is not quite right would be read; empty when it is right


class Names:
    """Finds participants by code or name, programmes by key or name.

    Args:
        participants: Code → 名称.
        programmes: Key → 名称.
    """

    def __init__(self, participants: Mapping[str, str], programmes: Mapping[str, str]) -> None:
        self._participants = participants
        self._programmes = {plain(label): key for key, label in programmes.items()}
        self._programmes |= {key: key for key in programmes}
        self._exact = {name: code for code, name in participants.items()}
        self._alike: dict[str, list[str]] = {}
        for code, name in participants.items():
            for form in {_form(name), _form(name)[:-1]}:
                self._alike.setdefault(form, []).append(code)

    def programme(self, text: str) -> str | None:
        """Key of a programme; None when there is no such."""
        return self._programmes.get(plain(text))

    def participant(self, code: str, name: str) -> Found:
        """Who is meant by a code, a name, or both.

        Raises:
            ValueError: Nobody, or the two do not belong together; the message is Japanese.
        """
        if not code and not name:
            raise ValueError("団体コードも団体名もありません。")
        by_code = self._by_code(code) if code else None
        if not name:
            assert by_code is not None  # noqa: S101  one of the two is there
            return Found(by_code)
        found = self._by_name(name)
        if by_code is not None and by_code != found.code:
            raise ValueError(
                f"団体コード{by_code}は{self._participants[by_code]}のもので、団体名「{name}」と合いません。"
            )
        return found

    def _by_code(self, text: str) -> str:
        code = plain(text)
        if re.fullmatch(r"[0-9]{5}", code):
            code += check_digit(code)
        if code not in self._participants:
            raise ValueError(f"団体コード「{text[:20]}」の団体はありません。")
        return code

    def _by_name(self, text: str) -> Found:
        name = plain(text)
        for candidate in (name, name.removeprefix("大阪府"), re.sub(r"^.*郡", "", name)):
            if candidate in self._exact:
                return Found(self._exact[candidate])
        codes = self._alike.get(_form(name), [])
        if len(codes) != 1:
            raise ValueError(f"団体名「{text[:20]}」の団体はありません。")
        return Found(codes[0], f"{name}→{self._participants[codes[0]]}")


def plain(text: str) -> str:
    """Text without differences of width and without spaces.

    Examples:
        >>> plain("　堺　市 ")
        '堺市'
    """
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _form(name: str) -> str:
    return plain(name).translate(_ALIKE)
