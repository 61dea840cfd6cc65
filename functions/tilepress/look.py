"""What site.yaml says of the looks → `Look`, and the lines of CSS that it adds to the theme's style sheet.

An organisation names two colours and two fonts; what else there is of colours follows from these. Each is brought to a contrast
at which everybody can read, in the light and in the dark (WCAG 2.2, success criterion 1.4.3).
"""

import re
from dataclasses import dataclass

from tilepress.addresses import THEME, href
from tilepress.fields import Fields

CONTRAST_MIN = 4.5
"""Of text against what it stands on."""
DARK_CONTRAST_MIN = 7.0
"""Of links in the dark: just enough looks dull there."""
GROUNDS = {"light": (255, 253, 249), "dark": (18, 25, 32)}
"""`--paper` of templates/assets/style.css, in the light and in the dark."""
INKS = ((22, 34, 46), (255, 255, 255), (0, 0, 0))
"""What text on a colour may be: the first that can be read there, and one of them can."""
MOTIF_SHARE = 0.28
FIELDS = ("accent", "signal", "heading_font", "text_font", "files")

Colour = tuple[int, int, int]
"""Red, green and blue in sRGB, each from 0 to 255."""

SIGNAL: Colour = (255, 198, 58)
"""`--signal` of that style sheet."""

_HEX = re.compile(r"#?(?:[0-9a-f]{3}|[0-9a-f]{6})\Z", re.IGNORECASE)
_FONT_NAME = re.compile(r"[^\W_][\w .-]{0,60}\Z")
_STEPS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a site differs from the theme. A font is a name, or the address of a file; `files` are the theme's files that the source replaces."""

    accent: Colour | None = None
    signal: Colour | None = None
    heading_font: str = ""
    text_font: str = ""
    files: tuple[str, ...] = ()


def read_look(fields: Fields, image_path: str) -> Look:
    """The look that the fields of `theme` describe."""
    look = Look(
        accent=_accent(fields),
        signal=_colour(fields, "signal"),
        heading_font=_font(fields, "heading_font", image_path),
        text_font=_font(fields, "text_font", image_path),
        files=fields.file_names("files", THEME, "", "404.html"),
    )
    for name in fields.unknown(FIELDS, {}):
        fields.note(name, "unknown-field.theme", fields=", ".join(FIELDS))
    return look


def css(look: Look) -> str:
    """The rules that stand after the theme's own; "" where they change nothing."""
    light = _families(look)
    dark: dict[str, str] = {}
    if look.signal:
        light |= {"signal": _hex(look.signal), "on-signal": _hex(ink_on(look.signal))} | _poster(1, look.signal)
    if look.accent:
        light |= {"accent": _hex(look.accent)} | _poster(2, look.accent)
        dark |= {"accent": _hex(legible(look.accent, GROUNDS["dark"], DARK_CONTRAST_MIN))} | _poster(2, look.accent)
    if not light:
        return ""
    rules = "".join(_faces(look)) + _root(light)
    if dark:
        rules += f"@media (prefers-color-scheme: dark) {{\n{_root(dark)}}}\n"
    return f"\n/* ---- As site.yaml has it ---- */\n\n{rules}"


def frame_colour(look: Look) -> str:
    """What browsers are to tint their own frame with: `#ffc63a`."""
    return _hex(look.signal or SIGNAL)


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def legible(colour: Colour, ground: Colour, contrast_min: float = CONTRAST_MIN) -> Colour:
    """The colour, or the nearest darker or lighter shade of it, as text on this ground."""
    towards = max(INKS, key=lambda ink: contrast(ink, ground))
    shades = (_mixed(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    return next((shade for shade in shades if contrast(shade, ground) >= contrast_min), towards)


def ink_on(colour: Colour) -> Colour:
    """The ink that can be read on this colour."""
    return next(ink for ink in INKS if contrast(ink, colour) >= CONTRAST_MIN)


def _accent(fields: Fields) -> Colour | None:
    colour = _colour(fields, "accent")
    if colour is None or contrast(colour, GROUNDS["light"]) >= CONTRAST_MIN:
        return colour
    used = legible(colour, GROUNDS["light"])
    fields.note("accent", "contrast", said=_hex(colour), used=_hex(used))
    return used


def _colour(fields: Fields, name: str) -> Colour | None:
    said = fields.text(name)
    if not said:
        if name in fields.mapping.fields:
            fields.note(name, "colour.comment")
        return None
    if not _HEX.match(said):
        fields.note(name, "colour", said=said)
        return None
    digits = said.removeprefix("#").lower()
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits  # noqa: PLR2004 - #abc is short for #aabbcc
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _font(fields: Fields, name: str, image_path: str) -> str:
    """A font's name, or the address of its file."""
    said = fields.text(name)
    is_file = said.lower().endswith(".woff2")
    if said and ("//" in said or ".." in said.split("/") if is_file else not _FONT_NAME.match(said)):
        fields.note(name, "font", said=said)
        return ""
    return image_path + said if is_file and not said.startswith("/") else said


def _families(look: Look) -> dict[str, str]:
    """The families that are tried first. `swap` below has readers see the text in the last one until a file is there."""
    said = {"sign": (look.heading_font, "sans-serif"), "book": (look.text_font, "serif")}
    return {variable: f'"{variable if font.startswith("/") else font}", {usual}' for variable, (font, usual) in said.items() if font}


def _faces(look: Look) -> list[str]:
    files = {"sign": look.heading_font, "book": look.text_font}
    return [
        f'@font-face {{ font-family: "{variable}"; src: url("{href(font)}") format("woff2"); font-weight: 100 900; font-display: swap; }}\n'
        for variable, font in files.items()
        if font.startswith("/")
    ]


def _poster(number: int, colour: Colour) -> dict[str, str]:
    """The colours of the tiles without an image that stand on this one."""
    on = ink_on(colour)
    motif = _mixed(colour, (0, 0, 0) if on == INKS[1] else (255, 255, 255), MOTIF_SHARE)
    return {f"poster-{number}": _hex(colour), f"on-poster-{number}": _hex(on), f"motif-{number}": _hex(motif)}


def _root(values: dict[str, str]) -> str:
    return ":root {\n" + "".join(f"  --{name}: {value};\n" for name, value in values.items()) + "}\n"


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    """A colour with this share of another."""
    red, green, blue = (round(here + (there - here) * share) for here, there in zip(one, other, strict=True))
    return red, green, blue


def _luminance(colour: Colour) -> float:
    """Relative luminance, from 0 to 1 (WCAG 2.2)."""
    red, green, blue = (part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour)  # noqa: PLR2004
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
