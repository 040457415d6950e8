"""``prepare`` on a folder without landmarks: found once, kept, and what is broken is left out."""

from __future__ import annotations

import shutil
import urllib.error
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.training_data import drawn_face, write_picture
from training.cli import main
from training.data.faces import open_pack, pack_faces
from training.data.landmarks import FaceAlignment, Find, box_of_five, with_landmarks
from training.data.layouts import Layout, find_layout, list_photos

PEOPLE = 12


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """LFW as it unpacks, with a table of landmarks of the user's own."""
    data = tmp_path / "data"
    names, landmarks = [], []
    for number in range(PEOPLE):
        photo, points = drawn_face(number)
        names.append(f"lfw/P_{number}/P_{number}_0001.jpg")
        landmarks.append(points)
        write_picture(data / names[-1], photo)
    np.savez(data / "landmarks68.npz", files=names, landmarks=np.stack(landmarks))
    return data


def test_a_folder_with_a_table_is_packed(folder: Path, tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    arguments = ["prepare", "--data", str(folder), "--packs", str(packs), "--variants", "1"]
    assert main(arguments) == 0
    pack = open_pack(packs / "faces")
    assert len(pack.names) == len(set(pack.identities)) == PEOPLE
    assert len(pack.indices("train")) > PEOPLE / 2
    assert pack.described == f"{PEOPLE} photos in the folder data"


@pytest.mark.parametrize("layout", ["lfw", "folder"])
def test_helper_folders_and_folders_named_like_photos_are_nobody(
    tmp_path: Path, layout: Layout
) -> None:
    photo, _ = drawn_face(1)
    for person in ("Ann", "Bob"):
        write_picture(tmp_path / person / f"{person}_0001.jpg", photo)
    for helper in ("instruments", "mask_templates", "mask_textures", "real_masked"):
        write_picture(tmp_path / helper / f"{helper}_0001.jpg", photo)
    write_picture(tmp_path / "maskedface_segmentation" / "images" / "1.jpg", photo)
    (tmp_path / "Bob" / "Bob_0002.jpg").mkdir()
    assert find_layout(tmp_path) == "lfw"
    listed = list_photos(tmp_path, layout)
    assert [photo.name for photo in listed] == ["Ann/Ann_0001.jpg", "Bob/Bob_0001.jpg"]


def test_a_data_folder_of_helper_folders_alone_has_no_layout(tmp_path: Path) -> None:
    photo, _ = drawn_face(1)
    write_picture(tmp_path / "mask_textures" / "plain_0001.jpg", photo)
    with pytest.raises(ValueError, match="holds no photos"):
        find_layout(tmp_path)


@pytest.mark.expects_log("Left out of the pack: .*P_3")
def test_missing_landmarks_are_found_once_and_broken_photos_left_out(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "landmarks68.npz").unlink()
    broken = folder / "lfw" / "P_3" / "P_3_0001.jpg"
    broken.write_bytes(b"no picture")
    asked = []

    def find(photo: NDArray[np.uint8], five: object) -> NDArray[np.float32] | None:
        assert five is None
        asked.append(photo.shape)
        return None if len(asked) == 1 else np.ones((68, 2), np.float32)

    listed = list_photos(folder, "lfw")
    for _ in range(2):
        found = list(with_landmarks(listed, folder, tmp_path / "kept", make=lambda: find))
        # One photo is broken and on one no face was found.
        assert len(found) == PEOPLE - 2
        assert len(asked) == PEOPLE - 1


def test_landmarks_are_found_on_the_device_that_is_asked_for(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = np.load(folder / "landmarks68.npz")
    found = iter(table["landmarks"])
    (folder / "landmarks68.npz").unlink()
    asked = []

    def make(device: str) -> Find:
        asked.append(device)
        return lambda _photo, _five: next(found)

    # The networks themselves come from the network.
    monkeypatch.setattr("training.data.faces.FaceAlignment", make)
    pack_faces(folder, tmp_path / "faces", device="cuda:1")
    assert asked == ["cuda:1"]


def test_missing_weights_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    face_alignment = pytest.importorskip("face_alignment")
    import torch

    def offline(*_: object, **__: object) -> None:
        raise urllib.error.URLError("no network")

    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    monkeypatch.setattr(
        "face_alignment.detection.sfd.sfd_detector.load_state_dict_from_url", offline
    )
    monkeypatch.setattr(
        "face_alignment.detection.sfd.sfd_detector.load_url", offline, raising=False
    )
    assert face_alignment.FaceAlignment
    with pytest.raises(
        ValueError, match=r"s3fd-619a316812\.pth and 2DFAN4-11f355bf06\.pth\.tar"
    ) as error:
        FaceAlignment()
    assert str(tmp_path / "checkpoints") in str(error.value)


def test_the_box_of_five_points_holds_the_face() -> None:
    _, points = drawn_face(1)
    eyes = [points[36:42].mean(axis=0), points[42:48].mean(axis=0)]
    x0, y0, x1, y1 = box_of_five(np.stack([*eyes, points[30], points[48], points[54]]))
    features = points[36:]
    assert (features.min(axis=0) > [x0, y0]).all()
    assert (features.max(axis=0) < [x1, y1]).all()
    assert y1 == pytest.approx(points[8, 1], abs=0.15 * (y1 - y0))


def test_a_full_disk_is_said_before_the_work(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=1000))
    packs = tmp_path / "packs"
    assert main(["prepare", "--data", str(folder), "--packs", str(packs)]) == 1
    text = capsys.readouterr().err
    assert "needs 0.0 GB and 0.0 GB are free" in text
    assert not (packs / "faces" / "photos.npy").exists()
