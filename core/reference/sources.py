"""sources.yaml: sources (出典), what everything else cites."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Self

from pydantic import AfterValidator, ValidationInfo, model_validator

from core.reference.facts import Day, Fact, RefusalError, Text, Texts, known


def _web_address(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise ValueError(f"https://から書いてください: {url}")
    return url


def _there(files: Texts, info: ValidationInfo) -> Texts:
    holds: Callable[[str], bool] | None = known(info, "holds")
    missing = [name for name in files if holds is not None and not holds(name)]
    if missing:
        raise RefusalError(f"filesの{'、'.join(missing)}がありません。")
    return files


class Source(Fact):
    """One 出典."""

    title: Text
    publisher: Text
    url: Annotated[Text, AfterValidator(_web_address)] | None = None
    licence: Text  # what may be done with it, as far as known
    date: Text  # as known, in words
    accessed: Day | None = None  # None when unknown
    note: str
    files: Annotated[Texts, AfterValidator(_there)]  # of the pack, that rest on it
    used_for: Text | None = None  # what else rests on it

    @model_validator(mode="after")
    def _is_of_use(self) -> Self:
        if not self.files and self.used_for is None:
            raise RefusalError("この出典はどこにも使われていません。", "files")
        return self


class Sources(Fact):
    """The file: sources by key."""

    sources: dict[Text, Source]
