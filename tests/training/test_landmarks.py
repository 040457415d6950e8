"""The landmark reader, and hypotheses whose shapes it reads and judges as wholes."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

from app.imaging.face import LEFT_EYE, RIGHT_EYE
from tests.support.training_steps import PLATEAU, ready, repeated, stepped
from tests.training.conftest import Workplace
from training.cli import main
from training.tasks import reconstruct_energy

PLAIN = {"heads": 0, "further_blocks": []}
"""The network without what it may have more."""


@pytest.fixture(scope="module")
def with_vgg(workplace: Workplace, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """The workplace with the network of the perceptual losses in its data folder."""
    return workplace.with_vgg(tmp_path_factory.mktemp("with_vgg") / "data")


def test_landmarks_are_turned_and_mirrored_with_the_face(workplace: Workplace) -> None:
    task = workplace.task("landmarks", batch=16, turned_share=0.5)
    points = ready(task, 0)["landmarks"]
    assert points.shape == (16, 68, 2)
    right, left = points[:, RIGHT_EYE].mean(dim=1), points[:, LEFT_EYE].mean(dim=1)
    assert (left[:, 0] - right[:, 0]).min() > 0.1
    assert (right + left)[:, 1].div(2).sub(0.42).abs().max() < 0.1
    assert (points[:, 48:, 1].mean(dim=1) > left[:, 1] + 0.1).all()


@pytest.fixture(scope="module")
def reading(with_vgg: Workplace) -> Workplace:
    """The workplace with a landmark reader that has learned a little."""
    recipe = with_vgg.recipe("landmarks", name="reader", rate=3e-3, steps=150, cooldown=0.0)
    assert main(with_vgg.train(recipe)) == 0
    return with_vgg


def test_mouths_differ_where_either_could_be_hidden(reading: Workplace) -> None:
    """Two faces that look alike where they are seen: without credit all hypotheses are in between."""
    differences = []
    for credit in (0.0, 1.0):
        scores = {"energy": 0.01, "perceptual": 0.01, "l1": 0.1, "adversarial": 0.0}
        shapes = {"landmarks": 10.0, "landmarks_energy": credit, "landmarks_reader": "reader"}
        changes = scores | shapes | {"judge_rate": 0.0, "central_share": 0.0} | PLAIN
        task = reading.task("adversarial", projected=True, rate=1e-3, **changes)
        assert isinstance(task, reconstruct_energy.EnergyReconstructTask)
        assert task.reader is not None
        one = ready(task, 0)
        hole = one["hole"]
        other = {
            name: values.roll(4, dims=2) * hole + values * (1 - hole)
            for name, values in one.items()
            if name in {"face", "sketch"}
        }
        for number in range(40):
            figures = stepped(task, one | other if number % 2 else one, PLATEAU + number)
            assert math.isfinite(figures["landmarks"])
        latent = torch.randn(4, 8, 8, generator=torch.Generator().manual_seed(1))
        with torch.no_grad():
            output = task.model(one["face"], hole, latent)[:, :, :3]
            read = [task.reader(output[:, number], hole)[:, 48:] for number in range(8)]
        differences.append(float(torch.stack(read).std(dim=0).mean()))
    assert differences[1] > 2 * differences[0]


def test_the_reader_never_sees_what_is_not_hidden(workplace: Workplace) -> None:
    task = workplace.task("landmarks")
    batch = ready(task, 0)
    repeated(task, batch, 3)
    face, hole = batch["face"], batch["hole"]
    elsewhere = hole * face + (1 - hole) * torch.rand_like(face)
    with torch.no_grad():
        assert torch.equal(task.model(face, hole), task.model(elsewhere, hole))
        assert not torch.equal(task.model(face, hole), task.model(1 - face, hole))


def test_a_missing_landmark_reader_is_named(with_vgg: Workplace, trained: Workplace) -> None:
    values = {"projected": True, "energy": 0.5, "perceptual": 0.5, "landmarks": 1.0}
    with pytest.raises(ValueError, match="train the recipe landmarks first"):
        with_vgg.task("adversarial", landmarks_reader="nobody", **values)
    with pytest.raises(ValueError, match="reads crops of 32 px, not of 40 px"):
        with_vgg.task("adversarial", size=40, **values)


def test_landmarks_are_judged_by_the_energy_score_alone(workplace: Workplace) -> None:
    with pytest.raises(ValueError, match="set energy above 0"):
        workplace.task("adversarial", landmarks=1.0)


def test_a_landmark_reader_is_no_model_of_the_application(
    trained: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = trained.runs / "landmarks"
    given = ["export", str(run), "--name", "reader", "--zoo", str(tmp_path / "zoo")]
    assert main(given) != 0
    assert "serve other runs and are no models" in capsys.readouterr().err
    assert not (tmp_path / "zoo").exists()
