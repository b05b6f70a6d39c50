"""A model of one session that seats, queues and holds free seats step by step, as people would."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class WaitingRoom:
    """Remembers who sits and who waits; knows nothing of events and folds."""

    capacity: int | None
    per_town: int | None
    seated: dict[str, str] = field(default_factory=dict)
    queue: list[tuple[str, str]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    def come(self, who: str, town: str) -> None:
        self.queue.append((who, town))
        if who in self.first_in_line():
            self._sit(who)

    def go(self, who: str) -> None:
        self.gone.add(who)
        self.seated.pop(who, None)
        self.queue = [each for each in self.queue if each[0] != who]

    def widen(self, capacity: int | None, per_town: int | None) -> None:
        self.capacity, self.per_town = capacity, per_town

    def accept(self, who: str) -> None:
        if who in self.first_in_line():
            self._sit(who)

    def first_in_line(self) -> list[str]:
        """For whom a free seat is held: chairs are put beside people, the first before the next."""
        chairs = dict(self.seated)
        for who, town in self.queue:
            free = self.capacity is None or len(chairs) < self.capacity
            own = list(chairs.values()).count(town)
            if free and (self.per_town is None or own < self.per_town):
                chairs[who] = town
        return [who for who, _ in self.queue if who in chairs]

    def _sit(self, who: str) -> None:
        (town,) = [town for each, town in self.queue if each == who]
        self.seated[who] = town
        self.queue.remove((who, town))

    def standing(self) -> dict[str, str]:
        """Everybody's place in words."""
        waits = {who: f"キャンセル待ち{n}番" for n, (who, _) in enumerate(self.queue, start=1)}
        return dict.fromkeys(self.seated, "参加確定") | waits | dict.fromkeys(self.gone, "取消し")
