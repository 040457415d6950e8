"""``revisage-train prepare``: packs of faces and of synthetic masks, whatever the data folder holds."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.conftest import ROOT
from tests.support.training_data import (
    DIVERSE,
    NO_FACE,
    TEST,
    TRAIN,
    VAL,
    drawn_face,
    read_picture,
    write_data,
    write_picture,
)
from tests.training.conftest import Workplace
from training.cli import main
from training.data.faces import open_pack, pack_faces
from training.data.masked import open_masked, pack_masked

PATIENCE_S = 60
"""How long a loaded machine may take to begin or end processes."""

FACES = TRAIN + VAL + TEST + DIVERSE
FIRST = "lfw-deepfunneled/Person_00/Person_00_0001.jpg"


@pytest.fixture
def data(workplace: Workplace, tmp_path: Path) -> Path:
    """A data folder of one's own, to be damaged."""
    return Path(shutil.copytree(workplace.data, tmp_path / "data"))


def prepare(data: Path, packs: Path) -> int:
    return main(["prepare", "--data", str(data), "--packs", str(packs), "--variants", "1"])


def test_the_face_pack_holds_every_photo_with_landmarks(workplace: Workplace) -> None:
    pack = open_pack(workplace.packs / "faces")
    assert pack.photos.shape == (FACES, 250, 250, 3)
    assert pack.landmarks.shape == (FACES, 68, 2)
    assert f"lfw-deepfunneled/{NO_FACE}" not in pack.names
    # The first of the diverse photos goes to validation, the second to training.
    assert [len(pack.indices(split)) for split in ("train", "val", "test")] == [
        TRAIN + 1,
        VAL + 1,
        TEST,
    ]
    row = pack.names.index(FIRST)
    assert np.array_equal(pack.photos[row], read_picture(workplace.data / FIRST))


@pytest.mark.parametrize("size", [300, 640, 1400])
def test_larger_photos_are_framed_like_lfw(data: Path, tmp_path: Path, size: int) -> None:
    photo, landmarks = drawn_face(1, size)
    marked = (27, 8)
    for number in marked:
        x, y = (int(value) for value in landmarks[number])
        radius = size // 60
        # A disc of whole pixels around pixel (x, y) has its centre half a pixel further.
        cv2.circle(photo, (x, y), radius, (255, 0, 255), -1)
        landmarks[number] = (x + 0.5, y + 0.5)
    write_picture(data / "diverse" / "000.jpg", photo)
    np.savez(data / "diverse_landmarks68.npz", files=["diverse/000.jpg"], landmarks=landmarks[None])
    pack = open_pack(pack_faces(data, tmp_path))
    framed, points = pack.photos[-1], pack.landmarks[-1]
    assert pack.names[-1] == "diverse/000.jpg"
    assert np.ptp(points, axis=0).max() == pytest.approx(120, abs=0.1)
    assert points.min() > 0
    assert points.max() < 250
    magenta = (framed[..., 0] > 180) & (framed[..., 1] < 90) & (framed[..., 2] > 180)
    _, _, _, centres = cv2.connectedComponentsWithStats(magenta.astype(np.uint8))
    found = centres[1:][np.argsort(centres[1:, 1])] + 0.5
    assert found == pytest.approx(points[list(marked)], abs=0.4)


def test_the_masked_pack_repeats_every_face(workplace: Workplace) -> None:
    faces, pack = open_pack(workplace.packs / "faces"), open_masked(workplace.packs / "masked")
    assert pack.photos.shape == (2 * FACES, 250, 250, 3)
    assert np.array_equal(pack.landmarks, np.tile(faces.landmarks, (2, 1, 1)))
    assert pack.splits.tolist() == faces.splits.tolist() * 2
    assert 0.5 < pack.worn.mean() < 1
    for row in range(len(pack.worn)):
        covered = pack.map(row)
        assert covered.any() == pack.worn[row]
        if pack.worn[row]:
            changed = np.any(pack.photos[row] != faces.photos[row % FACES], axis=2)
            assert changed[covered > 0].mean() > 0.95


def test_the_masked_pack_does_not_depend_on_the_number_of_processes(
    workplace: Workplace, tmp_path: Path
) -> None:
    folder = workplace.packs / "faces"
    pack = open_masked(pack_masked(workplace.data, folder, tmp_path, variants=2, jobs=2))
    first = open_masked(workplace.packs / "masked")
    assert np.array_equal(pack.photos, first.photos)
    assert np.array_equal(pack.packed, first.packed)


def test_the_hash_of_the_masked_pack_says_how_it_was_drawn(
    workplace: Workplace, tmp_path: Path
) -> None:
    folder, first = workplace.packs / "faces", open_masked(workplace.packs / "masked")
    hashes = {first.sha256}
    for number, (variants, seed) in enumerate(((1, 7), (1, 8))):
        out = tmp_path / str(number)
        pack_masked(workplace.data, folder, out, variants=variants, seed=seed)
        hashes.add(open_masked(out).sha256)
    assert len(hashes) == 3
    assert open_pack(folder).sha256 not in hashes


def test_the_contact_sheet_is_a_picture(workplace: Workplace) -> None:
    sheet = read_picture(workplace.packs / "masked" / "contact_sheet.png")
    assert sheet.shape == (1500, 2500, 3)


@pytest.mark.expects_log("Left out of the pack: .*Person_0[012]")
def test_damaged_photos_are_named_and_left_out(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    content = (data / FIRST).read_bytes()
    (data / FIRST).write_bytes(content[: len(content) // 2])
    (data / FIRST.replace("00/Person_00", "01/Person_01")).write_bytes(b"no picture")
    (data / FIRST.replace("00/Person_00", "02/Person_02")).unlink()
    assert prepare(data, tmp_path / "packs") == 0
    pack = open_pack(tmp_path / "packs" / "faces")
    assert len(pack.names) == FACES - 3
    assert pack.names[0].endswith("Person_03_0001.jpg")
    assert np.array_equal(pack.photos[0], read_picture(data / pack.names[0]))
    assert len(open_masked(tmp_path / "packs" / "masked").worn) == FACES - 3
    lines = [record.getMessage() for record in caplog.records if "Left out" in record.getMessage()]
    assert [line.count("\n") for line in lines] == [0, 0, 0]


@pytest.mark.expects_log("Left out of the pack: the landmarks of .*Person_0[012]")
@pytest.mark.parametrize("size", [250, 400])
def test_landmarks_of_no_face_are_named_and_left_out(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, size: int
) -> None:
    table = np.load(data / "lfw_landmarks68.npz")
    names, landmarks = table["files"], table["landmarks"].copy()
    for row, number in enumerate((0, np.inf, 1e30)):
        landmarks[row] = number
        photo, _ = drawn_face(row, size)
        write_picture(data / "lfw-deepfunneled" / names[row], photo)
    landmarks[2, 1:] = 100
    np.savez(data / "lfw_landmarks68.npz", files=names, landmarks=landmarks)
    assert prepare(data, tmp_path / "packs") == 0
    assert len(open_pack(tmp_path / "packs" / "faces").names) == FACES - 3
    lines = [record.getMessage() for record in caplog.records if "Left out" in record.getMessage()]
    assert [names[row] in line for row, line in enumerate(lines)] == [True] * 3


def group_of(number: int) -> set[int]:
    """The processes of a process group that have not ended."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, group = entry.read_text().rpartition(")")[2].split()[:3]
            if int(group) == number and state != "Z":
                found.add(int(entry.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux lists processes there")
def test_a_signal_to_prepare_alone_ends_its_workers(workplace: Workplace, tmp_path: Path) -> None:
    given = ["--data", str(workplace.data), "--packs", str(tmp_path), "--jobs", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "training", "prepare", *given, "--variants", "2000"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + PATIENCE_S
        # The command, what tracks its semaphores, and two workers.
        while len(group_of(process.pid)) < 4:
            assert process.poll() is None
            assert time.monotonic() < deadline, "the workers did not begin"
            time.sleep(0.1)
        time.sleep(3)  # they have imported what they need
        process.terminate()
        assert process.wait(PATIENCE_S) == -signal.SIGTERM
        deadline = time.monotonic() + PATIENCE_S
        while left := group_of(process.pid):
            assert time.monotonic() < deadline, f"{left} are left"
            time.sleep(0.1)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert not (tmp_path / "masked" / "index.json").exists()


def test_lfw_alone_is_enough(data: Path, tmp_path: Path) -> None:
    for name in ("diverse_landmarks68.npz", "lfw_faces_yunet.json"):
        (data / name).unlink()
    shutil.rmtree(data / "real_masked")
    assert prepare(data, tmp_path / "packs") == 0
    assert len(open_pack(tmp_path / "packs" / "faces").names) == FACES - DIVERSE


def test_an_interrupted_pack_is_no_pack(data: Path, tmp_path: Path) -> None:
    pack_faces(data, tmp_path / "faces")
    before = open_pack(tmp_path / "faces")
    kept = np.array(before.photos[0])
    (data / "lfw_split.csv").write_text("file,identity,split\n")
    (data / "diverse_landmarks68.npz").unlink()
    with pytest.raises(ValueError, match="none of the 0 photos"):
        pack_faces(data, tmp_path / "faces")
    # Nothing to pack: the old one stays. With something to pack, who reads the old one keeps it.
    write_data(data)
    pack_faces(data, tmp_path / "faces")
    assert np.array_equal(before.photos[0], kept)
    index = json.loads((tmp_path / "faces" / "index.json").read_text())
    assert len(index["sha256"]) == 64
