"""The twenty colours, measured: contrast in both themes, difference for every kind of eye."""

import re

import numpy as np
import pytest

from labelwidgets.schema.palette import PALETTE

# Rows: red, green, blue of what is seen, by linear red, green, blue shown. Machado, Oliveira and Fernandes,
# "A physiologically-based model for simulation of color vision deficiency", IEEE TVCG 15 (2009), severity 1.0.
SEEN = {
    "all cones": np.eye(3),
    "no red cones": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no green cones": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = TO_XYZ.sum(axis=1)


def linear(colors):
    channels = np.array([[int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)] for color in colors])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    xyz = rgb @ TO_XYZ.T / WHITE
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116).T
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one, two):
    """CIEDE2000 (Sharma, Wu and Dalal, "The CIEDE2000 color-difference formula", 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, two
    strength = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    grow = 1.5 - np.sqrt(strength / (strength + 25**7)) / 2
    c1, c2 = np.hypot(a1 * grow, b1), np.hypot(a2 * grow, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1 * grow)) % 360, np.degrees(np.arctan2(b2, a2 * grow)) % 360
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = (
        h1 + h2
        if c1 * c2 == 0
        else (h1 + h2 + (0 if abs(h1 - h2) <= 180 else 360 if h1 + h2 < 360 else -360)) / 2
    )
    waves = ((1, hue - 30, -0.17), (1, 2 * hue, 0.24), (1, 3 * hue + 6, 0.32), (1, 4 * hue - 63, -0.2))
    t = 1 + sum(weight * np.cos(np.radians(angle)) for _, angle, weight in waves)
    part_l = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    part_c = (c2 - c1) / (1 + 0.045 * chroma)
    part_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * t)
    blue = (
        -2
        * np.sqrt(chroma**7 / (chroma**7 + 25**7))
        * np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    )
    return np.sqrt(part_l**2 + part_c**2 + part_h**2 + blue * part_c * part_h)


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1, 2), (50, 0, 0), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_measure_agrees_with_its_published_examples(one, two, expected):
    assert difference(one, two) == pytest.approx(expected, abs=1e-4)


def test_there_are_twenty_valid_colours():
    assert len(set(PALETTE)) == 20
    assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in PALETTE)


@pytest.mark.parametrize("color", PALETTE)
@pytest.mark.parametrize("theme", ["#ffffff", "#111111"])
def test_each_stands_out_from_both_themes(color, theme):
    one, two = linear([color, theme]) @ TO_XYZ[1]
    assert (max(one, two) + 0.05) / (min(one, two) + 0.05) >= 3


@pytest.mark.parametrize(
    ("eye", "first", "least"),
    [
        ("all cones", 20, 14),
        ("all cones", 8, 17),
        ("no red cones", 20, 7.5),
        ("no red cones", 8, 9),
        ("no green cones", 20, 7.5),
        ("no green cones", 8, 9),
    ],
)
def test_any_two_can_be_told_apart(eye, first, least):
    colors = [
        tuple(values) for values in np.array(lab(np.clip(linear(PALETTE[:first]) @ SEEN[eye].T, 0, 1))).T
    ]
    pairs = [(difference(a, b), i, j) for i, a in enumerate(colors) for j, b in enumerate(colors[:i])]
    assert min(pairs)[0] >= least, [PALETTE[number] for number in min(pairs)[1:]]
