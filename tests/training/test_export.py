"""From a run to the zoo: the application loads the folder and gets torch's numbers."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray
from onnx import TensorProto
from torch import Tensor

from app.imaging.face import Face, box_of_landmarks
from app.inference.card import Card, write_card
from app.inference.locate import locate
from app.inference.mapping import map_faces
from app.inference.reconstruct import reconstruct
from app.inference.session import ModelSession
from app.inference.zoo import Zoo
from app.sample import sample_map, sample_photo
from tests.support.training_data import ASTRONAUT, placed_face
from tests.support.training_recipes import MODELS, STEPS, TINY, Exported
from tests.training.conftest import Workplace
from training.cards import make_card, trained_steps
from training.cli import main
from training.data.faces import LFW
from training.export import TOLERANCE, Graph, compare, graph_of
from training.tasks import read_recipe

# Tracing a network takes seconds, and minutes on a machine that is busy.
pytestmark = pytest.mark.timeout(600)

KILLED = 77
"""What an export that is killed in the middle exits with."""

FACE = Face(box=box_of_landmarks(placed_face(ASTRONAUT)), landmarks=placed_face(ASTRONAUT))


def graph(workplace: Workplace, exported: Exported) -> Graph:
    """The network that was exported, from its weights."""
    weights = torch.load(workplace.runs / exported.run / "weights.pt", weights_only=True)
    latent = exported.run == "adversarial"
    recipe = read_recipe(TINY[exported.run])
    return graph_of(recipe, weights, sketch=exported.kind == "sketch", latent=latent)


def test_the_zoo_has_no_problem(zoo: Zoo) -> None:
    assert zoo.problems == ()
    assert {card.name for card in zoo.models} == {model.name for model in MODELS}
    for card in zoo.models:
        assert zoo.verify(card.name) == ()


def test_the_card_of_other_photos_does_not_speak_of_lfw(
    trained: Workplace, zoo: Zoo, tmp_path: Path
) -> None:
    run = shutil.copytree(trained.runs / "map", tmp_path / "run")
    described = json.loads((run / "recipe.json").read_text())
    assert described["data"] == LFW
    people = "40 photos of 9 people in the folder faces"
    (run / "recipe.json").write_text(json.dumps(described | {"data": people}))
    recipe = read_recipe(described["recipe"])
    model = zoo.get("tiny_map").path
    card = make_card(recipe, run, model, name="own", kind=None, version="1", latent=0)
    assert card.training is not None
    assert card.training.data.startswith(f"{people}, those of the training split only")
    assert "LFW" not in " ".join(card.limits)
    assert any("Whom the training photos show" in limit for limit in card.limits)


@pytest.mark.parametrize("exported", MODELS, ids=lambda model: model.name)
def test_the_card_says_where_the_model_comes_from(
    trained: Workplace, zoo: Zoo, exported: Exported
) -> None:
    model = zoo.get(exported.name)
    card, content = model.card, model.path.read_bytes()
    described = json.loads((trained.runs / exported.run / "recipe.json").read_text())
    assert (card.task, card.kind, card.version) == (TINY[exported.run]["task"], exported.kind, "7")
    assert card.file.sha256 == hashlib.sha256(content).hexdigest()
    assert card.training.recipe == exported.run
    assert card.training.images == STEPS * TINY[exported.run]["batch"]
    assert card.training.data_sha256 == described["data_sha256"]
    assert card.output.latent == (8 if exported.run == "adversarial" else 0)
    assert all(text.endswith(".") for text in (card.summary, *card.limits, *card.not_for))


def feed(
    exported: Exported, count: int, hypotheses: int, shape: tuple[int, int]
) -> dict[str, Tensor]:
    """Random inputs of any batch size, number of hypotheses and photo size."""
    generator = torch.Generator().manual_seed(count)

    def rand(*shape: int) -> Tensor:
        return torch.rand(shape, generator=generator)

    if exported.run == "locate":
        return {"photo": rand(count, 3, *shape)}
    inputs = {"face": rand(count, 3, 32, 32)}
    if exported.kind:
        inputs["map"] = (rand(count, 1, 32, 32) > 0.5).float()
    if exported.run == "adversarial":
        inputs["latent"] = torch.randn(count, hypotheses, 8, generator=generator)
    return inputs


@pytest.mark.parametrize("exported", MODELS, ids=lambda model: model.name)
def test_the_application_gets_torchs_numbers(
    trained: Workplace, zoo: Zoo, exported: Exported
) -> None:
    torchs = graph(trained, exported)
    session = ModelSession(zoo.get(exported.name), "cpu", threads=1)
    for count, hypotheses, shape in ((1, 1, (128, 192)), (3, 5, (192, 128)), (2, 1, (256, 256))):
        inputs = feed(exported, count, hypotheses, shape)
        with torch.no_grad():
            expected = torchs.module.eval()(*inputs.values())
        expected = (expected,) if isinstance(expected, Tensor) else expected
        outputs = session.run({name: value.numpy() for name, value in inputs.items()})
        for name, wanted in zip(torchs.outputs, expected, strict=True):
            truth: NDArray[np.float32] = wanted.numpy()
            assert outputs[name].shape == truth.shape
            scale = max(1.0, float(np.abs(truth).max()))
            assert np.abs(outputs[name] - truth).max() / scale < TOLERANCE


def test_hypotheses_differ_and_the_deterministic_model_has_one(zoo: Zoo) -> None:
    hidden = sample_map()
    several = reconstruct(
        sample_photo().rgb, hidden, FACE, ModelSession(zoo.get("gan"), "cpu", 1), hypotheses=3
    )
    assert several.pictures.shape == (3, 32, 32, 3)
    one = reconstruct(
        sample_photo().rgb, hidden, FACE, ModelSession(zoo.get("rgb"), "cpu", 1), hypotheses=3
    )
    assert one.pictures.shape == (1, 32, 32, 3)
    assert one.note


def test_every_stage_of_the_application_runs_on_exported_models(zoo: Zoo) -> None:
    photo = sample_photo().rgb
    sessions = {
        task: ModelSession(zoo.default(task), "cpu", 1) for task in ("locate", "align", "map")
    }
    for face in locate(photo, sessions["locate"], sessions["align"]):
        assert face.landmarks.shape == (68, 2)
    assert map_faces(photo, [FACE], sessions["map"]).shape == photo.shape[:2]
    drawn = reconstruct(photo, sample_map(), FACE, ModelSession(zoo.get("sketch"), "cpu", 1))
    assert drawn.pictures.shape == (1, 32, 32, 1)


@pytest.mark.parametrize("exported", MODELS, ids=lambda model: model.name)
def test_large_weights_are_stored_in_16_bits(zoo: Zoo, exported: Exported) -> None:
    model = onnx.load(zoo.get(exported.name).path)
    sizes = {TensorProto.FLOAT: 0, TensorProto.FLOAT16: 0}
    for tensor in model.graph.initializer:
        if tensor.data_type in sizes:
            sizes[tensor.data_type] += int(np.prod(tensor.dims))
    assert sizes[TensorProto.FLOAT16] > 10 * sizes[TensorProto.FLOAT]
    text = str(model)
    assert str(Path.cwd()) not in text
    assert "site-packages" not in text


def test_a_wrong_model_is_noticed(trained: Workplace, zoo: Zoo) -> None:
    exported = MODELS[2]
    path = zoo.get(exported.name).path
    assert compare(graph(trained, exported), path) < TOLERANCE
    other = graph(trained, exported)
    with torch.no_grad():
        for value in other.module.parameters():
            value.mul_(3)
    assert compare(other, path) > TOLERANCE


def copied_run(trained: Workplace, folder: Path, *names: str) -> Path:
    """A run of the map with these files alone."""
    folder.mkdir()
    for name in names:
        shutil.copyfile(trained.runs / "map" / name, folder / name)
    return folder


@pytest.mark.parametrize("value", [1e6, float("nan")], ids=["too large for 16 bits", "diverged"])
def test_a_failing_export_leaves_the_model_that_is_there(
    trained: Workplace,
    zoo: Zoo,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    value: float,
) -> None:
    run = copied_run(trained, tmp_path / "run", "recipe.json", "metrics.jsonl")
    weights: dict[str, Any] = torch.load(trained.runs / "map" / "weights.pt", weights_only=True)
    weights["stem.weight"][0, 0, 0, 0] = value
    torch.save(weights, run / "weights.pt")
    own = tmp_path / "zoo"
    shutil.copytree(zoo.get("tiny_map").folder, own / "tiny_map")
    before = {path: path.read_bytes() for path in own.rglob("*") if path.is_file()}
    for name, force in (("tiny_map", ["--force"]), ("another", [])):
        assert main(["export", str(run), "--name", name, "--zoo", str(own), *force]) == 1
        said = capsys.readouterr().err
        assert f"{own / name / 'model.onnx'} was not written from {run}: it differs" in said
        assert said.count("\n") == 1
    assert {path: path.read_bytes() for path in own.rglob("*") if path.is_file()} == before
    assert [path.name for path in own.iterdir()] == ["tiny_map"]


def test_a_model_is_replaced_only_when_that_is_said(
    trained: Workplace, zoo: Zoo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "zoo" / "tiny_map"
    shutil.copytree(zoo.get("tiny_map").folder, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    arguments = ["export", str(trained.runs / "map"), "--name", "tiny_map"]
    arguments += ["--version", "8", "--zoo", str(folder.parent)]
    assert main(arguments) == 1
    assert (
        f"{folder} exists already; give --name another name, or --force" in capsys.readouterr().err
    )
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert main([*arguments, "--force"]) == 0
    replaced = Zoo(folder.parent)
    assert replaced.get("tiny_map").card.version == "8"
    assert replaced.verify("tiny_map") == ()
    assert {path.name for path in folder.iterdir()} == before.keys()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the export is killed in a process of its own")
def test_a_model_that_is_being_replaced_is_always_a_whole_one(
    trained: Workplace, zoo: Zoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, other = zoo.get("tiny_map"), onnx.load(zoo.get("tiny_map").path)
    other.doc_string = "another training"

    def made(_: Graph, path: Path) -> float:
        path.parent.mkdir()
        onnx.save(other, path)
        return 0.0

    monkeypatch.setattr("training.export.export_onnx", made)
    arguments = ["export", str(trained.runs / "map"), "--name", "tiny_map", "--version", "8"]
    seen = []
    for number in range(20):
        folder = tmp_path / str(number) / "tiny_map"
        shutil.copytree(old.folder, folder)
        command = [*arguments, "--zoo", str(folder.parent), "--force"]
        died = died_at(number, command)
        found = Zoo(folder.parent)
        assert found.verify("tiny_map") == ()
        seen.append(found.get("tiny_map").card.version)
        # The same command again leaves nothing of it.
        assert main(command) == 0
        assert sorted(file.name for file in folder.iterdir()) == ["card.toml", "model.onnx"]
        assert [path.name for path in folder.parent.iterdir()] == ["tiny_map"]
        assert Zoo(folder.parent).verify("tiny_map") == ()
        if not died:
            break
    assert not died
    assert len(seen) > 3
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == ("7", "8")


def died_at(number: int, arguments: list[str]) -> bool:
    """Run a command that is killed before it renames or removes its file of this number."""
    process = os.fork()
    if not process:
        left = number
        for name in ("replace", "unlink"):
            real = getattr(Path, name)

            def counted(self: Path, *given: Any, real: Any = real, **more: Any) -> Any:
                nonlocal left
                # Files that are not there are no steps.
                if self.exists():
                    if left == 0:
                        os._exit(KILLED)
                    left -= 1
                return real(self, *given, **more)

            setattr(Path, name, counted)
        os._exit(main(arguments))
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    assert code in (0, KILLED)
    return code == KILLED


def test_an_export_onto_a_full_disk_leaves_the_model_that_is_there(
    trained: Workplace,
    zoo: Zoo,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "zoo" / "tiny_map"
    shutil.copytree(zoo.get("tiny_map").folder, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(card: Card, at: Path) -> Path:
        if card.file.name != "model.onnx":
            raise OSError(errno.ENOSPC, "No space left on device", str(at / "card.toml"))
        return write_card(card, at)

    monkeypatch.setattr("training.export.write_card", full)
    arguments = ["export", str(trained.runs / "map"), "--name", "tiny_map", "--force"]
    assert main([*arguments, "--zoo", str(folder.parent)]) == 1
    assert "card.toml: No space left on device." in capsys.readouterr().err.splitlines()[-1]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == ["tiny_map"]


def test_the_card_counts_the_steps_that_the_weights_have_seen(
    trained: Workplace, tmp_path: Path
) -> None:
    run = copied_run(trained, tmp_path / "run", "weights.pt", "checkpoint.pt")
    figures = run / "metrics.jsonl"
    # A run that was killed has logged steps that no checkpoint was written of.
    figures.write_text(json.dumps({"step": STEPS + 80}) + "\n")
    assert trained_steps(run) == STEPS
    # Weights from elsewhere beside an older checkpoint, and weights without one.
    shutil.copyfile(trained.runs / "locate" / "checkpoint.pt", run / "checkpoint.pt")
    assert trained_steps(run) == STEPS + 80
    (run / "checkpoint.pt").unlink()
    assert trained_steps(run) == STEPS + 80


def test_damaged_weights_are_one_sentence(
    trained: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = copied_run(trained, tmp_path / "run", "recipe.json", "metrics.jsonl")
    (run / "weights.pt").write_bytes((trained.runs / "map" / "weights.pt").read_bytes()[:3000])
    arguments = ["export", str(run), "--name", "own", "--zoo", str(tmp_path / "zoo")]
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert f"The weights {run / 'weights.pt'} are damaged; copy them again" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "zoo").exists()


@pytest.mark.parametrize("text", ["", '{"step": 4}\n{"st', "[]\n", "{}\n"])
def test_a_run_that_does_not_know_its_steps(trained: Workplace, tmp_path: Path, text: str) -> None:
    run = copied_run(trained, tmp_path / "run", "weights.pt")
    (run / "metrics.jsonl").write_text(text)
    with pytest.raises(ValueError, match=r"metrics\.jsonl does not end in a row of figures"):
        trained_steps(run)
