"""Every view and command that takes the number of an inquiry, and what each may be called with."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import core.commands
import core.views
from core.consultation.attachment import OfferedFile
from core.inquiry.response import Way
from core.inquiry.round import InquiryStep
from core.store.engine import reading
from core.store.inquiries import inquiry_of
from tests.support.consultations import PDF
from tests.support.reference import where_wanted
from tests.support.votes import Asked


def _about_an_inquiry() -> Iterator[Callable[..., Any]]:
    for package in (core.views, core.commands):
        for found in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{found.name}")
            for name, function in inspect.getmembers(module, inspect.isfunction):
                own = function.__module__ == module.__name__ and not name.startswith("_")
                if own and "inquiry_id" in inspect.signature(function).parameters:
                    yield function


FUNCTIONS = tuple(_about_an_inquiry())


def inquiry_of_number(asked: Asked) -> Any:
    with reading(asked.engine) as session:
        return inquiry_of(session, asked.number)


def given(asked: Asked, function: Callable[..., Any], lg_code: str) -> dict[str, Any]:
    """What a function is called with, by the names of what it takes."""
    known = {
        "inquiry_id": asked.number,
        "lg_code": lg_code,
        "now": asked.now,
        "today": asked.now.date(),
        "address": "https://noriai.example",
        "question": "why",
        "questions": ("why",),
        "composition": inquiry_of_number(asked).composition,
        "typed": {"vote": ["a"], "why": "別の答え"},
        "reason": "確かめてください",
        "note": "電話で聞いた",
        "way": Way.TELEPHONE,
        "step": InquiryStep.CLOSED,
        "closes_at": asked.now + timedelta(days=20),
        "clock": lambda _: asked.now,
        "file": OfferedFile("計画.pdf", PDF),
        "files": (),
        "values": {},
        "request_id": f"{function.__name__}-{lg_code}",
        "seen_version": inquiry_of_number(asked).versions[-1].version_id,
        "seen_event": 0,
        "seen_revision": 0,
        "seen": 0,
        **where_wanted(function),
    }
    names = inspect.signature(function).parameters
    return {name: known[name] for name in names if name in known and name != "reference"}
