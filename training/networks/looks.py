"""What is exported of the reconstruction network: a face looked at several times, and enlarged."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from app.imaging.detail import SOFTNESS
from training.networks.inpainting import InpaintingNetwork
from training.networks.lattice import blurred, without_lattice
from training.networks.super_resolution import FINER, around

LOOKS = ((False, 0, 0), (True, 0, 0), (False, 3, 3), (True, 3, 3))
"""How often the same face can be looked at: whether mirrored, and by how many pixels it is shifted.

Down and to the right, no further than training faces were off their place.
"""


LATTICE = 0.7
"""The Gaussian, in pixels, whose finer detail is always the mean of all looks.

On unusual faces networks that end in a pixel shuffle draw lattices of every second pixel (Odena et al.
2016, "Deconvolution and checkerboard artifacts"). Looks an odd number of pixels aside draw them the
other way round, so that they cancel.
"""


class SelectChannels(nn.Module):
    """Some of the picture channels of the reconstruction network, clipped to 0..1, and the error.

    RGB and sketch are learned together and shipped as separate models.

    `finer` enlarges what is drawn where that is asked for, see
    :mod:`training.networks.super_resolution`.

    Several looks, at the face, at its mirror image and at the same a few pixels aside, disagree by the
    network's error, and their mean has less of it (Krizhevsky et al. 2012, section 4.1, take means over
    shifted and mirrored pictures so). Above 0 `detail` leaves detail finer than a Gaussian of so many
    pixels as the first look has it, since means of textures are smooth; but not the finest, see
    :data:`LATTICE`.

    `further_looks` are those at every hypothesis but the first one; None are as many. What fewer looks
    get wrong of a face is much the same in all of its hypotheses, so that what the other looks changed
    in the first one is changed in them too (a control variate, Lavenberg & Welch 1981, Management
    Science 27(3), with a coefficient of 1).

    `even` takes lattices out of what is drawn, see :mod:`training.networks.lattice`.
    """

    def __init__(
        self,
        network: InpaintingNetwork,
        channels: slice,
        *,
        latent: bool,
        error: bool,
        looks: int = 1,
        further_looks: int | None = None,
        detail: float = 0.0,
        even: bool = False,
        finer: nn.Module | None = None,
    ) -> None:
        super().__init__()
        self.network, self.channels, self.latent, self.error = network, channels, latent, error
        self.looks, self.detail = LOOKS[:looks], detail
        self.further_looks = looks if further_looks is None else min(looks, further_looks)
        self.even, self.finer = even, finer

    def forward(
        self, face: Tensor, map: Tensor, third: Tensor | None = None, fourth: Tensor | None = None
    ) -> Tensor | tuple[Tensor, ...]:
        """As :meth:`InpaintingNetwork.forward`; the error (N, 1, S, S) is the hypotheses' mean.

        Args:
            face, map: of the contract, see :mod:`app.inference.contract`.
            third, fourth: its further inputs, in its order, as far as the model has them.
        """
        latent, enlarge = (third, fourth) if self.latent else (None, third)
        output = self.looked(face, map, latent)
        pictures = output[:, :, self.channels]
        if self.even:
            pictures = without_lattice(pictures, map)
        pictures = pictures.clamp(0, 1)
        given = [pictures]
        if self.error:
            expected = output[:, :, self.network.spec.channels :].exp().mean(dim=1)
            given.append(expected.clamp(0, 1))
        if self.finer is not None:
            assert enlarge is not None
            # The visible face, by which it is measured how much to add, is sharper than what is drawn.
            soft = blurred(pictures, SOFTNESS)
            shown = map[:, None] * pictures + (1 - map[:, None]) * soft
            finer = torch.cond(enlarge.sum() > 0, self._enlarged, self._nothing, (shown, map))
            given.append(finer)
        return pictures if len(given) == 1 else tuple(given)

    def _enlarged(self, pictures: Tensor, map: Tensor) -> Tensor:
        """Pictures (N, K, 3, S, S) at FINER times their size.

        The visible face is the same in all hypotheses of a face, so that it is enlarged once.
        """
        assert self.finer is not None
        first, further = pictures[:, 0], pictures[:, 1:]
        whole = self.finer(first)[:, None]
        window = around(map)
        part = self.finer(window.cut(further).flatten(0, 1))
        enlarged = window.put(part.view(*further.shape[:3], *part.shape[2:]), whole)
        return torch.cat([whole, enlarged], dim=1).clamp(0, 1)

    def _nothing(self, pictures: Tensor, _map: Tensor) -> Tensor:
        """As large, and made at once."""
        height, width = (FINER * side for side in pictures.shape[3:])
        return pictures.new_zeros(*pictures.shape[:3], height, width)

    def looked(self, face: Tensor, map: Tensor, latent: Tensor | None) -> Tensor:
        """All looks together: all channels, not clipped, else as :meth:`InpaintingNetwork.forward`."""
        further = self.further_looks if latent is not None else len(self.looks)
        every = [self._look(face, map, latent, look) for look in self.looks[:further]]
        if latent is None or further == len(self.looks):
            return self._together(every)
        rest = [self._look(face, map, latent[:, :1], look) for look in self.looks[further:]]
        first = self._together([each[:, :1] for each in every] + rest)
        few = self._together(every)
        return torch.cat([first, few[:, 1:] + (first - few[:, :1])], dim=1)

    def _together(self, seen: list[Tensor]) -> Tensor:
        """One output of several looks, (N, K, ...) each."""
        first, output = seen[0], torch.stack(seen).mean(dim=0)
        if self.detail and len(seen) > 1:
            own = first - output
            output = output + blurred(own, LATTICE) - blurred(own, self.detail)
        return output

    def _look(
        self, face: Tensor, map: Tensor, latent: Tensor | None, look: tuple[bool, int, int]
    ) -> Tensor:
        """The network's output for a face that is mirrored and shifted, brought back."""
        mirrored, down, right = look
        if mirrored:
            face, map = face.flip(3), map.flip(3)
        face, map = _shifted(face, down, right), _shifted(map, down, right)
        output: Tensor = self.network(face, map, latent)
        output = _shifted(output.flatten(0, 1), -down, -right).view_as(output)
        return output.flip(4) if mirrored else output


def _shifted(pictures: Tensor, down: int, right: int) -> Tensor:
    """(N, C, H, W) moved, the edge pixels repeated where there is nothing."""
    if not (down or right):
        return pictures
    top, left = max(down, 0), max(right, 0)
    bottom, far = max(-down, 0), max(-right, 0)
    height, width = pictures.shape[-2:]
    padded = functional.pad(pictures, (left, far, top, bottom), mode="replicate")
    return padded[..., bottom : bottom + height, far : far + width]
