"""``--compile``: networks compiled where a compiler is, and one sentence where none is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.task import Task


@contextmanager
def compiled(task: Task, *, wanted: bool) -> Iterator[None]:
    """Compile a task's networks; each is translated when it is first used inside the block.

    A network is compiled as a whole, that is where it is called: the gated generator's training asks for
    its two stages instead, and stays as it is.

    Raises:
        ValueError: a network could not be compiled; the sentence says why.
    """
    if not wanted:
        yield
        return
    # torch has no public name for what its compilers raise.
    from torch._dynamo.exc import TorchDynamoException
    from torch._inductor.exc import CppCompileError, InvalidCxxCompiler

    for learner in task.learners.values():
        learner.network.compile()
    try:
        yield
    except (TorchDynamoException, CppCompileError, InvalidCxxCompiler) as error:
        raise ValueError(
            f"The networks could not be compiled ({_reason(error)}); a CPU needs a C++ compiler, a GPU "
            "Triton and a C compiler. Install what is missing, or train without --compile."
        ) from error


def _reason(error: BaseException) -> str:
    """The first line of what went wrong innermost, without the advice to developers that follows it."""
    inner: BaseException = error
    while inner.__cause__ is not None:
        inner = inner.__cause__
    lines = [line.strip() for line in str(inner).splitlines() if line.strip()]
    return (lines[0] if lines else type(inner).__name__)[:200].rstrip(".")
