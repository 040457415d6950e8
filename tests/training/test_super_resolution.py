"""Super-resolution: sharp patches, a network that learns to sharpen, and models that end in it."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch

import training
from app.imaging.alignment import AlignmentSpec
from app.inference.reconstruct import reconstruct
from app.inference.session import ModelSession
from app.inference.zoo import Zoo
from app.sample import sample_map, sample_photo
from tests.support.training_recipes import SUPER_RESOLUTION, TINY
from tests.support.training_steps import ready, repeated
from tests.training.conftest import Workplace
from tests.training.test_export import FACE
from training.cards import make_card
from training.cli import main
from training.data.sharp import SharpBatches, sharp_faces, sharpness
from training.networks.super_resolution import (
    FINER,
    SuperResolutionNetwork,
    halved,
    softened,
)
from training.task import Task
from training.tasks import make_task, read_recipe, system_of

pytestmark = pytest.mark.timeout(600)

@pytest.fixture(scope="module")
def with_vgg(workplace: Workplace, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """The workplace with the network of the perceptual losses in its data folder."""
    return workplace.with_vgg(tmp_path_factory.mktemp("with_vgg") / "data")


def task_of(workplace: Workplace, **changes: Any) -> Task:
    return make_task(
        read_recipe(SUPER_RESOLUTION | {"steps": 1000} | changes),
        packs=workplace.packs,
        data=workplace.data,
        runs=workplace.runs,
        device=torch.device("cpu"),
    )


def test_it_learns_to_sharpen(with_vgg: Workplace) -> None:
    task = task_of(with_vgg, adversarial=0.0)
    batch = ready(task, 0)
    rows = repeated(task, batch, 40)
    for figure in ("l1", "perceptual"):
        assert sum(row[figure] for row in rows[-3:]) / 3 < 0.85 * rows[0][figure]


def test_it_hears_its_discriminator(with_vgg: Workplace) -> None:
    gradients, told = [], []
    for weight in (0.0, 1.0):
        task = task_of(with_vgg, adversarial=weight, l1=0.0, perceptual=1e-6)
        rows = repeated(task, ready(task, 0), 15)
        gradients.append(rows[0]["gradient_model"])
        told.append(rows[-1]["d"])
    assert gradients[1] > 10 * gradients[0]
    # Where nobody answers it, it tells drawn from real; where the network does, less so.
    assert told[0] < min(1.95, told[1] - 0.02)


def test_a_batch_depends_on_seed_and_step_alone(with_vgg: Workplace) -> None:
    first, again = task_of(with_vgg).data, task_of(with_vgg).data
    other = task_of(with_vgg, seed=2).data
    again[0]
    for name, value in first[3].items():
        assert torch.equal(value, again[3][name])
        assert not torch.equal(value, other[3][name])
        assert not torch.equal(value, first[4][name])


def test_a_changed_photo_changes_the_hash(with_vgg: Workplace, tmp_path: Path) -> None:
    before = task_of(with_vgg).data_sha256
    changed = dataclasses.replace(with_vgg, data=tmp_path / "data")
    shutil.copytree(with_vgg.data, changed.data)
    photo = cv2.imread(str(changed.data / "real_masked" / "001.jpg"))
    assert photo is not None
    cv2.imwrite(str(changed.data / "real_masked" / "001.jpg"), 255 - photo)
    assert task_of(changed).data_sha256 != before


def test_faces_that_show_no_detail_are_left_out(with_vgg: Workplace, tmp_path: Path) -> None:
    spec = AlignmentSpec(eye_distance=0.3, eye_y=0.42)
    found = sharp_faces(with_vgg.data, size=128, spec=spec)
    # The two further faces and the unlabelled masked one; the labelled one is for evaluation.
    assert len(found) == 3
    assert all(0 < face.scale < 1 for face in found)
    # Of photos that are smaller than what is drawn nothing can be learned.
    assert sharp_faces(with_vgg.data, size=2048, spec=spec) == []
    soft = tmp_path / "data"
    shutil.copytree(with_vgg.data, soft)
    for path in (*(soft / "diverse").glob("*.jpg"), *(soft / "real_masked").glob("*.jpg")):
        photo = cv2.imread(str(path))
        assert photo is not None
        cv2.imwrite(str(path), cv2.GaussianBlur(photo, (0, 0), 3))
    assert sharp_faces(soft, size=128, spec=spec) == []


def test_without_sharp_faces_there_is_nothing_to_train_on(with_vgg: Workplace) -> None:
    pack = task_of(with_vgg).data.pack  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="whose crop has more than 64 pixels"):
        SharpBatches([], pack, size=64, patch=32, batch=4, seed=1, steps=10, softest=1.0)


def test_sharpness_falls_under_blur() -> None:
    photo = np.array(sample_photo().rgb)
    blurs = [sharpness(np.asarray(cv2.GaussianBlur(photo, (0, 0), s), np.uint8)) for s in (1, 2)]
    assert sharpness(photo) > blurs[0] > blurs[1]


def test_an_untrained_network_enlarges() -> None:
    picture = softened(torch.rand(2, 3, 24, 20), torch.tensor([1.0, 2.0]))
    enlarged = SuperResolutionNetwork((8, 12), 1)(picture)
    assert enlarged.shape == (2, 3, 48, 40)
    assert (halved(enlarged) - picture).abs().max() < 0.05


def test_every_picture_is_softened_by_its_own_blur() -> None:
    picture = torch.rand(3, 3, 16, 16)
    soft = softened(picture, torch.tensor([0.0, 0.5, 1.2]))
    assert torch.allclose(soft[0], picture[0], atol=1e-6)
    # The same as each alone, and smoother the wider the blur is.
    assert torch.allclose(soft[2:], softened(picture[2:], torch.tensor([1.2])), atol=1e-6)
    steps = [float((each[:, 1:] - each[:, :-1]).abs().mean()) for each in soft]
    assert steps[0] > steps[1] > steps[2]


def test_two_widths_are_wanted(with_vgg: Workplace) -> None:
    with pytest.raises(ValueError, match="has 3 widths; give it two"):
        task_of(with_vgg, widths=[8, 12, 16])


def test_an_exported_model_ends_in_it(
    trained: Workplace, with_vgg: Workplace, tmp_path: Path
) -> None:
    runs = tmp_path / "runs"
    shutil.copytree(trained.runs, runs)
    place = dataclasses.replace(with_vgg, runs=runs, recipes=tmp_path / "recipes")
    place.recipes.mkdir()
    enlarging = tmp_path / "recipes" / "enlarging.toml"
    enlarging.write_text(
        "\n".join(
            f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}"
            for name, value in (SUPER_RESOLUTION | {"steps": 3}).items()
        )
    )
    assert main(place.train(enlarging)) == 0
    ends = {"name": "ends", "finer": "super_resolution/weights.pt"}
    assert main(place.train(place.recipe("regression", **ends))) == 0
    zoo = tmp_path / "zoo"
    asked = ["export", str(runs / "ends"), "--runs", str(runs), "--zoo", str(zoo), "--version", "1"]
    assert main([*asked, "--name", "fine", "--kind", "rgb"]) == 0
    model = Zoo(zoo).get("fine")
    assert (model.card.output.finer, model.card.output.enlarge) == (FINER, True)
    assert "finer detail is invented" in model.card.limits[1]
    said = model.card.training.model_extra
    assert said is not None
    assert (said["finer_recipe"], said["finer_images"]) == ("super_resolution", 12)
    assert said["finer_data"] == "sharp photos of further faces and of people in masks"
    made = reconstruct(sample_photo().rgb, sample_map(), FACE, ModelSession(model, "cpu", 1))
    assert made.finer is not None
    assert made.finer.shape == (1, 64, 64, 3)
    small = cv2.resize(made.finer[0], (32, 32), interpolation=cv2.INTER_AREA)
    assert np.abs(small - made.pictures[0]).mean() < 0.05
    # The branch of the graph that enlarges says nothing of the machine that made it either.
    assert str(Path(training.__file__).parent).encode() not in model.path.read_bytes()
    # Where it is not asked for nothing is made, and the picture is the same.
    face, hole = np.full((1, 3, 32, 32), 0.4, np.float32), np.ones((1, 1, 32, 32), np.float32)
    answers = [
        ModelSession(model, "cpu", 1).run(
            {"face": face, "map": hole, "enlarge": np.full(1, asked, np.float32)}
        )
        for asked in (0, 1)
    ]
    np.testing.assert_array_equal(answers[0]["output"], answers[1]["output"])
    assert [bool(each["finer"].any()) for each in answers] == [False, True]
    # A sketch is as it was.
    assert main([*asked, "--name", "drawn", "--kind", "sketch"]) == 0
    drawn = Zoo(zoo).get("drawn").card
    assert (drawn.output.finer, drawn.output.enlarge) == (0, False)
    assert drawn.training.model_extra == {}
    # The next version can take it out of the model.
    recipe = read_recipe(TINY["regression"] | {"finer": str(zoo / "fine" / "model.onnx")})
    own = torch.load(runs / "regression" / "weights.pt", weights_only=True)
    exported = system_of(recipe).exported(recipe, own, runs)
    enlarged = torch.load(runs / "super_resolution" / "weights.pt", weights_only=True)
    for name, value in enlarged.items():
        assert torch.allclose(exported[f"finer.{name}"], value, atol=1e-3), name
    path = zoo / "fine" / "model.onnx"
    again = make_card(
        recipe, runs / "ends", path, name="again", kind="rgb", version="2", latent=0, runs=runs
    )
    assert again.training.model_extra == said


@pytest.mark.parametrize("name", ["gone.pt", "damaged.pt", "no_part.onnx"])
def test_weights_that_it_cannot_end_in(
    trained: Workplace, zoo: Zoo, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    own = torch.load(trained.runs / "regression" / "weights.pt", weights_only=True)
    if name == "damaged.pt":
        path.write_bytes(b"no weights")
    if name == "no_part.onnx":
        shutil.copyfile(zoo.get("tiny_regression_rgb").path, path)
    recipe = read_recipe(TINY["regression"] | {"finer": str(path)})
    said = "are missing" if name == "gone.pt" else "damaged or hold no such network"
    with pytest.raises(ValueError, match=said):
        system_of(recipe).exported(recipe, own, trained.runs)
