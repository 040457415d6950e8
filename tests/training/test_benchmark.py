"""``revisage-train benchmark``: trains once, measures once, and writes the table from what is there."""

from __future__ import annotations

import json
import os
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w
import torch

from app.inference.zoo import Zoo
from tests.support.training_data import TEST
from tests.support.training_published import PUBLISHED
from tests.training.conftest import Workplace
from training.benchmark_report import report
from training.benchmark_results import read_kept, read_results, write_kept
from training.benchmark_systems import BY_NAME, ENTRIES
from training.benchmark_training import Budget
from training.cli import main
from training.options import RECIPES
from training.tasks import read_recipe
from training.tasks.unet import Plateau, UNetRecipe

pytestmark = pytest.mark.timeout(600)


class Bench:
    """One researcher's benchmark of tiny recipes."""

    def __init__(self, workplace: Workplace, zoo: Zoo, folder: Path) -> None:
        self.out = folder / "docs" / "benchmark.md"
        self.made = folder / "runs" / "benchmark" / "images-8"
        recipes = folder / "recipes"
        recipes.mkdir()
        for name in ("rgb2sketch", "map_module"):
            values = PUBLISHED[name] | {"size": 64, "batch": 2, "name": name}
            (recipes / f"{name}.toml").write_text(tomli_w.dumps(values), encoding="utf-8")
        options = {
            "--data": workplace.data,
            "--packs": workplace.packs,
            "--runs": folder / "runs",
            "--zoo": zoo.folders[0],
            "--recipes": recipes,
            "--out": self.out,
        }
        self.arguments = [str(part) for pair in options.items() for part in pair]

    def __call__(self, *more: str) -> int:
        given = [*self.arguments, "--budget-images", "8", "--device", "cpu", "--workers", "0"]
        return main(["benchmark", *given, *more])

    def result(self, name: str) -> dict[str, Any]:
        """One system's result."""
        return dict(json.loads((self.made / "results" / f"{name}.json").read_text()))


@pytest.fixture
def bench(trained: Workplace, zoo: Zoo, tmp_path: Path) -> Bench:
    """A benchmark in which nothing was run."""
    return Bench(trained, zoo, tmp_path)


def test_in_pieces(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    assert bench("--systems", "rgb2sketch", "--part", "train") == 0
    assert not bench.out.exists()
    weights = bench.made / "rgb2sketch" / "weights.pt"
    before = weights.stat().st_mtime_ns
    assert bench("--systems", "rgb2sketch,haar,tiny_map") == 0
    assert weights.stat().st_mtime_ns == before
    sketch = bench.result("rgb2sketch")
    assert sketch["training"][0]["images"] == 8
    assert sketch["training"][0]["steps"] == 4
    assert sketch["figures"]["test"]["l1_hole"]["n"] == TEST
    found = bench.result("haar")
    assert found["training"] == []
    assert 0 <= found["figures"]["real"]["recall"]["mean"] <= 1
    shipped = bench.result("tiny_map")
    assert shipped["source"] == "as installed"
    assert shipped["figures"]["real"]["iou"]["n"] == 1
    first = bench.out.read_text(encoding="utf-8")
    for title in ("RGB2SKETCH U-Net", "Haar cascade", "## Sketch", "## Map", "## Locate"):
        assert title in first
    assert "8 images, full-size recipes" in first
    assert (bench.made / "grid.png").exists()
    bench.out.unlink()
    assert bench("--collect") == 0
    assert bench.out.read_text(encoding="utf-8") == first
    bench.out.unlink()
    assert main(["benchmark", *bench.arguments, "--collect"]) == 0
    assert bench.out.read_text(encoding="utf-8") == first


def test_what_is_not_trained_is_not_measured(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench("--systems", "map_module", "--part", "measure") == 1
    assert "map_module is not finished" in capsys.readouterr().err


def test_results_of_other_data_are_measured_again(
    bench: Bench, trained: Workplace, tmp_path: Path
) -> None:
    wanted = ("--systems", "grey_hole", "--count", "1", "--part", "measure")
    assert bench(*wanted) == 0
    path = bench.made / "results" / "grey_hole.json"
    first = bench.result("grey_hole")
    index = json.loads((trained.packs / "faces" / "index.json").read_text())
    assert first["data_sha256"] == {"faces": index["sha256"]}
    # An older result, which does not say what it was measured on, counts as it is.
    older = {name: value for name, value in first.items() if name != "data_sha256"}
    path.write_text(json.dumps(older))
    assert bench(*wanted) == 0
    assert bench.result("grey_hole") == older
    path.write_text(json.dumps(first))
    packs = tmp_path / "packs"
    shutil.copytree(trained.packs / "faces", packs / "faces")
    (packs / "faces" / "index.json").write_text(json.dumps(index | {"sha256": "0" * 64}))
    assert bench(*wanted, "--packs", str(packs)) == 0
    assert bench.result("grey_hole")["data_sha256"] == {"faces": "0" * 64}


def test_a_finished_run_of_other_packs_or_another_recipe_is_refused(
    bench: Bench, trained: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = ("--systems", "rgb2sketch")
    assert bench(*wanted, "--part", "train") == 0
    run = bench.made / "rgb2sketch"
    before = (run / "weights.pt").read_bytes()
    packs = shutil.copytree(trained.packs, tmp_path / "packs")
    index = json.loads((packs / "faces" / "index.json").read_text())
    (packs / "faces" / "index.json").write_text(json.dumps(index | {"sha256": "0" * 64}))
    capsys.readouterr()
    for part in ((), ("--part", "train")):
        assert bench(*wanted, "--packs", str(packs), *part) == 1
        said = capsys.readouterr().err.splitlines()[-1]
        assert f"The finished run {run} was started on other data (data_sha256 " in said
        assert "now 000000000000); delete it to train it again" in said
    assert not (bench.made / "results").exists()
    # Runs that were brought from a machine with other packs can be measured all the same.
    assert bench(*wanted, "--packs", str(packs), "--part", "measure") == 0
    recipe = tmp_path / "recipes" / "rgb2sketch.toml"
    recipe.write_text(recipe.read_text().replace("batch = 2", "batch = 4"))
    assert bench(*wanted) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert "was started with batch = 2, and the recipe now says 4; delete it" in said
    assert (run / "weights.pt").read_bytes() == before
    shutil.rmtree(run)
    assert bench(*wanted, "--part", "train") == 0


def test_crops_are_no_photos_to_measure_on(
    bench: Bench, crops: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench("--systems", "grey_hole", "--packs", str(crops), "--part", "measure") == 1
    said = capsys.readouterr().err
    assert f"The compact pack {crops / 'faces'} holds the reconstruct model's crops" in said
    assert not (bench.made / "results").exists()


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (("--systems", "nobody"), "no model named nobody"),
        (("--systems", "tiny_align"), "no table for"),
        (("--collect",), "There are no results in"),
        (("--count", "0"), "must be positive"),
        (("--workers", "-1"), "--workers -1 has no meaning"),
        (("--threads", "-1"), "--threads -1 has no meaning"),
    ],
)
def test_wrong_wishes_are_one_sentence(
    bench: Bench, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], problem: str
) -> None:
    capsys.readouterr()
    assert bench(*more) == 1
    assert problem in capsys.readouterr().err


def test_work_needs_a_budget(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["benchmark", *bench.arguments]) == 1
    assert "The benchmark needs a budget: --budget-images N" in capsys.readouterr().err


@pytest.mark.parametrize("minutes", ["nan", "inf", "-1"])
def test_minutes_without_a_meaning_are_refused(
    bench: Bench, capsys: pytest.CaptureFixture[str], minutes: str
) -> None:
    assert main(["benchmark", *bench.arguments, "--budget-minutes", minutes]) == 1
    assert "must be positive numbers." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("task = map\n", "is not valid TOML"),
        (
            'name = "map_module"\ntask = "map_module"\nsteps = -3\n',
            "has a wrong value in the field",
        ),
    ],
)
def test_a_wrong_recipe_of_the_benchmark_is_named(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, problem: str
) -> None:
    recipe = tmp_path / "recipes" / "map_module.toml"
    recipe.write_text(text)
    capsys.readouterr()
    for part in ("train", "measure"):
        assert bench("--systems", "map_module", "--part", part) == 1
        (said,) = capsys.readouterr().err.splitlines()
        assert said.startswith(f"revisage-train: The recipe {recipe} {problem}")


def test_every_system_has_its_recipes() -> None:
    for entry in ENTRIES:
        assert sum(share for _, share in entry.recipes) == pytest.approx(
            1.0 if entry.recipes else 0.0
        )
        for name, _ in entry.recipes:
            assert (RECIPES / f"{name}.toml").exists()
    used = {name for entry in ENTRIES for name, _ in entry.recipes}
    assert used >= set(PUBLISHED)


def test_budgets_never_mix() -> None:
    budgets = [Budget(images=100), Budget(images=100, narrow=True), Budget(minutes=1.5)]
    labels = [budget.label for budget in budgets]
    assert labels == ["images-100", "images-100-narrow", "minutes-1.5"]
    assert [Budget.labelled(label) for label in labels] == budgets
    for label in ("old", "images-100-wide", "images-1.5", "images-007", "minutes-1.2.3"):
        assert Budget.labelled(label) is None


PSNR = {"mean": 16.5716, "sd": 2.004, "low": 16.2, "high": 16.94, "n": 200}
ALONE = {"mean": 812.4, "sd": None, "low": None, "high": None, "n": 200}


def result(system: str, title: str, **figures: Any) -> dict[str, Any]:
    """A result as it is read from its file."""
    trained = {
        "recipe": "gated",
        "size": 96,
        "images": 92800,
        "steps": 5800,
        "minutes": 12.34,
        "seed": 1,
    }
    return {
        "system": system,
        "title": title,
        "stage": "reconstruct",
        "source": "somebody",
        "training": [trained],
        "parameters": 4_100_000,
        "machine": "Linux",
        "versions": {"torch": "2"},
        "commit": "0123456789abcdef",
        "figures": {"test": figures},
    }


def test_the_table_says_what_the_results_say(tmp_path: Path) -> None:
    write(tmp_path, "images-10", result("gated", "One", psnr_hole=PSNR, squeeze_frechet=ALONE))
    write(tmp_path, "images-10", result("ours", "Two", squeeze_frechet=ALONE))
    lines = report(read_results(tmp_path)).splitlines()
    assert lines[2].startswith("Budget of every trained system: 10 images, full-size recipes. ")
    assert "| One | 200 | 16.57 ± 2.00 [16.20, 16.94] |" in lines
    assert "| One | 200 | 812 |" in lines
    assert "| Two | 200 | 812 |" in lines
    # A column that nobody has is not printed.
    assert not any("FID" in line and line.startswith("|") for line in lines)
    row = "| One | somebody | `gated` | 96 | 4.1 | 92,800 | 5,800 | 12.3 | 1 | – | – |"
    assert row in lines
    assert lines[-1] == "Measured on Linux, with torch 2, at 0123456789."


def test_the_document_says_what_differs_from_the_publications(tmp_path: Path) -> None:
    write(tmp_path, "images-10", result("ours", "Ours", psnr_hole=PSNR))
    assert "publications" not in report(read_results(tmp_path))
    for name in ("gated", "pix2pix_l1", "pix2pix_cosine_sum"):
        write(tmp_path, "images-10", result(name, name, psnr_hole=PSNR))
    text = report(read_results(tmp_path))
    told = text.split("## What differs from the publications")[1].split("## ")[0]
    said = [line for line in told.splitlines() if line.startswith("- ")]
    assert [line.split("**")[1] for line in said] == [
        "Pix2Pix, L1; Pix2Pix, cosine sum",
        "Gated GAN, SN-PatchGAN",
    ]
    assert said[1].endswith(BY_NAME["gated"].differs)
    assert "Sivakumar" not in told


def test_what_the_document_says_of_a_recipe_is_so() -> None:
    for name in ("rgb2rgb", "rgb2sketch"):
        values = tomllib.loads((RECIPES / f"{name}.toml").read_text(encoding="utf-8"))
        recipe = read_recipe(values, narrow=True)
        assert isinstance(recipe, UNetRecipe)
        epoch, differs = recipe.epoch_steps, BY_NAME[name].differs
        optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=recipe.rate)
        plateau = Plateau(optimiser, recipe, epoch)
        steps = 0
        while optimiser.param_groups[0]["lr"] == recipe.rate:
            plateau.note(torch.tensor(1.0))
            steps += 1
        assert (
            f"of {epoch} steps each in the narrow recipes: in a run of fewer than {steps} "
            in differs
        )
    published = [entry for entry in ENTRIES if entry.recipes and entry.source]
    assert published
    assert all(entry.differs.endswith(".") for entry in published)
    assert not any(entry.differs for entry in ENTRIES if entry not in published)


def test_budgets_stand_apart_in_one_document(tmp_path: Path) -> None:
    better = PSNR | {"mean": 20.0}
    for label, gated in (("images-10-narrow", PSNR), ("images-2000-narrow", better)):
        write(tmp_path, label, result("gated", "Gated", psnr_hole=gated))
        write(tmp_path, label, result("telea", "Telea", psnr_hole=gated) | {"training": []})
        write(tmp_path, label, result("my_model", "Mine", psnr_hole=gated))
    write(tmp_path, "images-10-narrow", result("pix2pix_l1", "Pix2Pix", psnr_hole=PSNR))
    write(tmp_path, "attic", result("ours", "Ours", psnr_hole=PSNR))
    # Of two measurements of the same the last one counts, under whichever budget it was made.
    telea = tmp_path / "images-10-narrow" / "results" / "telea.json"
    os.utime(telea, (telea.stat().st_mtime + 60, telea.stat().st_mtime + 60))
    budgets = read_results(tmp_path)
    assert [budget.images for budget in budgets] == [10, 2000]
    text = report(budgets)
    assert "under 2 budgets: 10 images, narrow recipes; 2,000 images, narrow recipes. " in text
    parts = text.split("## ")
    rows = [line.split(" | ")[:2] for line in parts[1].splitlines() if line.startswith("| ")]
    assert rows[2:] == [
        ["| Telea", "–"],
        ["| Pix2Pix", "10 images, narrow recipes"],
        ["| Gated", "10 images, narrow recipes"],
        ["| Gated", "2,000 images, narrow recipes"],
        ["| Mine", "as installed"],
    ]
    assert "| Telea | – | 200 | 16.57" in text
    assert "| Mine | as installed | 200 | 20.00" in text
    assert "| Gated | 2,000 images, narrow recipes | somebody | `gated` |" in parts[-1]
    # One budget alone is a document of its own.
    alone = report(read_results(tmp_path, only="images-2000-narrow"))
    assert "Budget of every trained system: 2,000 images, narrow recipes." in alone
    assert "budget |" not in alone


def test_tables_grow_on_a_machine_that_lacks_the_runs_of_another(tmp_path: Path) -> None:
    here, there, kept = tmp_path / "here", tmp_path / "there", tmp_path / "table.json"
    better = PSNR | {"mean": 20.0}
    write(there, "images-10", result("gated", "Gated", psnr_hole=PSNR))
    write(there, "images-10", result("ours", "Ours", psnr_hole=PSNR))
    write(there, "images-20", result("gated", "Gated", psnr_hole=PSNR))
    assert read_kept(kept) == {}
    write_kept(kept, read_results(there), {})
    assert report(read_results(here, kept=read_kept(kept))) == report(read_results(there))

    write(here, "images-10", result("ours", "Ours", psnr_hole=better))
    budgets = read_results(here, kept=read_kept(kept))
    rows = [line for line in report(budgets).splitlines() if "[16.20, 16.94]" in line]
    assert [row.split(" ± ")[0] for row in rows] == [
        "| Gated | 10 images, full-size recipes | 200 | 16.57",
        "| Ours | 10 images, full-size recipes | 200 | 20.00",
        "| Gated | 20 images, full-size recipes | 200 | 16.57",
    ]
    # The tables of one budget leave alone what is kept of another.
    one = read_results(here, only="images-10", kept=read_kept(kept))
    write_kept(kept, one, read_kept(kept))
    assert report(read_results(tmp_path / "nowhere", kept=read_kept(kept))) == report(budgets)


def test_rows_that_were_read_back_say_so(tmp_path: Path) -> None:
    copied = {"transcribed": "from a print", "commit": ""}
    write(tmp_path, "images-10", result("gated", "Gated", psnr_hole=PSNR) | copied)
    write(tmp_path, "images-10", result("ours", "Ours", psnr_hole=PSNR))
    last = report(read_results(tmp_path)).splitlines()[-1]
    assert last == (
        "Measured on Linux, with torch 2, at 0123456789. 1 of 2 rows were read back, their results "
        "being lost (from a print); of 1 of these the commit is not known."
    )


def test_rows_of_other_data_are_named(tmp_path: Path) -> None:
    for name, title, data in (
        ("gated", "Gated", "a"),
        ("ours", "Ours", "b"),
        ("telea", "Telea", "a"),
    ):
        named = {"data_sha256": {"faces": data * 64}}
        write(tmp_path, "images-10", result(name, title, psnr_hole=PSNR) | named)
    write(tmp_path, "images-10", result("rgb2rgb", "Older", psnr_hole=PSNR))
    text = report(read_results(tmp_path))
    assert (
        "Not comparable, since the data differ: Telea, Gated on faces aaaaaaaaaaaa; "
        "Ours on faces bbbbbbbbbbbb." in text
    )
    (tmp_path / "images-10" / "results" / "ours.json").unlink()
    assert "Not comparable" not in report(read_results(tmp_path))


@pytest.mark.parametrize("text", ["", "[]", '{"images-10": [{}]}', "no JSON"])
def test_damaged_results_are_one_sentence(tmp_path: Path, text: str) -> None:
    kept = tmp_path / "table.json"
    kept.write_text(text)
    with pytest.raises(ValueError, match=r"table\.json is damaged; get it again, or delete it"):
        read_kept(kept)


def write(folder: Path, label: str, made: dict[str, Any]) -> None:
    """Lay a result where the benchmark puts it."""
    path = folder / label / "results" / f"{made['system']}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(made), encoding="utf-8")
