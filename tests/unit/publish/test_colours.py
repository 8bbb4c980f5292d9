"""The pages' colours can be told apart by everybody, in light and in dark (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

from services.publish.adapters import pages

STYLE = Path(pages.__file__).with_name("templates") / "style.css"
BLOCKS = re.findall(r":root \{(.*?)\}", STYLE.read_text(encoding="utf-8"), re.DOTALL)
THEMES = {
    name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    for name, block in zip(("light", "dark"), BLOCKS, strict=False)
}
TEXTS = [
    *(("ink", ground) for ground in ("paper", "panel", "soft")),
    *(("quiet", ground) for ground in ("paper", "panel")),
    *(("link", ground) for ground in ("paper", "panel")),
    *(("warn", ground) for ground in ("paper", "panel")),
    ("panel", "strong"),
]
SHAPES = [
    *((shape, "panel") for shape in ("strong", "one", "two", "three", "warn", "aside", "focus")),
    *((shape, "paper") for shape in ("done", "aside", "waiting", "left", "lost")),
    *((f"{shape}-also", "paper") for shape in ("done", "aside", "left", "lost")),
    ("strong", "soft"),
]


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_both_themes_name_the_same_colours() -> None:
    assert THEMES["light"].keys() == THEMES["dark"].keys()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_stands_out_from_its_ground(theme: str, text: str, ground: str) -> None:
    assert contrast(THEMES[theme][text], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_stand_out_from_their_ground(theme: str, shape: str, ground: str) -> None:
    assert contrast(THEMES[theme][shape], THEMES[theme][ground]) >= 3
