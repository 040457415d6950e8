"""EfficientDet-D0 learns by heart what it is shown, and finds it again as it is used."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from torch import nn

from tests.support.training_published import PUBLISHED
from tests.training.conftest import Workplace
from training.data.scenes import MOST_FACES, SceneBatches, _iou
from training.engine import Averaged, take_step
from training.networks.efficientdet import EfficientDet, EfficientDetExport
from training.networks.efficientnet import MobileBlock
from training.task import MODEL, Batch, Task
from training.tasks import make_task, read_recipe
from training.tasks.efficientdet import WEIGHT_DECAY

STEPS, SIZE, SCENES = 160, 128, 4

pytestmark = pytest.mark.timeout(600)
"""Twenty seconds of one core, and much longer where others work too."""


@pytest.fixture
def task(workplace: Workplace) -> Task:
    """The narrowest detector."""
    return make_task(
        read_recipe(
            PUBLISHED["efficientdet_d0"]
            | {"size": SIZE, "batch": SCENES, "steps": STEPS, "rate": 0.08}
        ),
        packs=workplace.packs,
        data=workplace.data,
        runs=workplace.runs,
        device=torch.device("cpu"),
    )


def portraits(data: SceneBatches) -> Batch:
    """A batch of one large face each, half of which wear masks."""
    faces = np.full((SCENES, MOST_FACES, 5), np.nan, np.float32)
    photos = np.empty((SCENES, SIZE, SIZE, 3), np.uint8)
    worn = np.asarray(data.pack.worn)
    kinds = [np.flatnonzero(worn == kind)[: SCENES // 2] for kind in (False, True)]
    rows = np.concatenate(kinds).tolist()
    assert len(rows) == SCENES
    for number, row in enumerate(rows):
        photo, boxes = data.packed(row)
        cv2.resize(photo, (SIZE, SIZE), dst=photos[number], interpolation=cv2.INTER_AREA)
        faces[number, 0] = boxes[0]
        faces[number, 0, :4] *= SIZE / len(photo)
    return data.finish({"photo": torch.from_numpy(photos), "faces": torch.from_numpy(faces)})


def test_a_few_scenes_are_learned_by_heart(task: Task) -> None:
    assert isinstance(task.data, SceneBatches)
    assert isinstance(task.model, EfficientDet)
    batch = portraits(task.data)
    averaged = Averaged(task.model)
    for number in range(STEPS):
        figures = take_step(task, batch, number)
        averaged.follow(min(0.999, (1 + number) / (10 + number)))
    assert float(figures["class"]) < 0.2
    # As the application has it: averaged weights, and the statistics that the run has learned.
    with averaged.shown(task.model):
        boxes, scores, masked = EfficientDetExport(task.model)(batch["photo"])
    worn: dict[bool, list[float]] = {False: [], True: []}
    for number, faces in enumerate(batch["faces"].numpy()):
        best = int(scores[number].argmax())
        assert scores[number, best] > 0.5
        assert _iou(boxes[number, best].numpy(), faces[0]) > 0.6
        worn[bool(faces[0, 4] > 0.5)].append(float(masked[number, best]))
        sure = boxes[number][scores[number] > 0.5].numpy()
        assert min(_iou(box, faces[0]) for box in sure) > 0.4, "a face where there is none"
    assert min(worn[True]) > max(worn[False])


def test_it_is_trained_as_published(task: Task) -> None:
    """No drop-connect in D0, and only the weights of convolutions decay."""
    drops = [layer.drop for layer in task.model.modules() if isinstance(layer, MobileBlock)]
    assert drops == [0.0] * 16
    decays = {
        id(value): group["weight_decay"]
        for group in task.learners[MODEL].optimiser.param_groups
        for value in group["params"]
    }
    for layer in task.model.modules():
        for name, value in layer.named_parameters(recurse=False):
            kernel = isinstance(layer, nn.Conv2d) and name == "weight"
            assert decays[id(value)] == (WEIGHT_DECAY if kernel else 0.0)
