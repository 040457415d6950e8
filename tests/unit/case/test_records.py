"""Records: the same in memory, in JSON and in the hash."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.case.records import (
    FaceRecord,
    ReconstructionRequest,
    ReconstructionResult,
    RecordError,
    canonical_json,
    hash_of_map,
    hash_of_pixels,
)
from app.imaging.face import Face
from tests.support.records import request, result


def test_round_trip() -> None:
    made = result(notes=("It fell back to the CPU: \u201cno GPU\u201d.",), map_source="hand")
    assert ReconstructionResult.from_json(made.to_json()) == made
    assert ReconstructionResult.from_dict(json.loads(json.dumps(made.to_dict()))) == made
    again = ReconstructionResult.from_json(made.to_json())
    assert again.to_json() == made.to_json()
    assert again.request.key == made.request.key


numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(
    box=st.tuples(numbers, numbers, numbers, numbers),
    points=st.lists(st.tuples(numbers, numbers), min_size=68, max_size=68),
    score=st.floats(0, 1),
)
def test_a_face_survives_without_loss(
    box: tuple[float, float, float, float], points: list[tuple[float, float]], score: float
) -> None:
    face = Face(box=box, landmarks=np.array(points, np.float32), score=score)
    again = FaceRecord.from_json(FaceRecord.of(face).to_json()).face()
    assert again.box == face.box
    assert again.score == face.score
    np.testing.assert_array_equal(again.landmarks, face.landmarks)
    assert again.landmarks.dtype == np.float32


def test_the_key_is_stable() -> None:
    # Stored records are found by their key: it must not change between versions.
    assert request().key == "91e2de8afc479d2c6a278a6650ff6600b2426f437e7debbdee626d0d5176d221"
    assert request().key == ReconstructionRequest.from_json(request().to_json()).key


def test_whatever_decides_the_pictures_changes_the_key() -> None:
    plain = request()
    changes: list[dict[str, Any]] = [
        {"photo_sha256": "f" * 64},
        {"photo_size": (8, 9)},
        {"faces": ()},
        {"map_sha256": "e" * 64},
        {"model": dataclasses.replace(plain.model, version="2")},
        {"hypotheses": 4},
        {"seed": 1},
        {"device": "cuda"},
        {"app_version": "9"},
    ]
    assert {name for change in changes for name in change} == set(plain.to_dict())
    keys = {dataclasses.replace(plain, **change).key for change in changes}
    assert len(keys | {plain.key}) == len(changes) + 1


def test_records_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        request().seed = 2  # type: ignore[misc]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seconds": "long"}, "field seconds"),
        ({"seconds": None}, "field seconds"),
        ({"extra": 1}, "field extra"),
        ({"request": {"seed": 1}}, "field request.photo_sha256"),
        ({"map_source": "guess"}, "field map_source"),
    ],
)
def test_damaged_records(change: dict[str, Any], said: str) -> None:
    with pytest.raises(RecordError) as caught:
        ReconstructionResult.from_dict(result().to_dict() | change)
    assert said in str(caught.value)


def test_records_that_are_no_json() -> None:
    with pytest.raises(RecordError, match="is damaged"):
        ReconstructionResult.from_json("{")


def test_canonical_json() -> None:
    assert canonical_json({"b": 1.0, "a": (1, "\u00e9")}) == '{"a":[1,"\u00e9"],"b":1.0}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(float("nan"))


def test_hashes_tell_size_depth_and_values_apart() -> None:
    small = np.zeros((2, 3), np.bool_)
    hashes = {
        hash_of_map(small),
        hash_of_map(small.T),
        hash_of_map(~small),
        hash_of_pixels(np.zeros((2, 3), np.uint16)),
        hash_of_pixels(np.zeros((2, 3, 1), np.uint8)),
        hash_of_pixels(np.zeros((0, 3), np.uint8)),
    }
    assert len(hashes) == 6


def test_hashes_do_not_depend_on_memory_order() -> None:
    pixels = np.arange(60, dtype=np.uint16).reshape(4, 5, 3)
    plain = hash_of_pixels(pixels)
    assert hash_of_pixels(np.asfortranarray(pixels)) == plain
    assert hash_of_pixels(pixels.astype(">u2")) == plain
    assert hash_of_pixels(np.repeat(pixels, 2, axis=1)[:, ::2]) == plain
    read_only = pixels.copy()
    read_only.flags.writeable = False
    assert hash_of_pixels(read_only) == plain
