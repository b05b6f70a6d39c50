"""What a prefecture may offer or not: each stands in a file of its pack, which may be absent."""

from __future__ import annotations

from core.values.label import Labelled


class OfferedPart(Labelled):
    """Part of what is offered (提供), told by the file of a pack that describes it."""

    TALENT = "talent", "人材シェアリング", "plans.yaml"
    ADVISORS = "advisors", "アドバイザー制度", "advisors.yaml"
    TRAININGS = "trainings", "研修", "trainings.yaml"
    MAP = "map", "地図", "municipalities.topojson"
    SUBSIDY = "subsidy", "人材シェアリングの補助金", "names.yaml"  # there when it has a name

    @property
    def file(self) -> str:
        """The file of a pack that describes it."""
        return self.words[1]
