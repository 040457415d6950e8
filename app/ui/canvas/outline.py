"""The outline of a map as line segments: along pixel edges when pixels are seen, smooth otherwise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF

Segments = NDArray[np.float64]
"""(N, 4): x0, y0, x1, y1."""


def pixel_edges(inside: NDArray[np.bool_]) -> Segments:
    """The border between set and unset pixels, exactly along their edges.

    Args:
        inside: (h + 2, w + 2); the outermost rows and columns are neighbours, not drawn themselves.

    Returns:
        In pixels of the inner (h, w) part; runs of edges are one segment.
    """
    across = inside[1:, 1:-1] != inside[:-1, 1:-1]
    rows = [(begin, row, end, row) for row, begin, end in _runs(across)]
    down = inside[1:-1, 1:] != inside[1:-1, :-1]
    columns = [(column, begin, column, end) for column, begin, end in _runs(down.T)]
    return np.array(rows + columns, dtype=np.float64).reshape(-1, 4)


def smooth_edges(inside: NDArray[np.bool_]) -> Segments:
    """The border with its corners cut (marching squares over pixel centres).

    Args:
        inside: as for :func:`pixel_edges`.

    Returns:
        In pixels of the inner part.
    """
    corner = inside.astype(np.uint8)
    case = (
        corner[:-1, :-1] | corner[:-1, 1:] << 1 | corner[1:, 1:] << 2 | corner[1:, :-1] << 3
    )
    mixed = (case > 0) & (case < 15)
    if not mixed.any():
        return np.zeros((0, 4))
    rows, columns = np.nonzero(mixed)
    cases = case[rows, columns]
    # A cell's corner 0 is the centre of pixel (row - 1, column - 1) of the inner part.
    x, y = columns - 0.5, rows - 0.5
    parts = []
    for first, second in _CELL_LINES:
        chosen = first[cases] >= 0
        if chosen.any():
            begin, end = first[cases[chosen]], second[cases[chosen]]
            parts.append(
                np.column_stack(
                    [
                        x[chosen] + _MIDPOINTS[begin, 0],
                        y[chosen] + _MIDPOINTS[begin, 1],
                        x[chosen] + _MIDPOINTS[end, 0],
                        y[chosen] + _MIDPOINTS[end, 1],
                    ]
                )
            )
    return np.concatenate(parts) if parts else np.zeros((0, 4))


def as_lines(segments: Segments, *, x: float, y: float, scale: float) -> list[QLineF]:
    """Segments as Qt lines, enlarged and then moved."""
    placed = segments * scale + np.array([x, y, x, y])
    return [QLineF(*values) for values in placed.tolist()]


def _runs(edges: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """(line, begin, end) of every run of True along each line of a (lines, n) array."""
    padded = np.zeros((edges.shape[0], edges.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = edges
    change = np.diff(padded, axis=1)
    line, begin = np.nonzero(change == 1)
    _, end = np.nonzero(change == -1)
    return list(zip(line.tolist(), begin.tolist(), end.tolist(), strict=True))


_MIDPOINTS = np.array([[0.5, 0.0], [1.0, 0.5], [0.5, 1.0], [0.0, 0.5]])
"""Of a cell's upper, right, lower and left side."""


def _table(*sides: tuple[int, ...]) -> NDArray[np.int8]:
    table = np.full(16, -1, dtype=np.int8)
    for case, side in sides:
        table[case] = side
    return table


# Per case (bit 0 upper left, 1 upper right, 2 lower right, 3 lower left) one line from side to side,
# and a second one in the two cases where opposite corners are set.
_CELL_LINES = (
    (
        _table(
            (1, 3), (2, 0), (3, 3), (4, 1), (5, 3), (6, 0), (7, 3),
            (8, 2), (9, 0), (10, 0), (11, 1), (12, 3), (13, 0), (14, 3),
        ),
        _table(
            (1, 0), (2, 1), (3, 1), (4, 2), (5, 0), (6, 2), (7, 2),
            (8, 3), (9, 2), (10, 1), (11, 2), (12, 1), (13, 1), (14, 0),
        ),
    ),
    (_table((5, 1), (10, 2)), _table((5, 2), (10, 3))),
)  # fmt: skip
