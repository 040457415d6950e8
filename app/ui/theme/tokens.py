"""The design tokens: every colour, distance and type size that the window uses.

The greys are neutral on purpose: a tinted surround changes how an analyst sees the photo's colours.
Text colours keep a contrast of at least 4.5:1 on every surface they are used on; a test computes it.
"""

from __future__ import annotations

from dataclasses import dataclass


class Space:
    """Distances in logical pixels; every margin and gap of the window is one of these."""

    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 24
    XXL = 40


class Type:
    """Type sizes in logical pixels."""

    CAPTION = 11
    BODY = 13
    HEADING = 15
    TITLE = 22


class Radius:
    """Corner radii in logical pixels."""

    CONTROL = 5
    CARD = 8


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """The colours of one theme, as ``#rrggbb``.

    Attributes:
        canvas: the surround of a photo.
        window: bars and panels.
        raised: cards, lists and input fields.
        hover, pressed: a control under the pointer, and held down.
        line, line_soft: borders of controls, and the hairlines between panels.
        text, text_soft, text_faint: body text, secondary text, captions.
        accent, accent_hover: what is selected, and the one primary button.
        on_accent: text on the accent.
        accent_text: links and selected captions on panel surfaces.
        accent_wash: background of a selected row.
        good, warn, bad: states; the text of a message names the state too.
        warn_wash, bad_wash, good_wash: backgrounds of the message bar.
    """

    name: str
    canvas: str
    window: str
    raised: str
    hover: str
    pressed: str
    line: str
    line_soft: str
    text: str
    text_soft: str
    text_faint: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_text: str
    accent_wash: str
    good: str
    warn: str
    bad: str
    good_wash: str
    warn_wash: str
    bad_wash: str

    @property
    def dark(self) -> bool:
        """Whether this is the dark theme."""
        return self.name == "dark"


DARK = Tokens(
    name="dark",
    canvas="#161617",
    window="#232325",
    raised="#2c2c2f",
    hover="#37373a",
    pressed="#424246",
    line="#424246",
    line_soft="#323235",
    text="#ececee",
    text_soft="#b4b5b9",
    text_faint="#95969c",
    accent="#2f74c0",
    accent_hover="#3b82d0",
    on_accent="#ffffff",
    accent_text="#79b2f2",
    accent_wash="#2a3c52",
    good="#63c08f",
    warn="#e0a94a",
    bad="#f58f86",
    good_wash="#22362b",
    warn_wash="#3a3020",
    bad_wash="#432725",
)

LIGHT = Tokens(
    name="light",
    canvas="#cfcfd1",
    window="#f2f2f3",
    raised="#ffffff",
    hover="#e6e6e8",
    pressed="#d9d9dc",
    line="#c9c9cd",
    line_soft="#dcdcdf",
    text="#1c1c1e",
    text_soft="#4a4b50",
    text_faint="#66676d",
    accent="#1f66b5",
    accent_hover="#1a5899",
    on_accent="#ffffff",
    accent_text="#1a5ba6",
    accent_wash="#dbe8f7",
    good="#1d7545",
    warn="#8a5a00",
    bad="#b3261e",
    good_wash="#e0f1e7",
    warn_wash="#f8ecd2",
    bad_wash="#fbe2e0",
)


@dataclass(frozen=True)
class OverlayColour:
    """A colour in which the map may be drawn over the photo.

    Attributes:
        key: what the settings remember.
        rgb: 0..255 each; from the Okabe-Ito set, told apart with every common colour blindness.
    """

    key: str
    rgb: tuple[int, int, int]


OVERLAY_COLOURS = (
    OverlayColour("magenta", (204, 121, 167)),
    OverlayColour("orange", (230, 159, 0)),
    OverlayColour("green", (0, 158, 115)),
    OverlayColour("sky", (86, 180, 233)),
    OverlayColour("yellow", (240, 228, 66)),
)
