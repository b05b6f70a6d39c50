"""照会の資料: files that go with an inquiry or an answer, and the forms it hands out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.consultation.attachment import Finding
from core.inquiry.answer import Answers, Value


@dataclass(frozen=True)
class InquiryFile:
    """A file, without its bytes.

    Attributes:
        lg_code: Of the municipality that sent it; None for the secretariat's, which everybody asked reads.
        question: Key of the question it answers or whose form it is; empty for one about the whole.
        sha256: Of its bytes.
        findings: What whoever opens it is told of.
    """

    file_id: int
    inquiry_id: int
    lg_code: str | None
    question: str
    name: str
    media_type: str
    size: int  # bytes
    sha256: str
    findings: tuple[Finding, ...]
    added_at: datetime
    added_by: str


def named_files(answers: Answers, files: Mapping[int, InquiryFile]) -> dict[str, str]:
    """Number of each file that answers name → SHA-256 of its bytes."""
    named = {number for value in answers.values() for number in _numbers(value)}
    return {str(number): files[number].sha256 for number in sorted(named) if number in files}


def _numbers(value: Value) -> Iterator[int]:
    if isinstance(value, Mapping) and isinstance(value.get("file"), int):
        yield value["file"]
    if isinstance(value, list | tuple):
        yield from (each for each in value if isinstance(each, int))
