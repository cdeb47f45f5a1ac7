"""The stylesheet keeps what it promises: contrast, distance of colours, sizes, its own size."""

import gzip
import math
import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest

import web

FOLDER = Path(web.__file__).parent
CSS = (FOLDER / "static" / "handrail.css").read_text()
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", CSS)
}
THEMES = ("light", "dark")
STATUSES = ("pass", "partial", "fail", "na", "unknown")
GROUNDS = ("page", "surface", "sunken", "hover", "selected")
RGB = tuple[float, float, float]

# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
SIGHT = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour: str) -> RGB:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return r, g, b


def luminance(colour: str) -> float:
    r, g, b = linear(colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(colour: str, sight: str) -> RGB:
    seen = [sum(m * c for m, c in zip(row, linear(colour), strict=True)) for row in SIGHT[sight]]
    r, g, b = (min(max(c, 0), 1) for c in seen)
    xyz = (
        (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047,
        0.2126729 * r + 0.7151522 * g + 0.0721750 * b,
        (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883,
    )
    x, y, z = (v ** (1 / 3) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: RGB, other: RGB) -> float:
    """CIEDE2000."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    c_mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(c_mean**7 / (c_mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    d_h = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn) / 2)
    l_, c_ = (l1 + l2) / 2, (c1 + c2) / 2
    h_ = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    t = (
        1
        - 0.17 * math.cos(math.radians(h_ - 30))
        + 0.24 * math.cos(math.radians(2 * h_))
        + 0.32 * math.cos(math.radians(3 * h_ + 6))
        - 0.20 * math.cos(math.radians(4 * h_ - 63))
    )
    s_l = 1 + 0.015 * (l_ - 50) ** 2 / math.sqrt(20 + (l_ - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c_, 1 + 0.015 * c_ * t
    r_t = -math.sin(math.radians(60 * math.exp(-(((h_ - 275) / 25) ** 2)))) * (
        2 * math.sqrt(c_**7 / (c_**7 + 25**7))
    )
    l_part, c_part, h_part = (l2 - l1) / s_l, (c2 - c1) / s_c, d_h / s_h
    return math.sqrt(l_part**2 + c_part**2 + h_part**2 + r_t * c_part * h_part)


def test_distance_is_that_of_the_published_examples() -> None:
    # Sharma, Wu and Dalal 2005, pairs 1, 7 and 25.
    assert distance((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert distance((50, 0, 0), (50, -1, 2)) == pytest.approx(2.3669, abs=1e-4)
    assert distance((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387)) == pytest.approx(
        1.2644, abs=1e-4
    )


@pytest.mark.parametrize("theme", [0, 1], ids=THEMES)
def test_text_and_statuses_can_be_read_on_every_ground(theme: int) -> None:
    least = {"text": 7, "text-2": 4.5, "link": 4.5, "edge": 3, **dict.fromkeys(STATUSES, 4.5)}
    for name, minimum in least.items():
        for ground in GROUNDS:
            # To two places, as the figures of a contrast are given.
            found = round(contrast(TOKENS[name][theme], TOKENS[ground][theme]), 1)
            assert found >= minimum, (name, ground)


@pytest.mark.parametrize("theme", [0, 1], ids=THEMES)
def test_text_can_be_read_on_tints_and_the_marked_line(theme: int) -> None:
    for name in [n for n in TOKENS if n.endswith("-tint") or n == "mark"]:
        assert contrast(TOKENS["text"][theme], TOKENS[name][theme]) >= 7
        assert contrast(TOKENS["text-2"][theme], TOKENS[name][theme]) >= 4.5
        assert contrast(TOKENS["link"][theme], TOKENS[name][theme]) >= 4.5
    assert contrast(TOKENS["partial"][theme], TOKENS["partial-tint"][theme]) >= 4.5
    assert contrast(TOKENS["unknown"][theme], TOKENS["unknown-tint"][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=THEMES)
def test_stages_stand_out_from_the_panel_and_their_digits_from_them(theme: int) -> None:
    for number in range(1, 6):
        stage = TOKENS[f"s{number}"][theme]
        assert contrast(stage, TOKENS["surface"][theme]) >= 3
        assert contrast(stage, TOKENS["on-s1" if number == 1 else "on-s2"][theme]) >= 4.5


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", [0, 1], ids=THEMES)
def test_statuses_and_stages_are_told_apart_by_every_eye(theme: int, sight: str) -> None:
    for one, other in combinations(STATUSES, 2):
        assert distance(lab(TOKENS[one][theme], sight), lab(TOKENS[other][theme], sight)) >= 11, (one, other)
    stages = [lab(TOKENS[f"s{number}"][theme], sight) for number in range(1, 6)]
    for lower, higher in pairwise(stages):
        assert distance(lower, higher) >= 7
        assert (lower[0] > higher[0]) == (theme == 0)


def test_it_stays_small() -> None:
    assert len(CSS) < 30_000
    assert len(gzip.compress(CSS.encode())) < 8_000


def test_colours_stand_in_tokens_only() -> None:
    rules = re.sub(r"--[\w-]+: [^;]*;", "", CSS)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", rules) == []


def test_no_text_is_smaller_than_twelve_pixels() -> None:
    for size, unit in re.findall(r"font(?:-size)?: (?:\d{3} )?([\d.]+)(rem|px)", CSS):
        assert float(size) * (16 if unit == "rem" else 1) >= 12


def test_every_class_of_the_stylesheet_is_used() -> None:
    """What no page uses goes."""
    places = [*(FOLDER / "pages").rglob("*.html"), *(FOLDER / "views").glob("*.py"), FOLDER / "markdown.py"]
    used = "".join(path.read_text() for path in [*places, FOLDER / "static" / "handrail.js"])
    numbered = {f"{letter}{number}" for letter in "rs" for number in range(1, 6)}
    for name in sorted(set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"\{[^}]*\}", "{}", CSS)))):
        assert name in numbered or re.search(rf"""[\s"'.]{re.escape(name)}[\s"'{{]""", used), name
