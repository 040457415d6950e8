"""The tables of docs/performance.md; see scripts/performance.py, which calls this."""

from __future__ import annotations

import io
import platform
import tempfile
import time
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
import torch

from app.inference import devices
from app.inference.session import ModelSession
from app.inference.zoo import Model
from app.workbench import Workbench
from scripts.performance_measures import (
    FACES,
    MEGAPIXELS,
    ROOT,
    STAGES,
    Bench,
    Work,
    count,
    inputs_of,
    machine_of,
    measure,
    peak_memory,
    yardsticks,
)
from scripts.performance_volume import batches, video
from training.export import graph_of
from training.networks.inpainting import InpaintingNetwork
from training.networks.pix2pix import Pix2PixGenerator
from training.tasks import read_recipe, system_of
from training.tasks.common import NetworkSystem
from training.tasks.reconstruct_recipe import ReconstructRecipe, network_spec

Rows = list[list[str]]
TASKS = ("locate", "align", "map", "reconstruct")


def write_report(path: Path, *, rounds: int) -> None:
    """Measure everything and write the document."""
    torch.set_num_threads(1)
    bench = Bench()
    text = io.StringIO()
    print(_head(rounds), file=text)
    for title, part in (
        ("Stages against their floor", _stages),
        ("The same networks elsewhere, and pix2pix", _peers),
        ("Session options", _options),
        ("Faces in one batch", _faces),
        ("Megapixels", _megapixels),
        ("Cores", _cores),
        ("Batches", lambda *_: batches()),
        ("Video", lambda *_: video()),
    ):
        print(f"{title} ...", flush=True)
        print(f"\n## {title}\n\n{part(bench, rounds)}", file=text)
        path.write_text(
            text.getvalue(), encoding="utf-8"
        )  # what is measured stays when it is stopped
    print(path)


def _head(rounds: int) -> str:
    return f"""# Performance

Written by `python scripts/performance.py` on {datetime.now(UTC):%Y-%m-%d}; do not edit.
{_processor()}, Python {platform.python_version()}, ONNX Runtime {onnxruntime.__version__},
OpenCV {cv2.__version__}, PyTorch {torch.__version__}.

Times are processor time of one thread, the least of {rounds} interleaved rounds; ratios of one
table come from one run. Other work went on on the machine, which touches processor time less than the
clock, but touches it: trust the ratios. `tests/benchmarks` measures the window and the memory of
batches."""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":")[1].strip() for line in lines if "model name" in line), "")


def _stages(bench: Bench, rounds: int) -> str:
    rows: Rows = []
    photo = bench.photo(12)
    models = {task: bench.session(task, "rgb" if task == "reconstruct" else None) for task in TASKS}
    inputs = {task: inputs_of(model.model, 1, photo) for task, model in models.items()}
    cases: dict[str, Work] = {
        f"run {task}": lambda task=task: models[task].run(inputs[task])  # type: ignore[misc]
        for task in TASKS
    }
    with tempfile.TemporaryDirectory() as folder:
        cases |= bench.stages(12, Path(folder)) | yardsticks()
        times = measure(cases, rounds)
    machine = machine_of(times)
    pixels = 12e6 * 3
    # What cannot be avoided outside the models: each byte of the photo read, or written, once.
    moved = {"decode": pixels, "locate": pixels, "composite": 2 * pixels, "write": pixels}
    for stage in STAGES:
        floor, operations = moved.get(stage, 0.0) / machine.bytes, 0.0
        inside = "–"
        if stage in models:
            cost = count(models[stage].model.read(), inputs[stage])
            runs = 2 if stage == "map" else 1  # both ways round
            operations = runs * cost.operations
            floor += runs * cost.floor(machine)
            inside = f"{runs * times[f'run {stage}'] / (runs * cost.floor(machine)):.1f}"
        rows.append(
            [
                stage,
                f"{operations / 1e9:.2f}" if operations else "–",
                f"{times[stage] * 1e3:.0f}",
                f"{floor * 1e3:.1f}",
                f"{times[stage] / floor:.1f}" if floor else "–",
                inside,
                f"{peak_memory(stage, 12):.0f}",
            ]
        )
    face = sum(times[stage] for stage in ("locate", "map", "composite"))
    return (
        "A photo of 12 megapixels with one masked face. One core does "
        f"{machine.operations / 1e9:.0f} Gflop/s in a matrix product of 768 x 768, and copies "
        f"{machine.bytes / 1e9:.1f} GB/s.\n`composite` is the whole reconstruction: the model, the "
        "seam, the grain, the check that nothing outside the map changed, and the record's hashes.\n\n"
        + _table(
            ["stage", "Gflop", "ms", "floor, ms", "of the floor", "its model's run", "MB more"],
            rows,
        )
        + f"\n\nOne face located, mapped and reconstructed: {face * 1e3:.0f} ms of one core "
        f"(wanted: under 500 on two). Locate: {times['locate'] * 1e3:.0f} ms (under 120). "
        f"Map: {times['map'] * 1e3:.0f} ms a face (under 30)."
    )


def _network(model: Model) -> torch.nn.Module:
    """What a shipped model was exported from, by the recipe in its card.

    Its weights are random: those of the locator cannot be brought back from its ONNX file.
    """
    training = model.card.training
    assert training is not None
    file = ROOT / "training" / "recipes" / f"{training.recipe}.toml"
    recipe = read_recipe(tomllib.loads(file.read_text(encoding="utf-8")))
    system = system_of(recipe)
    if isinstance(recipe, ReconstructRecipe):
        network: torch.nn.Module = InpaintingNetwork(network_spec(recipe))
    else:
        assert isinstance(system, NetworkSystem)
        network = system.network(recipe)
    return graph_of(
        recipe, network.state_dict(), latent=bool(model.card.output.latent)
    ).module.eval()


def _peers(bench: Bench, rounds: int) -> str:
    photo = bench.photo(12)
    rows: Rows = []
    notes: list[str] = []
    for task in TASKS:
        session = bench.session(task, "rgb" if task == "reconstruct" else None)
        network = _network(session.model)
        inputs = inputs_of(session.model, 1, photo)
        tensors = [torch.from_numpy(value) for value in inputs.values()]

        def eager(network: torch.nn.Module = network, tensors: Any = tensors) -> object:
            with torch.inference_mode():
                return network(*tensors)

        cases: dict[str, Work] = {
            "ours": lambda session=session, inputs=inputs: session.run(inputs),  # type: ignore[misc]
            "eager": eager,
        }
        try:
            net = cv2.dnn.readNetFromONNX(np.frombuffer(session.model.read(), np.uint8))

            def forward(net: Any = net, inputs: Any = inputs) -> object:
                for name, value in inputs.items():
                    net.setInput(value, name)
                return net.forward()

            forward()
            cases["opencv"] = forward
        except cv2.error as error:
            reason = " ".join(str(error).split())[:160]
            notes.append(f"- OpenCV cannot run the {task} model: `{reason}`")
        times = measure(cases, rounds)
        rows.append(
            [
                task,
                f"{times['ours'] * 1e3:.1f}",
                f"{times['eager'] / times['ours']:.2f}",
                f"{times['opencv'] / times['ours']:.2f}" if "opencv" in times else "–",
            ]
        )
    table = _table(["model", "ours, ms", "PyTorch eager / ours", "OpenCV DNN / ours"], rows)
    return "\n\n".join([table, *(["\n".join(notes)] if notes else []), _pix2pix(bench, rounds)])


def _pix2pix(bench: Bench, rounds: int) -> str:
    """The published generator with random weights, as ONNX in the same runtime."""
    generator = Pix2PixGenerator().eval()
    side = 256
    example = torch.rand(1, 3, side, side), (torch.rand(1, 1, side, side) > 0.5).float()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pix2pix.onnx"
        torch.onnx.export(
            generator, example, str(path), input_names=["face", "map"], output_names=["output"],
            external_data=False, verbose=False,
        )  # fmt: skip
        size = path.stat().st_size
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        published = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
    session = bench.session("reconstruct", "rgb")
    inputs = inputs_of(session.model, 1, bench.sample)
    theirs = {"face": example[0].numpy(), "map": example[1].numpy()}
    times = measure(
        {"ours": lambda: session.run(inputs), "theirs": lambda: published.run(None, theirs)}, rounds
    )
    parameters = sum(each.numel() for each in generator.parameters())
    return (
        f"pix2pix as published has {parameters / 1e6:.1f} million parameters ({size / 1e6:.0f} MB; ours "
        f"{session.model.card.file.bytes / 1e6:.0f} MB) and works at {side} px (ours at "
        f"{session.model.card.input.size}). A face takes {times['theirs'] / times['ours']:.1f} times "
        "as long as ours."
    )


def _options(bench: Bench, rounds: int) -> str:
    session = bench.session("reconstruct", "rgb")
    inputs = inputs_of(session.model, 1, bench.sample)
    content = session.model.read()
    names = [output.name for output in onnxruntime.InferenceSession(content).get_outputs()]
    levels = onnxruntime.GraphOptimizationLevel

    def made(**changes: Any) -> Any:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.use_deterministic_compute = True
        for name, value in changes.items():
            setattr(options, name, value)
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

    cases: dict[str, Work] = {}
    variants: dict[str, dict[str, Any]] = {
        "as Revisage does": {},
        "no graph optimisation": {"graph_optimization_level": levels.ORT_DISABLE_ALL},
        "basic graph optimisation": {"graph_optimization_level": levels.ORT_ENABLE_BASIC},
        "extended graph optimisation": {"graph_optimization_level": levels.ORT_ENABLE_EXTENDED},
        "without deterministic computation": {"use_deterministic_compute": False},
        "without memory arena": {"enable_cpu_mem_arena": False},
    }
    for name, changes in variants.items():
        ready = made(**changes)
        cases[name] = lambda ready=ready: ready.run(names, dict(inputs))  # type: ignore[misc]
    bound_session = made()
    binding = bound_session.io_binding()
    for name, value in inputs.items():
        binding.bind_cpu_input(name, value)
    for name in names:
        binding.bind_output(name, "cpu")
    cases["with IO binding"] = lambda: bound_session.run_with_iobinding(binding)
    times = measure(cases, 3 * rounds)
    own = times["as Revisage does"]
    rows = [[name, f"{value / own:.2f}"] for name, value in times.items()]
    return (
        "One run of the RGB model on the CPU. IO binding saves copies to and from a GPU; on the CPU "
        "there are none. "
        "Spinning is off, because waiting threads would take the processor from the window.\n\n"
        + _table(["option", "time / ours"], rows)
    )


def _faces(bench: Bench, rounds: int) -> str:
    rows: Rows = []
    for task in ("align", "map", "reconstruct"):
        session = bench.session(task, "rgb" if task == "reconstruct" else None)
        single = inputs_of(session.model, 1, bench.sample)
        cases: dict[str, Work] = {"1": lambda s=session, i=single: s.run(i)}  # type: ignore[misc]
        for faces in FACES[1:]:
            many = inputs_of(session.model, faces, bench.sample)
            cases[str(faces)] = lambda s=session, i=many: s.run(i)  # type: ignore[misc]
        times = measure(cases, rounds)
        rows.append([task, *(f"{times[str(faces)] / faces / times['1']:.2f}" for faces in FACES)])
    return (
        "Time per face in a batch, against one face alone. On the CPU the results are equal bit for "
        "bit.\n\n" + _table(["faces at once", *(str(faces) for faces in FACES)], rows)
    )


def _megapixels(bench: Bench, rounds: int) -> str:
    table: dict[str, list[str]] = {stage: [] for stage in STAGES}
    with tempfile.TemporaryDirectory() as folder:
        cases: dict[str, Work] = {}
        for size in MEGAPIXELS:
            stages = bench.stages(size, Path(folder))
            cases |= {f"{stage} {size}": work for stage, work in stages.items()}
        times = measure(cases, max(2, rounds // 3))
    for stage in STAGES:
        table[stage] = [
            f"{times[f'{stage} {size}'] / times[f'{stage} {MEGAPIXELS[0]}']:.1f}"
            for size in MEGAPIXELS
        ]
    return "Time against that of one megapixel; the face grows with the photo.\n\n" + _table(
        ["stage", *(f"{size} MP" for size in MEGAPIXELS)],
        [[stage, *values] for stage, values in table.items()],
    )


def _cores(bench: Bench, rounds: int) -> str:
    """By the clock, interleaved: only this table is touched by other work of the machine."""
    most = devices.default_threads()
    counts = [threads for threads in (1, 2, 4, 8) if threads <= most]
    rows: Rows = []
    photo = bench.photo(12)
    for task in TASKS:
        name = "rgb" if task == "reconstruct" else None
        model = Workbench([ROOT / "model_zoo"]).session(task, name).model  # type: ignore[arg-type]
        inputs = inputs_of(model, 1, photo)
        sessions = {threads: ModelSession(model, "cpu", threads) for threads in counts}
        best = dict.fromkeys(counts, float("inf"))
        for _ in range(3 * rounds):
            for threads, session in sessions.items():
                began = time.perf_counter()
                session.run(inputs)
                best[threads] = min(best[threads], time.perf_counter() - began)
        rows.append([task, *(f"{best[1] / best[threads]:.2f}" for threads in counts)])
    return (
        "How many times as fast a run is with more threads, by the clock, best of interleaved rounds. "
        "A batch therefore gives each core its own photo.\n\n"
        + _table(["threads", *(str(threads) for threads in counts)], rows)
    )


def _table(head: list[str], rows: Rows) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
