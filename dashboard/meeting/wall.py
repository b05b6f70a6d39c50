"""The wall of a meeting: scenes as the component in assets/wall/ draws them, live or frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from core.access.principal import Principal, allows
from core.commands.inquiries import take_inquiry_step
from core.commands.meetings import freeze_meeting, reveal_scene
from core.figures.scenes.inquiries import inquiry_of_key
from core.figures.scenes.map import MAP_SOURCE
from core.figures.scenes.scene import Chart, Scene
from core.inquiry.round import InquiryStep
from core.store.meetings import Frozen
from core.values.errors import DashboardError, DatabaseTroubleError
from core.values.figure import LEDGER_SOURCE, Figure, number_text
from core.values.fiscal import JAPAN
from core.views.meetings import WallAnswer, frozen_view, wall_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit.widgets import MADE_UP, made_up, publisher_text, source_text
from dashboard.procurement.wording import MAP_CREDIT
from dashboard.served.map_file import map_address
from dashboard.served.short_address import code_of, short_address

KEY = "wall"
_ASSETS = Path(__file__).resolve().parents[1] / "assets" / "wall"
_MESSAGE, _LAST, _ANSWERED = "wall.message", "wall.last", "wall.answered"
_SCRIPT = """
const loading = new Map()

export default function (component) {
  const address = new URL(component.data.script, document.baseURI).href
  if (!loading.has(address)) loading.set(address, import(address))
  loading.get(address).then(wall => wall.draw(component))
  return () => loading.get(address).then(wall => wall.leave(component.parentElement))
}
"""


@st.fragment
def draw_live(wanted: str | None) -> None:
    """The scenes of a set; runs again, alone, whenever the component hears of a new revision."""
    try:
        principal = context.who()
        if not allows(principal, "meeting:read"):
            st.rerun()
        answer = context.answer(wall_view, principal, set_id=wanted, as_of=context.today())
    except DatabaseTroubleError:  # the last numbers stay, with a mark that says so
        if _LAST not in st.session_state:
            raise
        answered = st.session_state.get(_ANSWERED)
        _mount({**st.session_state[_LAST], "troubled": True, "answered": answered})
        return
    data = st.session_state[_LAST] = _live(principal, answer)
    _mount(data, partial(_freeze, answer), partial(_reveal, answer))


def draw_frozen(principal: Principal, freeze_id: str) -> None:
    """A kept moment, as it was."""
    frozen = context.answer(frozen_view, principal, freeze_id=freeze_id)
    _mount(_frozen(frozen))


def _nothing() -> None:
    """What no wall asks for that may not."""


def _mount(
    data: Mapping[str, Any],
    on_freeze: Callable[[], None] = _nothing,
    on_reveal: Callable[[], None] = _nothing,
) -> None:
    wall = st.components.v2.component("noriai_wall", js=_SCRIPT)
    with st.container(key=KEY):
        wall(
            data=data,
            key="wall.component",
            on_revision_change=_heard,
            on_freeze_change=on_freeze,
            on_reveal_change=on_reveal,
        )


def _heard() -> None:
    """The component asks for what is new; its id goes back with the answer."""
    st.session_state[_ANSWERED] = st.session_state["wall.component"].revision


def _freeze(shown: WallAnswer) -> None:
    asked = st.session_state["wall.component"].freeze
    if not asked:
        return
    try:
        number = freeze_meeting(
            context.engine(),
            context.who(),
            name=shown.name,
            scenes=tuple(scene.key for scene in shown.scenes),
            as_of=context.today(),
            set_id=shown.set_id,
            reference=context.reference(),
            request_id=str(asked),
            now=context.now(),
        )
        text = f"控えを取りました(番号{number})。会議の準備から開き直し、保存し、今と比べられます。"
    except DashboardError as error:
        text = str(error)
    st.session_state[_MESSAGE] = {"id": str(asked), "text": text}


def _reveal(shown: WallAnswer) -> None:
    """Open or cover a hidden scene on every wall of the set; a sealed one for good, everywhere."""
    asked = st.session_state["wall.component"].reveal
    if not isinstance(asked, Mapping):
        return
    try:
        if (scene := str(asked.get("scene", ""))) in shown.sealed:
            _unseal(shown, scene, str(asked.get("id", "")))
            return
        reveal_scene(
            context.engine(),
            context.who(),
            set_id=shown.set_id,
            scene=scene,
            is_open=bool(asked.get("open")),
            reference=context.reference(),
            request_id=str(asked.get("id", "")),
            now=context.now(),
        )
    except DashboardError as error:
        st.session_state[_MESSAGE] = {"id": str(asked.get("id", "")), "text": str(error)}


def _unseal(shown: WallAnswer, scene: str, request: str) -> None:
    take_inquiry_step(
        context.engine(),
        context.who(),
        inquiry_id=inquiry_of_key(scene) or 0,
        step=InquiryStep.REVEALED,
        seen_event=shown.sealed[scene],
        reference=context.reference(),
        clock=context.clock(),
        request_id=request,
        now=context.now(),
    )
    text = "結果を公開しました。いまの集計は、会議の準備の「控え」に残っています。"
    st.session_state[_MESSAGE] = {"id": request, "text": text}


def _live(principal: Principal, answer: WallAnswer) -> dict[str, Any]:
    manages = allows(principal, "meeting:manage")
    return {
        **_common(answer.scenes),
        "set": answer.set_id,
        "name": answer.name,
        "notice": _other_set(answer) if answer.unknown_set else "",
        "seconds": answer.seconds,
        "revision": answer.revision,
        "day": answer.as_of.isoformat(),
        "canFreeze": manages,
        "canReveal": manages,
        "message": st.session_state.get(_MESSAGE),
    }


def _other_set(answer: WallAnswer) -> str:
    shown = f"最後に変更した「{answer.name}」" if answer.name else "すべての場面"
    return f"リンクの場面構成はありません(削除されたか、アドレスが違います)。{shown}を映しています"


def _frozen(frozen: Frozen) -> dict[str, Any]:
    moment = frozen.moment
    at = moment.frozen_at.astimezone(JAPAN)
    return {
        **_common(frozen.scenes),
        "set": f"freeze-{moment.freeze_id}",
        "name": moment.name,
        "notice": "",
        "seconds": 0,
        "revision": moment.revision,
        "day": moment.as_of.isoformat(),
        "canFreeze": False,
        "canReveal": False,
        "message": None,
        "frozen": {"text": f"控え {at:%Y-%m-%d %H:%M:%S}"},
    }


def _common(scenes: tuple[Scene, ...]) -> dict[str, Any]:
    below = urlsplit(context.settings().base_url).path
    return {
        "script": f"{below}/assets/wall/wall.js?{_version()}",
        "live": f"{below}/live",
        "map": map_address(),
        "exit": f"{below}/home",
        "code": code_of(short_address()) if navigation.is_there("plans") else "",
        "address": short_address(),
        "spoken": short_address().partition("://")[2],
        "fixed": context.settings().today is not None,
        "madeUp": MADE_UP if made_up() else "",
        "troubled": False,
        "answered": st.session_state.get(_ANSWERED),
        "frozen": None,
        "scenes": [scene_data(scene) for scene in scenes],
    }


def scene_data(scene: Scene) -> dict[str, Any]:
    """A scene as assets/wall/draw.js reads it."""
    return {
        "key": scene.key,
        "title": scene.title,
        "hidden": scene.hidden,
        "coveredBy": scene.covered_by,
        "sealed": scene.sealed,
        "sentence": scene.sentence,
        "figures": [
            _figure(big.figure, covered=bool(scene.covered_by)) | {"beside": big.beside}
            for big in scene.figures
        ],
        "chart": None if scene.chart is None else _chart(scene.chart),
        "columns": list(scene.columns),
        "rows": [list(row) for row in scene.rows],
        "sources": [source_text(source) for source in scene.sources],
        "publishers": list(dict.fromkeys(_publisher(source) for source in scene.sources)),
    }


def _publisher(source: str) -> str:
    if source == MAP_SOURCE:
        return MAP_CREDIT
    return "台帳" if source == LEDGER_SOURCE else publisher_text(source)


def _figure(figure: Figure, *, covered: bool) -> dict[str, str]:
    unknown = "？" if covered else "不明"
    return {
        "label": figure.label,
        "value": unknown if figure.value is None else number_text(figure.value),
        "unit": figure.unit,
        "status": figure.status.label,
        "definition": figure.definition,
        "basis": figure.basis,
        "asOf": figure.as_of,
        "source": source_text(figure.source),
    }


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "kind": chart.kind.value,
        "title": chart.title,
        "unit": chart.unit,
        "basis": chart.basis,
        "alt": chart.alt,
        "limit": chart.limit,
        "end": _end(chart),
        "legend": [asdict(mark) for mark in chart.legend],
        "dots": [asdict(dot) for dot in chart.dots],
        "items": [asdict(item) | {"values": list(item.values)} for item in chart.items],
    }


def _end(chart: Chart) -> str:
    """What a bar that reaches the far end would be: the limit, or the longest bar beyond it."""
    longest = max((sum(v or 0 for v in item.values) for item in chart.items), default=0)
    if chart.limit is None:
        return f"{longest:,}{chart.unit}{'(上限は不明)' if chart.unit == '円' else ''}"
    return f"{max(longest, chart.limit):,}{chart.unit}"


@cache
def _version() -> str:
    """Changes with the scripts, so that no browser keeps old ones after an upgrade."""
    content = b"".join(path.read_bytes() for path in sorted(_ASSETS.iterdir()))
    return sha256(content).hexdigest()[:12]
