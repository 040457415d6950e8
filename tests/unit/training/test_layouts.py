"""The public layouts: what is read from them, and the sentence where something is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.data.layouts import check_disjoint, find_layout, list_photos, split_of
from training.data.tables import read_landmarks

CELEBA_TABLES = {
    "Eval/list_eval_partition.txt": "000001.jpg 0\n000002.jpg 1\n000003.jpg 2\n",
    "Anno/identity_CelebA.txt": "000001.jpg 7\n000002.jpg 8\n000003.jpg 9\n",
    "Anno/list_landmarks_align_celeba.txt": "3\nlefteye_x lefteye_y righteye_x righteye_y\n"
    "000001.jpg 69 109 106 113 77 142 73 152 108 154\n"
    "000002.jpg 69 110 107 112 81 135 70 151 108 153\n"
    "000003.jpg 76 112 104 106 108 128 74 156 98 158\n",
}


def celeba(folder: Path, **changes: str) -> Path:
    """CelebA's tables with the contents of some replaced; no photo is opened here."""
    (folder / "Img" / "img_align_celeba").mkdir(parents=True)
    for name, content in CELEBA_TABLES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(changes.get(path.stem, content))
    return folder


def touch(folder: Path, *names: str) -> Path:
    """Empty files."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_celeba_with_its_annotations(tmp_path: Path) -> None:
    data = celeba(tmp_path)
    assert find_layout(data) == "celeba"
    first, second, third = list_photos(data, "celeba")
    assert first.name == "Img/img_align_celeba/000001.jpg"
    assert [photo.split for photo in (first, second, third)] == ["train", "val", "test"]
    assert first.identity == "celeba/7"
    assert first.five is not None
    assert first.five.tolist() == [[69, 109], [106, 113], [77, 142], [73, 152], [108, 154]]


def test_celeba_in_the_wild_has_its_own_points(tmp_path: Path) -> None:
    data = celeba(tmp_path)
    (data / "Img" / "img_align_celeba").rename(data / "img_celeba")
    with pytest.raises(ValueError, match=r"holds no list_landmarks_celeba\.txt"):
        list_photos(data, "celeba")
    aligned = data / "Anno" / "list_landmarks_align_celeba.txt"
    aligned.rename(data / "list_landmarks_celeba.txt")
    assert list_photos(data, "celeba")[0].name == "img_celeba/000001.jpg"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"list_eval_partition": "000001.jpg 3\n"}, "partition 3, which is not 0, 1 or 2"),
        ({"list_eval_partition": "000001.jpg\n"}, "1 whole numbers in line 1"),
        ({"identity_CelebA": "000001.jpg 7\n000002.jpg 8\n"}, "does not name 000003.jpg"),
        (
            {"identity_CelebA": "000001.jpg 7\n000002.jpg 7\n000003.jpg 9\n"},
            "celeba/7 is in the splits",
        ),
        (
            {"list_landmarks_align_celeba": "3\nnames\n000001.jpg 1 2\n"},
            "10 whole numbers in line 3",
        ),
    ],
)
def test_damaged_celeba_tables(tmp_path: Path, changes: dict[str, str], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        list_photos(celeba(tmp_path, **changes), "celeba")


@pytest.mark.parametrize("root", ["", "lfw/", "lfw_funneled/", "lfw-deepfunneled/"])
def test_lfw_as_it_unpacks(tmp_path: Path, root: str) -> None:
    names = [f"{root}{name}/{name}_000{n}.jpg" for name in ("Ann_A", "Bo_B") for n in (1, 2)]
    data = touch(tmp_path, *names)
    assert find_layout(data) == "lfw"
    listed = list_photos(data, "lfw")
    assert [photo.name for photo in listed] == names
    assert [photo.identity for photo in listed] == ["Ann_A", "Ann_A", "Bo_B", "Bo_B"]
    assert listed[0].split == listed[1].split == split_of("Ann_A")


def test_any_folder_of_faces(tmp_path: Path) -> None:
    data = touch(tmp_path, "a/1.PNG", "a/2.jpg", "b.webp", "notes.txt", ".hidden.jpg")
    assert find_layout(data) == "folder"
    listed = list_photos(data, "folder")
    assert [(photo.name, photo.identity) for photo in listed] == [
        ("a/1.PNG", "a"),
        ("a/2.jpg", "a"),
        ("b.webp", "b"),
    ]


@pytest.mark.parametrize(
    ("layout", "problem"),
    [("lfw", "_0001.jpg"), ("celeba", "img_align_celeba"), ("folder", "holds no photo")],
)
def test_the_wrong_layout_is_one_sentence(tmp_path: Path, layout: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        list_photos(tmp_path, layout)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="holds no photos and none of the known tables"):
        find_layout(tmp_path)


def test_splits_are_drawn_from_the_name_alone() -> None:
    names = [f"Person {number}" for number in range(4000)]
    splits = [split_of(name) for name in names]
    assert splits == [split_of(name) for name in names]
    assert splits.count("val") == pytest.approx(200, abs=50)
    assert splits.count("test") == pytest.approx(200, abs=50)


def test_nobody_may_be_in_two_splits() -> None:
    check_disjoint([("a", "train"), ("b", "test"), ("a", "train")])
    with pytest.raises(ValueError, match="b is in the splits test and val"):
        check_disjoint([("a", "train"), ("b", "test"), ("b", "val")])


def test_a_celeba_table_that_is_no_text_is_named(tmp_path: Path) -> None:
    data = celeba(tmp_path)
    table = next(data.rglob("list_eval_partition.txt"))
    table.write_bytes(b"000001.jpg 0\n000002.jpg \xff\xfe\n")
    with pytest.raises(ValueError, match=r"list_eval_partition\.txt has no file name .* in line 2"):
        list_photos(data, "celeba")


def test_a_table_of_landmarks_that_is_another_array_is_named(tmp_path: Path) -> None:
    path = tmp_path / "landmarks.npz"
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(ValueError, match=r"landmarks\.npz is not a table of `files`"):
        read_landmarks(path)
