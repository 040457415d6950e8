"""The patch discriminator: what its scores see, and weights from before it saw the whole face."""

from __future__ import annotations

import pytest
import torch

from training.networks.discriminator import PatchDiscriminator


def judged(judge: PatchDiscriminator, place: tuple[int, int]) -> list[float]:
    """How much the scores of the upper left corner change if one pixel does."""
    torch.manual_seed(0)
    picture, hole = torch.rand(1, 4, 128, 128), torch.ones(1, 1, 128, 128)
    changed = picture.clone()
    changed[:, :, place[0], place[1]] += 1
    judge.eval()
    with torch.no_grad():
        before, after = judge(picture, hole)[0], judge(changed, hole)[0]
    return [float((one - other)[..., 0, 0].abs()) for one, other in zip(before, after, strict=True)]


def test_patches_see_what_is_near_and_the_whole_sees_everything() -> None:
    torch.manual_seed(1)
    judge = PatchDiscriminator(4, (8, 16, 32, 32), whole=16)
    near, far = judged(judge, (5, 5)), judged(judge, (70, 70))
    assert near[0] > 0
    assert near[1] > 0
    assert far[0] == 0
    assert far[1] > 0


@pytest.mark.parametrize(("size", "whole"), [(128, 4), (96, 3)])
def test_scores_and_features_have_their_shapes(size: int, whole: int) -> None:
    judge = PatchDiscriminator(4, (8, 16, 32, 32), whole=16)
    scores, seen = judge(torch.rand(2, 4, size, size), torch.ones(2, 1, size, size))
    assert [score.shape for score in scores] == [
        (2, 1, size // 8, size // 8),
        (2, 1, whole, whole),
    ]
    assert len(seen) == 6
    patches_only, seen = PatchDiscriminator(4, (8, 16, 32, 32))(
        torch.rand(2, 4, size, size), torch.ones(2, 1, size, size)
    )
    assert len(patches_only) == 1
    assert len(seen) == 4


def test_weights_of_patches_alone_leave_the_whole_as_it_is() -> None:
    torch.manual_seed(2)
    old, new = PatchDiscriminator(4, (8, 16)), PatchDiscriminator(4, (8, 16), whole=8)
    before = {name: value.clone() for name, value in new.state_dict().items()}
    new.load_state_dict(old.state_dict())
    for name, value in new.state_dict().items():
        expected = before[name] if name.startswith("whole_") else old.state_dict()[name]
        assert torch.equal(value, expected), name
    state = new.state_dict()
    del state["whole_score.bias"]
    with pytest.raises(RuntimeError, match="whole_score"):
        new.load_state_dict(state)
