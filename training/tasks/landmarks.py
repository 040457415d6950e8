"""Training of the landmark reader: where nose, mouth and jaw are in what is drawn.

It is an instrument of training, as VGG-19 is: no model of the application, and not what figures are
measured with.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from torch import Tensor, nn
from typing_extensions import override

from app.imaging.face import LEFT_EYE, RIGHT_EYE
from training.networks.aligner import AlignerNetwork
from training.run_description import read_description
from training.system import Count, Setting, Share, Training, Widths
from training.task import MODEL, Batch, Learner, Loss, Step, Task, placed
from training.tasks.common import FramedRecipe, ScheduledRecipe, adamw, course, dotted, started_from
from training.tasks.faces import face_batches, face_sha256s
from training.weights import warm_start


class LandmarksRecipe(ScheduledRecipe, FramedRecipe):
    """Size, data and schedule; `worn_share` and `turned_share` as in the reconstruction's recipe."""

    task: Literal["landmarks"]
    size: Count = 128
    batch: Count = 64
    cooldown: Share = 0.5
    widths: Widths = (24, 48, 96, 128)
    worn_share: Share = 0.5
    turned_share: Share = 0.2

    @property
    @override
    def halvings(self) -> int:
        return len(self.widths)


class LandmarkReader(nn.Module):
    """Reads the 68 landmarks off the inside of a map; it never sees the rest of the face.

    With the eyes in sight it would know the mouth's place without looking at what is drawn there.
    """

    def __init__(self, size: int, widths: tuple[int, ...]) -> None:
        super().__init__()
        self.network = AlignerNetwork(size, widths)

    def forward(self, face: Tensor, hole: Tensor) -> Tensor:
        """(N, 3, S, S) RGB 0..1 and (N, 1, S, S) {0, 1} to landmarks (N, 68, 2) in 0..1 of the crop."""
        landmarks: Tensor = self.network(hole * face + (1 - hole) * 0.5)
        return landmarks


class LandmarksTask(Task):
    """Absolute error in eye distances over the 68 landmarks."""

    def __init__(self, recipe: LandmarksRecipe, setting: Setting) -> None:
        super().__init__(
            lambda: LandmarkReader(recipe.size, recipe.widths),
            seed=recipe.seed,
            device=setting.device,
            start=started_from(recipe, setting),
        )
        self.data = face_batches(
            recipe, setting, worn_share=recipe.worn_share, turned_share=recipe.turned_share
        )
        self.reads(*face_sha256s(self.data))
        assert isinstance(self.model, LandmarkReader)
        rows = self.data.rows[::50]
        self.model.network.mean_shape.copy_(self.data.exact_landmarks(rows).mean(dim=0))
        self.learners[MODEL] = Learner(
            network=self.model,
            optimiser=adamw(self.model, recipe.rate),
            rate=course(recipe),
            longest=1.0,
        )

    @override
    def losses(self, batch: Batch, step: Step) -> Iterator[Loss]:
        target = batch["landmarks"]
        with self.autocast():
            output = self.model(batch["face"], batch["hole"])
        eyes = target[:, RIGHT_EYE].mean(dim=1) - target[:, LEFT_EYE].mean(dim=1)
        unit = eyes.norm(dim=1).clamp(min=0.1)[:, None]
        distance = (output.float() - target).norm(dim=2) / unit
        yield Loss(MODEL, distance.mean(), {"mouth": distance[:, 48:].mean()})

    @override
    def pictures(self, batch: Batch) -> list[Tensor]:
        face, hole = batch["face"], batch["hole"]
        read = self.model(face, hole)
        return [dotted(hole * face, read), dotted(face, batch["landmarks"])]


class LandmarksTraining(Training[LandmarksRecipe]):
    """See :class:`training.system.Training`; its runs serve those of the reconstruction network."""

    recipe = LandmarksRecipe

    @override
    def task(self, recipe: LandmarksRecipe, setting: Setting) -> Task:
        return LandmarksTask(recipe, setting)


def landmark_reader(setting: Setting, run: str, size: int) -> LandmarkReader:
    """The reader of a run, fixed.

    Args:
        setting: where it is used.
        run: name of the run, in the folder of runs.
        size: side of the crops that it is to read.

    Raises:
        ValueError: the run is missing or damaged, or reads crops of another size.
    """
    folder = setting.runs / run
    try:
        recipe = LandmarksRecipe.model_validate(read_description(folder)["recipe"])
    except (OSError, ValueError) as error:
        raise ValueError(
            f"There is no landmark reader in {folder}; train the recipe landmarks first, "
            "or give --runs the folder of its run."
        ) from error
    if recipe.size != size:
        raise ValueError(
            f"The landmark reader in {folder} reads crops of {recipe.size} px, not of {size} px; "
            "train one for that size."
        )
    reader = LandmarkReader(size, recipe.widths)
    warm_start(reader, folder / "weights.pt")
    return placed(reader.eval().requires_grad_(False), setting.device)
