"""models, devices and what a broken zoo does, through the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import Cli
from tests.support.tiny_models import add_model, align_model, write_tiny_zoo


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny zoo to damage."""
    folder = write_tiny_zoo(tmp_path / "zoo")
    monkeypatch.setattr("app.workbench.default_zoo_folders", lambda: (folder,))
    return folder


def test_list(cli: Cli, zoo: Path) -> None:
    run = cli("models", "list", "--json")
    assert run.code == 0
    models = {model["name"]: model for model in run.document["models"]}
    assert set(models) == {
        "tiny_locate", "tiny_align", "tiny_map", "tiny_rgb", "tiny_sketch", "tiny_gan"
    }  # fmt: skip
    gan = models["tiny_gan"]
    assert (gan["task"], gan["kind"], gan["input"]["size"]) == ("reconstruct", "gan", 32)
    assert len(gan["file"]["sha256"]) == 64
    assert gan["device"].endswith("ExecutionProvider")
    text = cli("models", "list")
    assert all(name in text.out for name in models)


def test_show(cli: Cli, zoo: Path) -> None:
    assert cli("models", "show", "gan", "--json").document["name"] == "tiny_gan"
    text = cli("models", "show", "tiny_map").out
    assert "task: map" in text
    assert "limits:" in text


def test_verify(cli: Cli, zoo: Path) -> None:
    run = cli("models", "verify")
    assert run.code == 0
    assert run.out.count(": ok\n") == 6
    with (zoo / "tiny_map" / "model.onnx").open("ab") as file:
        file.write(b"\0")
    run = cli("models", "verify", "--json")
    assert run.code == 1
    assert [model["name"] for model in run.document["models"] if not model["ok"]] == ["tiny_map"]
    assert cli("models", "verify", "tiny_gan").code == 0


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("exchanged", "SHA-256"),
        ("not ONNX", "not a usable ONNX file"),
        ("gone", "could not be read"),
        ("field missing", "has no field"),
        ("card gone", "has no card.toml"),
        ("other task's", "asks for"),
    ],
)
def test_a_broken_model_is_named_before_any_work(
    cli: Cli, zoo: Path, photo: Path, tmp_path: Path, damage: str, said: str
) -> None:
    folder = zoo / "broken"
    content = b"This is no ONNX file." * 50 if damage == "not ONNX" else align_model()
    add_model(zoo, "broken", "reconstruct", content)
    card = folder / "card.toml"
    if damage == "exchanged":
        (folder / "model.onnx").write_bytes(content[:-1] + b"?")
    elif damage == "gone":
        (folder / "model.onnx").unlink()
    elif damage == "field missing":
        text = card.read_text()
        card.write_text("\n".join(line for line in text.splitlines() if "licence" not in line))
    elif damage == "card gone":
        card.unlink()
    elif damage == "other task's":
        said = "so it is no reconstruct model"
    run = cli("reconstruct", photo, "--model", "broken", "--out", tmp_path / "out")
    assert run.code == 1
    assert said in run.complaint
    assert "broken" in run.complaint
    assert not list((tmp_path / "out").iterdir())
    # Every other model goes on working.
    assert cli("reconstruct", photo, "--model", "tiny_rgb", "--out", tmp_path / "out").code == 0


def test_a_broken_card_is_listed(cli: Cli, zoo: Path) -> None:
    card = zoo / "tiny_gan" / "card.toml"
    card.write_text(card.read_text().replace("licence", "license"))
    run = cli("models", "list")
    assert run.code == 0
    assert "tiny_gan" in run.complaint
    assert "licence" in run.complaint
    assert cli("models", "verify").code == 1


def test_no_models_at_all(
    cli: Cli, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.workbench.default_zoo_folders", lambda: (tmp_path / "nothing",))
    assert cli("models", "list").code == 0
    assert cli("models", "verify").code == 1
    run = cli("locate", photo)
    assert run.code == 1
    assert "No locate model is installed" in run.complaint


def test_devices(cli: Cli) -> None:
    run = cli("devices", "--json")
    assert run.code == 0
    devices = {device["name"]: device for device in run.document["devices"]}
    assert devices["cpu"]["usable"]
    assert devices["cuda"]["usable"] or devices["cuda"]["reason"]
    assert run.document["used"] in {device["provider"] for device in devices.values()}
    text = cli("devices").out
    assert "CPUExecutionProvider" in text
    assert " used" in text


def test_an_unwanted_gpu_is_left_alone(cli: Cli, zoo: Path, photo: Path, tmp_path: Path) -> None:
    run = cli("reconstruct", photo, "--device", "cpu", "--out", tmp_path, "--json")
    (model,) = run.document["photos"][0]["models"]
    assert model["provider"] == "CPUExecutionProvider"
    assert model["notes"] == []


def test_the_selftest_fails_with_models_that_see_no_faces(cli: Cli, zoo: Path) -> None:
    run = cli("selftest", "--json", "--quiet")
    assert run.code == 1
    stages = run.document["stages"]
    assert [stage["ok"] for stage in stages] == [True, True, False]
    assert "locate" in run.complaint
