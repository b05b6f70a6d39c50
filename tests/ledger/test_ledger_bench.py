"""The ledger's benchmark still measures what it says."""

from __future__ import annotations

import pytest

from bench import ledger_files, ledger_read


def test_both_sizes_are_measured(
    capsys: pytest.CaptureFixture[str],
) -> None:
    figures = ledger_read.run((60, 7, 4_200), reads=3)
    assert {"A screen, ms", "B screen, ms", "B' everything, ms", "B/A"} <= set(figures)
    assert all(figure > 0 for figure in figures.values())
    shown = capsys.readouterr().out
    assert "A  43 × 5, 2,150 records" in shown
    assert "B  60 × 7, 4,200 records" in shown


def test_a_file_of_each_kind_is_measured_beside_a_plain_reading(
    capsys: pytest.CaptureFixture[str],
) -> None:
    figures = ledger_files.run(200)
    assert figures.pop("rows") == 200
    assert len(figures) == 3
    assert all(figure > 0 for figure in figures.values())
    assert "xlsx preview, s" in capsys.readouterr().out
