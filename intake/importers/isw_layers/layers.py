"""The layers of ISW's map: whose voice each moves, and what it says of a place that lies inside.

A voice is one for each group of layers. What it says of a place that lies in none of its layers is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ISW = "isw"
RUSSIAN_CLAIMS = "isw-russian-claims"
UKRAINIAN_CLAIMS = "isw-ukrainian-claims"

ACTORS = (
    {"id": ISW, "kind": "assessor", "name": "Institute for the Study of War"},
    {"id": RUSSIAN_CLAIMS, "kind": "other", "name": "Claims of Russian control, as ISW maps them"},
    {
        "id": UKRAINIAN_CLAIMS,
        "kind": "other",
        "name": "Claims of Ukrainian counteroffensives, as ISW maps them",
    },
    {"id": "russia", "kind": "party", "name": "Russia"},
    {"id": "ukraine", "kind": "party", "name": "Ukraine"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A layer that says something of control: its name in the file and ISW's own, its voice, and what it says
    of a place inside, as fields of a development.
    """

    name: str
    title: str
    voice: str
    stated: Mapping[str, Any]


LAYERS = (
    Layer(
        name="RussianAssessedCoTinUkraine",
        title="Assessed Russian-controlled Ukrainian Territory",
        voice=ISW,
        stated={"kind": "control-assessed", "control": {"russia": "all"}},
    ),
    Layer(
        name="RussianAssessedAdvanceinUkraine",
        title="Assessed Russian Advances",
        voice=ISW,
        stated={"kind": "control-assessed", "control": {"russia": "[0, 1)"}},
    ),
    Layer(
        name="RussianClaimedCoTinUkraine",
        title="Claimed Russian Control over Ukrainian Territory",
        voice=RUSSIAN_CLAIMS,
        stated={"kind": "occupation-claimed", "holder": "russia", "share": "all"},
    ),
    Layer(
        name="UkrainianClaimedCounterOffensives",
        title="Claimed Ukrainian Counteroffensives",
        voice=UKRAINIAN_CLAIMS,
        stated={"kind": "recapture-claimed", "holder": "ukraine", "share": "(0, 1]"},
    ),
)
"""By name; of two layers of one voice the first one counts for a place that lies in both."""
BY_NAME: Mapping[str, Layer] = {layer.name: layer for layer in LAYERS}
PARTISANS = "UkrainianReportedPartisanWarfare"
"""Says nothing of who holds a place."""

OUTSIDE: Mapping[str, Mapping[str, Any]] = {
    ISW: {"kind": "control-assessed", "control": {"russia": "[0, 1]"}},
    RUSSIAN_CLAIMS: {"kind": "control-reported", "control": {"russia": "[0, 1]"}},
    UKRAINIAN_CLAIMS: {"kind": "control-reported", "control": {"ukraine": "[0, 1]"}},
}
"""What is recorded when a place has left every layer of a voice: it is open again how much anybody holds."""
