"""Write the sample photographs that scikit-image carries into a folder, and read the sample messages.

python make_samples.py FOLDER
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile

import pandas as pd

from labelwidgets.errors import SourceError

PHOTOS = {
    "coins.png": ("coins", "Greek coins from Pompeii on a dark ground; 24 objects of one kind, unevenly lit"),
    "hubble_deep_field.jpg": (
        "galaxies",
        "A piece of sky by the Hubble telescope; hundreds of galaxies of all sizes",
    ),
    "cell.png": ("cell", "A single cell in saline, by quantitative phase imaging"),
    "chelsea.png": ("cat", "Chelsea the cat, looking straight at you"),
    "coffee.png": ("coffee", "A cup of coffee with its saucer and spoon, from above"),
    "rocket.jpg": ("rocket", "A rocket leaving its launch pad at night"),
    "astronaut.png": ("astronaut", "Eileen Collins in her suit, with a flag and a model of the shuttle"),
    "camera.png": ("camera", "A man with a camera on a tripod, in gray"),
    "ihc.png": ("tissue", "Stained tissue under the microscope; brown marks what the antibody found"),
    "page.png": ("page", "A printed page of text with a heading and code, unevenly lit"),
    "moon.png": ("moon", "The surface of the moon, in gray"),
    "motorcycle_left.png": ("motorcycle", "A motorcycle in a garage with tools on the walls"),
    "retina.jpg": ("retina", "The back of an eye with its blood vessels"),
}
"""File in scikit-image's wheel to its name here and what it shows; none of them is downloaded."""


def photos(folder: str | Path) -> pd.DataFrame:
    """Write the photographs into a folder; those already there stay.

    Returns
    -------
    pandas.DataFrame
        Columns image (absolute path), name, about; 13 rows.

    Raises
    ------
    SourceError
        Without scikit-image.
    """
    found = find_spec("skimage")
    if found is None or not found.submodule_search_locations:
        raise SourceError("the sample photographs come with scikit-image: pip install labelwidgets[demo]")
    carried = Path(found.submodule_search_locations[0]) / "data"
    target = Path(folder).resolve()
    target.mkdir(parents=True, exist_ok=True)
    rows = []
    for file, (name, about) in PHOTOS.items():
        path = target / f"{name}{Path(file).suffix}"
        if not path.exists():
            copyfile(carried / file, path)
        rows.append({"image": str(path), "name": name, "about": about})
    return pd.DataFrame(rows)


def messages() -> pd.DataFrame:
    """Return 30 short messages of customers, written for this project, in four channels and three languages.

    Returns
    -------
    pandas.DataFrame
        Columns id, channel, text.
    """
    return pd.read_json(Path(__file__).with_name("messages.jsonl"), lines=True, dtype=False)


if __name__ == "__main__":
    print(photos(sys.argv[1] if len(sys.argv) > 1 else "photos").to_string(index=False))  # noqa: T201
