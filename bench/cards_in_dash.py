"""The nine cards of 事務局KPI in Dash, over the same view and database; for the benchmark alone."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime

from dash import Dash, Input, Output, dcc, html
from sqlalchemy import make_url

from core.access.principal import CONSOLE
from core.figures.indicator import Place, Subject
from core.reference.pack import load_reference
from core.settings import DATA
from core.store.engine import open_engine
from core.views.kpi import kpi_view

ALL = "すべて"
_ENGINE = open_engine(make_url(os.environ["NORIAI_DATABASE_URL"]))
_REFERENCE = load_reference(DATA)
app = Dash(__name__, serve_locally=True, title="Cards")


def cards(area: str) -> list[html.Div]:
    """The headlines of 共同調達, as dashboard/kpi/cards.py says them."""
    today = datetime.now(UTC).date()  # noqa: TID251  a measurement is of now
    answer = kpi_view(
        _ENGINE, CONSOLE, _REFERENCE, as_of=today, today=today, area=None if area == ALL else area
    )
    return [
        html.Div(
            [
                html.H3(each.indicator.name),
                html.P(each.indicator.text(each.value), className="value"),
                html.P(each.birth.as_of),
                html.Details([html.Summary("定義"), html.P(each.indicator.definition)]),
                html.Button("推移・内訳", id=f"open-{each.indicator.key}"),
            ],
            className="card",
            style={"border": "1px solid #d9d9d9", "padding": "1rem", "width": "230px"},
        )
        for each in answer.readings
        if each.indicator.subject is Subject.PARTICIPATION and Place.CARD in each.indicator.shows
    ]


_AREAS = [ALL, *dict.fromkeys(each.area for each in _REFERENCE.municipalities)]
app.layout = html.Div(
    [
        html.H1("事務局KPI"),
        dcc.Dropdown(_AREAS, ALL, id="area", clearable=False),
        html.Div(id="cards", style={"display": "flex", "flexWrap": "wrap", "gap": "1rem"}),
    ]
)


@app.callback(Output("cards", "children"), Input("area", "value"))
def _filtered(area: str) -> list[html.Div]:
    return cards(area)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--address")
    options.add_argument("--port", type=int)
    given = options.parse_args()
    app.run(host=given.address, port=given.port, debug=False)
