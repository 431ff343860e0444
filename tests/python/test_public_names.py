"""Importing the package is cheap, and its public names are there."""

import subprocess
import sys

import labelwidgets as lw

HEAVY = [
    "sqlalchemy", "alembic", "PIL", "fsspec", "markdown_it", "nh3", "ipycanvas", "sklearn", "scipy",
    "skimage", "voila", "jupyterlab", "click", "tqdm", "psycopg", "torch",
]  # fmt: skip


def loaded_by(code, names=HEAVY):
    run = f"{code}\nimport sys; print(*sorted(set({names!r}) & set(sys.modules)))"
    return subprocess.run(
        [sys.executable, "-c", run], capture_output=True, text=True, check=True
    ).stdout.split()


def test_every_public_name_is_there():
    for name in lw.__all__:
        assert getattr(lw, name) is not None, name


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(lw, "BoxWidget")


def test_dir_lists_the_public_names():
    assert set(lw.__all__) <= set(dir(lw))


def test_session_and_widget_load_no_heavy_library():
    assert loaded_by("import labelwidgets as lw; lw.Session, lw.Schema, lw.Boxes, lw.BoundingBoxWidget") == []


def test_a_session_on_its_way_to_labels_loads_no_pandas():
    assert loaded_by("import labelwidgets as lw; lw.Session, lw.Schema, lw.Boxes", ["pandas"]) == []


def test_a_headless_session_loads_no_jupyter():
    code = (
        "import labelwidgets as lw, pandas as pd\n"
        "s = lw.Session(None, data=pd.DataFrame({'text': ['a']}), schema=lw.Schema(lw.Choice('y', ['b'])), user='u')\n"
        "t, = s.next(); s.submit(t, {'y': 'b'}); s.frame()\n"
        "import sys; print(*sorted({'ipywidgets', 'anywidget', 'traitlets', 'IPython'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
