"""Orders: what decides the results, and what results are called."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.batch.order import Order
from app.workbench import Workbench
from tests.support.tiny_models import add_model, reconstruct_model, write_tiny_zoo

ORDER = Order(models=("rgb", "gan"), hypotheses=3, seed=4)


def test_everything_that_decides_the_results_is_in_the_request(tmp_path: Path) -> None:
    bench = Workbench([write_tiny_zoo(tmp_path / "zoo")])
    requests = [
        order.request(bench)
        for order in (
            ORDER,
            replace(ORDER, models=("rgb",)),
            replace(ORDER, hypotheses=4),
            replace(ORDER, seed=5),
            replace(ORDER, border=False),
            replace(ORDER, device="cpu"),
        )
    ]
    assert len(set(requests)) == len(requests)
    assert ORDER.request(Workbench([tmp_path / "zoo"], threads=3)) == requests[0]


def test_another_model_of_the_same_name_is_another_request(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    write_tiny_zoo(first)
    write_tiny_zoo(second)
    order = Order(models=("mine",))
    add_model(first, "mine", "reconstruct", reconstruct_model())
    add_model(
        second, "mine", "reconstruct", reconstruct_model(sketch=True),
        kind="sketch", output={"kind": "sketch", "latent": 0},
    )  # fmt: skip
    assert order.request(Workbench([first])) != order.request(Workbench([second]))


def test_names(tmp_path: Path) -> None:
    assert Order(models=("rgb",), hypotheses=2).names("a") == [
        "a.provenance.json",
        "a.rgb.h1.png",
        "a.rgb.h2.png",
        "a.rgb.uncertainty.png",
    ]


def test_formats_and_their_options_are_part_of_the_request(tmp_path: Path) -> None:
    bench = Workbench([write_tiny_zoo(tmp_path / "zoo")])
    orders = [
        ORDER,
        replace(ORDER, formats={"sheet-pdf": {"paper": "a4"}}),
        replace(ORDER, formats={"sheet-pdf": {"paper": "letter"}}),
        replace(ORDER, certificate_sha256="00"),
    ]
    assert len({order.request(bench) for order in orders}) == len(orders)


def test_names_of_formats() -> None:
    order = replace(ORDER, formats={"sheet-pdf": {}})
    ours = ["h1.tif", "h12.face2.face.png", "h1.sketch.pdf", "sheet.pdf", "sheet.page2.png"]
    ours += ["uncertainty.png", "uncertainty-colours.png"]
    for ending in ours:
        assert order.may_write("a.b", f"a.b.gan.{ending}")
        assert not order.may_write("a", f"a.b.gan.{ending}")
        assert not order.may_write("a.b", f"a.b.sketch.{ending}")  # of a model that is not asked for
    assert order.may_write("a", "a.map.png")
    assert order.may_write("a", "a.provenance.json")
    assert not order.may_write("a", "a.rgb.notes.txt")
    assert not replace(order, formats={}).may_write("a", "a.rgb.h1.tif")
