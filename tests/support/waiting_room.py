"""A model of one session that seats, queues and moves up step by step, as people would."""

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
        self._move_up()

    def go(self, who: str) -> None:
        self.gone.add(who)
        self.seated.pop(who, None)
        self.queue = [each for each in self.queue if each[0] != who]
        self._move_up()

    def widen(self, capacity: int | None, per_town: int | None) -> None:
        self.capacity, self.per_town = capacity, per_town
        self._move_up()

    def _move_up(self) -> None:
        for who, town in list(self.queue):
            free = self.capacity is None or len(self.seated) < self.capacity
            own = list(self.seated.values()).count(town)
            if free and (self.per_town is None or own < self.per_town):
                self.seated[who] = town
                self.queue.remove((who, town))

    def standing(self) -> dict[str, str]:
        """Everybody's place in words."""
        waits = {who: f"キャンセル待ち{n}番" for n, (who, _) in enumerate(self.queue, start=1)}
        return dict.fromkeys(self.seated, "参加確定") | waits | dict.fromkeys(self.gone, "取消し")
