"""Networks for measuring only; they are read from the data folder and never shipped."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, TypeVar

import cv2
import numpy as np
import onnxruntime
import torch
from cv2.data import haarcascades
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from training.networks.perceptual import caffe_input

log = logging.getLogger(__name__)

ARCFACE_POINTS = np.array(
    [
        [38.2946, 51.6963],
        [73.5318, 51.5014],
        [56.0252, 71.7366],
        [41.5493, 92.3655],
        [70.7299, 92.2041],
    ]
)
"""Where a 112 px ArcFace crop has eyes, nose tip and mouth corners (Deng et al. 2019)."""


class Instrument(ABC):
    """A network that is read from the folder of the instruments.

    Attributes:
        FILE: its file.
        GIVES: the figures that need it, in words.
    """

    FILE: ClassVar[str]
    GIVES: ClassVar[str]

    @abstractmethod
    def __init__(self, instruments: Path) -> None:
        """Read it."""


InstrumentT = TypeVar("InstrumentT", bound=Instrument)


def present(kind: type[InstrumentT], instruments: Path) -> InstrumentT | None:
    """The instrument, or None where its file is not in the folder; then that is said.

    Raises:
        ValueError: the file is damaged; the sentence names it.
    """
    path = instruments / kind.FILE
    if path.exists():
        try:
            return kind(instruments)
        except Exception as error:  # NumPy, torch and ONNX Runtime each have their own
            raise ValueError(
                f"{path} is damaged; get it again, or remove it to go without the figure "
                f"{kind.GIVES}."
            ) from error
    log.info("No %s: put %s into %s to have it.", kind.GIVES, kind.FILE, instruments)
    return None


class FaceEmbedding(Instrument):
    """MobileFaceNet: how alike two faces are to a recognition network.

    It is no target, only a figure.
    """

    FILE = "face_embedding_mobilefacenet.onnx"
    GIVES = "identity cosine"

    def __init__(self, instruments: Path) -> None:
        self.session = _session(instruments / self.FILE)

    def __call__(
        self, photos: list[NDArray[np.uint8]], landmarks: list[NDArray[np.floating]]
    ) -> NDArray[np.float32]:
        """Photos (H, W, 3) uint8 RGB with landmarks (68, 2) to unit vectors (N, 128)."""
        crops = []
        for photo, points in zip(photos, landmarks, strict=True):
            five = np.stack(
                [points[36:42].mean(0), points[42:48].mean(0), points[30], points[48], points[54]]
            )
            matrix, _ = cv2.estimateAffinePartial2D(five - 0.5, ARCFACE_POINTS, method=cv2.LMEDS)
            crops.append(cv2.warpAffine(photo, matrix, (112, 112)))
        batch = np.stack(crops).astype(np.float32).transpose(0, 3, 1, 2)
        return np.concatenate(
            [
                self.session.run(None, {"face": batch[i : i + 32]})[0]
                for i in range(0, len(batch), 32)
            ]
        )


class LandmarkInstrument(Instrument):
    """68 landmarks found by a network that our own aligner never saw."""

    FILE = "landmarks68.onnx"
    GIVES = "mouth error"

    def __init__(self, instruments: Path) -> None:
        self.session = _session(instruments / self.FILE)

    def __call__(
        self, photos: list[NDArray[np.uint8]], landmarks: list[NDArray[np.floating]]
    ) -> NDArray[np.float32]:
        """Photos with rough landmarks (for the crop) to landmarks (N, 68, 2) in photo pixels."""
        crops, frames = [], []
        for photo, points in zip(photos, landmarks, strict=True):
            low, high = points.min(axis=0), points.max(axis=0)
            side = float((high - low).max()) * 1.25
            left, top = (low + high) / 2 - side / 2
            scale = 112 / side
            matrix = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]])
            crops.append(cv2.warpAffine(photo, matrix, (112, 112), borderMode=cv2.BORDER_REPLICATE))
            frames.append((left, top, side))
        batch = np.stack(crops).astype(np.float32).transpose(0, 3, 1, 2)
        found = np.concatenate(
            [
                self.session.run(None, {"face": batch[i : i + 32]})[0]
                for i in range(0, len(batch), 32)
            ]
        )
        origin = np.array([[left, top] for left, top, _ in frames])[:, None]
        sides = np.array([side for _, _, side in frames])[:, None, None]
        return np.asarray(found * sides + origin, np.float32)


class SqueezeFeatures(Instrument):
    """SqueezeNet 1.1 (Iandola et al. 2016) features for perceptual and Frechet distances."""

    FILE = "squeezenet1_1_features.npz"
    GIVES = "SqueezeNet distance"

    def __init__(self, instruments: Path) -> None:
        table = np.load(instruments / self.FILE)
        self.weights = {
            name: torch.from_numpy(table[name].astype(np.float32)) for name in table.files
        }

    @torch.no_grad()
    def __call__(self, pictures: Tensor) -> list[Tensor]:
        """(N, 3, H, W) RGB 0..1 to the features after the first convolution and fires 3, 5 and 9."""
        features = functional.relu(self._convolve("conv1", caffe_input(pictures), stride=2))
        seen = [features]
        features = functional.max_pool2d(features, 3, 2, ceil_mode=True)
        for number in range(2, 10):
            squeezed = functional.relu(self._convolve(f"fire{number}_squeeze1x1", features))
            narrow = self._convolve(f"fire{number}_expand1x1", squeezed)
            wide = self._convolve(f"fire{number}_expand3x3", squeezed, padding=1)
            features = functional.relu(torch.cat([narrow, wide], dim=1))
            if number in (3, 5, 9):
                seen.append(features)
            if number in (3, 5):
                features = functional.max_pool2d(features, 3, 2, ceil_mode=True)
        return seen

    def _convolve(
        self, name: str, features: Tensor, *, stride: int = 1, padding: int = 0
    ) -> Tensor:
        return functional.conv2d(
            features,
            self.weights[f"{name}_W"],
            self.weights[f"{name}_b"],
            stride=stride,
            padding=padding,
        )

    def distance(self, first: Tensor, second: Tensor) -> Tensor:
        """(N,) mean squared difference of channel-normalised features.

        Zhang et al. 2018, eq. 1, all weights one; so it is not LPIPS.
        """
        total = torch.zeros(first.shape[0])
        for a, b in zip(self(first), self(second), strict=True):
            a, b = functional.normalize(a, dim=1), functional.normalize(b, dim=1)
            total += (a - b).pow(2).sum(dim=1).mean(dim=(1, 2))
        return total

    def pooled(self, pictures: Tensor) -> NDArray[np.float32]:
        """(N, 512) averages of the last features, for Frechet and kernel distances."""
        return np.asarray(self(pictures)[-1].mean(dim=(2, 3)).numpy(), dtype=np.float32)


class InceptionFeatures(Instrument):
    """The Inception-v3 features of FID (Heusel et al. 2017), where a user has the published weights.

    The file is the TorchScript form of the original TensorFlow network that the StyleGAN2-ADA code
    (Karras et al. 2020) publishes and measures with; our FID is then theirs.
    """

    FILE = "inception-2015-12-05.pt"
    GIVES = "FID"

    def __init__(self, instruments: Path) -> None:
        self.weights = instruments / self.FILE
        self.network = torch.jit.load(str(self.weights), map_location="cpu").eval()  # type: ignore[no-untyped-call]

    @torch.no_grad()
    def __call__(self, pictures: Tensor) -> NDArray[np.float32]:
        """(N, 3, H, W) RGB 0..1 to (N, 2048).

        Raises:
            ValueError: the file is another network's.
        """
        scaled = (pictures * 255).round().clamp(0, 255).to(torch.uint8)
        try:
            features: Tensor = self.network(scaled, return_features=True)
        except RuntimeError as error:
            raise ValueError(
                f"{self.weights} is another network; get {self.FILE} again or remove it."
            ) from error
        return np.asarray(features.numpy(), np.float32)


class HaarFaces:
    """Whether OpenCV's frontal cascade (Viola & Jones 2001) finds a face."""

    def __init__(self) -> None:
        self.cascade = cv2.CascadeClassifier(
            str(Path(haarcascades) / "haarcascade_frontalface_default.xml")
        )

    def __call__(self, photo: NDArray[np.uint8]) -> bool:
        """(H, W, 3) uint8 RGB."""
        grey = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)
        side = photo.shape[0] // 4
        return len(self.cascade.detectMultiScale(grey, 1.1, 3, minSize=(side, side))) > 0


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
