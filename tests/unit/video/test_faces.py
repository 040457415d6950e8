"""What is drawn under the maps of a frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.imaging.face import Face
from app.inference.mapping import FaceMap
from app.video.faces import Filler, Seen
from app.video.media import Frame
from app.workbench import Workbench
from tests.support.sessions import inputs_given
from tests.support.tiny_models import (
    LATENT,
    DrawnFace,
    add_model,
    draw_photo,
    drawn_mask,
    mean_face,
    reconstruct_model,
    write_tiny_zoo,
)

DRAWN = DrawnFace((60, 40, 140, 140))


def test_nothing_is_enlarged_in_a_video(tmp_path: Path) -> None:
    output = {"kind": "rgb", "latent": LATENT, "finer": 2, "enlarge": True}
    content = reconstruct_model(latent=LATENT, finer=2, enlarge=True)
    add_model(write_tiny_zoo(tmp_path), "fine", "reconstruct", content, kind="gan", output=output)
    bench = Workbench([tmp_path], device="cpu")
    session = bench.session("reconstruct", "fine")
    given = inputs_given(session)
    frame = Frame(0, 0, draw_photo(200, 180, [DRAWN]))
    hidden = np.zeros((180, 200), np.bool_)
    x0, y0, x1, y1 = drawn_mask(DRAWN)
    hidden[y0:y1, x0:x1] = True
    landmarks = (np.array([37.5, 27.5]) + mean_face() * 125).astype(np.float32)
    map_ = FaceMap((x0, y0, x1, y1), hidden[y0:y1, x0:x1])
    seen = Seen(0, Face(box=(60, 40, 140, 140), landmarks=landmarks), map_)
    filled = Filler(bench, model="fine", seed=0).fill(frame, [seen], 0.0)
    assert [float(each["enlarge"][0]) for each in given] == [0.0]
    assert (filled != frame.rgb).any(axis=2)[hidden].any()
    assert not (filled != frame.rgb).any(axis=2)[~hidden].any()
