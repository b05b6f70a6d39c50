"""``/calendar.ics`` for everybody, ``/calendar/<token>.ics`` for what one municipality has an appointment for."""

from __future__ import annotations

from datetime import UTC
from functools import lru_cache
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.access.principal import PUBLIC
from core.exports.calendar import CalendarFile, personal_calendar, public_calendar
from core.exports.file import file_name
from core.store.engine import data_revision
from core.training.filter import TrainingFilter
from core.training.vocabulary import Audience
from core.values.errors import InvalidInputError, NotOfferedError
from core.values.offer import OfferedPart
from core.views.calendar import personal_calendar_view
from core.views.demonstration import demonstration_view
from core.views.trainings import published_sessions_view
from dashboard import context
from dashboard.served.database_threads import ask
from dashboard.served.served_file import ServedFile, refusal, respond


def training_link(training_id: str) -> str:
    """Address of a training's page, as readers reach this server."""
    return context.address("trainings", {"training": training_id})


def consultation_link(number: str) -> str:
    """Address of a consultation by 受付番号; empty: of the hearings."""
    return context.address("consultations", {"number": number} if number else {"tab": "ヒアリング"})


def boarding_link(programme: str) -> str:
    """Address of 後乗り of a programme."""
    return context.address("boarding", {"programme": programme})


def inquiry_link(number: str) -> str:
    """Address of an inquiry."""
    return context.address("inquiries", {"inquiry": number})


def visit_link(contract: int, visit: int) -> str:
    """Address of a visit of a support plan."""
    return context.address("support", {"contract": str(contract), "visit": str(visit)})


def public_address(theme: str | None = None, audience: str | None = None) -> str:
    """Address to subscribe to."""
    asked = {"theme": theme, "audience": audience}
    query = urlencode({key: value for key, value in asked.items() if value})
    return f"{context.settings().base_url}/calendar.ics{'?' if query else ''}{query}"


def personal_address(token: str) -> str:
    """Address that shows what the maker's municipality enrolled in."""
    return f"{context.settings().base_url}/calendar/{token}.ics"


async def _public(request: Request) -> Response:
    if OfferedPart.TRAININGS not in context.reference().offers:
        return refusal(404, f"{NotOfferedError(OfferedPart.TRAININGS.label)}\n")
    asked = request.query_params
    theme, audience = asked.get("theme", ""), asked.get("audience", "")
    for name, value, allowed in (
        ("theme", theme, list(context.reference().trainings.theme_labels)),
        ("audience", audience, list(Audience)),
    ):
        if value and value not in allowed:
            usable = "、".join(allowed)
            return refusal(400, f"{name}={value[:40]} は使えません。使える値: {usable}\n")
    return respond(request, await ask(_current, theme, audience))


def _current(theme: str, audience: str) -> ServedFile:
    return _public_file(context.engine().url, data_revision(context.engine()), theme, audience)


@lru_cache(maxsize=32)
def _public_file(_database: object, _revision: int, theme: str, audience: str) -> ServedFile:
    wanted = TrainingFilter(
        themes=(theme,) if theme else (), audience=Audience(audience) if audience else None
    )
    reference = context.reference()
    lines = published_sessions_view(context.engine(), PUBLIC, reference, wanted=wanted)
    labels = [reference.trainings.theme_labels[theme]] if theme else []
    labels += [Audience(audience).label] if audience else []
    name = reference.names.calendar + (f"({'・'.join(labels)})" if labels else "")
    made_up = context.answer(demonstration_view, PUBLIC)
    file = public_calendar(lines, training_link, name, reference=reference, made_up=made_up)
    return _served(file_name("noriai-trainings", suffix=".ics", made_up=made_up), file)


async def _personal(request: Request) -> Response:
    def found() -> ServedFile:
        reference = context.reference()
        calendar = personal_calendar_view(
            context.engine(), PUBLIC, reference, token=request.path_params["token"],
            as_of=context.today(),
        )  # fmt: skip
        town = reference.called(calendar.lg_code)
        made_up = context.answer(demonstration_view, PUBLIC)
        name = f"{town}の研修・相談・支援"
        file = personal_calendar(
            calendar.entries,
            calendar.days,
            name,
            link=training_link,
            day_link=consultation_link,
            window_link=boarding_link,
            inquiry_link=inquiry_link,
            visit_link=visit_link,
            reference=reference,
            made_up=made_up,
        )
        return _served(file_name("noriai-ours", suffix=".ics", made_up=made_up), file)

    try:
        file = await ask(found)
    except InvalidInputError as error:
        return refusal(404, f"{error}\n")
    return respond(request, file, private=True)


def _served(name: str, calendar: CalendarFile) -> ServedFile:
    changed = calendar.changed_at
    return ServedFile(name, calendar.body, None if changed is None else changed.astimezone(UTC))


ROUTES = (Route("/calendar.ics", _public), Route("/calendar/{token}.ics", _personal))
