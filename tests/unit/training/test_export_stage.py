"""What a killed export leaves behind goes with the next one; what another one works in stays."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from training import export_stage
from training.export_stage import LONG_AGO, PREFIX, staged


def left_behind(zoo: Path) -> Path:
    """The folder of an export that was killed."""
    folder = zoo / f"{PREFIX}killed" / "model"
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"half a model")
    return folder.parent


def test_the_folder_is_gone_afterwards_also_after_an_error(tmp_path: Path) -> None:
    zoo = tmp_path / "zoo"
    with staged(zoo) as made:
        (made / "model").mkdir()
        assert made.parent == zoo
        assert made.name.startswith(PREFIX)
    assert list(zoo.iterdir()) == []

    with pytest.raises(ValueError, match="diverged"), staged(zoo):
        raise ValueError("diverged")
    assert list(zoo.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows locks no folders")
def test_what_a_killed_export_left_behind_goes_and_what_is_no_export_stays(tmp_path: Path) -> None:
    old = left_behind(tmp_path)
    (tmp_path / "model").mkdir()
    with staged(tmp_path):
        assert not old.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


@pytest.mark.skipif(os.name == "nt", reason="Windows locks no folders")
def test_an_export_that_is_still_at_work_keeps_its_folder(tmp_path: Path) -> None:
    with staged(tmp_path) as first:
        (first / "model").mkdir()
        with staged(tmp_path) as second:
            assert first != second
            assert (first / "model").is_dir()
        assert (first / "model").is_dir()


def test_without_locks_only_a_folder_of_long_ago_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_stage, "_lock", lambda *_, **__: None)
    old = left_behind(tmp_path)
    with staged(tmp_path):
        assert old.exists()
    then = old.stat().st_mtime - LONG_AGO - 60
    os.utime(old, (then, then))
    with staged(tmp_path):
        assert not old.exists()
