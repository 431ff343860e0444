"""What the documentation says is there, what is there it says, and its code runs."""

import doctest
import gc
import inspect
import json
import re
import shlex
import subprocess
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner
from ipycanvas import canvas
from PIL import Image

import labelwidgets as lw
from labelwidgets import errors, export, frames, identity, messages
from labelwidgets.cli import main
from labelwidgets.samples.make_samples import messages as sample_messages
from labelwidgets.samples.make_samples import photos
from labelwidgets.schema import FIELDS, migration
from labelwidgets.schema.keymap import COMMANDS
from labelwidgets.source import reading, tables
from labelwidgets.store.tables import metadata
from tests import conllu as treebanks

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text() for path in (*DOCS.glob("*.md"), ROOT / "README.md")
}
TEXTS = PAGES | {name: (ROOT / name).read_text() for name in ("CHANGELOG.md", "CONTRIBUTING.md")}
CODE = re.compile(r"(<!-- not run: .+? -->\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LARGEST_IMAGE = 200_000
WIDEST_CODE = 92


def page(name):
    return PAGES[f"docs/{name}.md"]


def section(text, heading):
    """Text below a heading, up to the next one of its rank."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"there is no heading {heading!r}"
    return found[1]


def rows(text):
    """Rows of all tables, cell by cell."""
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in cells] for cells in lines if not set("".join(cells)) <= set("-: ")]


def coded(cell):
    return re.findall(r"`([^`]+)`", cell)


def blocks(text, language):
    return [(body, bool(unrun)) for unrun, kind, body in CODE.findall(text) if kind == language]


# -- all that is there is said -------------------------------------------------------------------------------


def test_every_public_name_has_its_place_in_the_reference():
    listed = re.findall(r"^::: labelwidgets\.(\w+)$", page("api"), re.MULTILINE)
    assert Counter(listed) == Counter(name for name in lw.__all__ if name != "__version__")


@pytest.mark.parametrize("name", [name for name in lw.__all__ if not name.startswith("_")])
def test_every_public_name_is_told_of_in_words(name):
    told = "".join(text for name_, text in PAGES.items() if name_ != "docs/api.md")
    assert re.search(rf"\b{name}\b", told)


@pytest.mark.parametrize("name", main.commands)
def test_every_command_is_there_with_every_option(name):
    told = section(page("cli"), name)
    command = main.commands[name]
    options = [option for option in command.params if option.param_type_name == "option"]
    missing = [each for option in options for each in option.opts if f"`{each}" not in told]
    assert missing == []


def test_no_option_is_told_that_is_not_there():
    for name, command in main.commands.items():
        known = {each for option in command.params for each in option.opts}
        told = {
            each for cell in rows(section(page("cli"), name)) for each in re.findall(r"`(--[\w-]+)", cell[0])
        }
        assert told <= known, name


def test_the_table_of_keys_is_the_one_that_is_handled():
    shown = re.search(r"<!-- keymap: .*? -->\n(.*?)\n<!-- end of keymap -->", page("keyboard"), re.DOTALL)[1]
    made = subprocess.run(
        ["tools/with-node", "node", "build.mjs", "--keymap"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown == made.stdout.strip()


def test_every_command_of_the_keymap_can_be_found_by_the_name_for_remapping():
    assert {name for cells in rows(page("keyboard")) for name in coded(cells[-1])} == COMMANDS.keys()


def test_every_message_is_there_with_its_fields():
    known = messages.MESSAGES | messages.APP_MESSAGES | messages.REPLIES
    told = {cells[0].strip("`"): tuple(coded(cells[1])) for cells in rows(page("wire")) if len(cells) == 3}
    assert {kind: told.get(kind) for kind in known} == known


def test_every_kind_of_field_is_there():
    kinds = {cells[0]: cells[1] for cells in rows(page("schema"))}
    assert {f"`{kind.__name__}`": f"`{name}`" for name, kind in FIELDS.items()}.items() <= kinds.items()
    assert {f"`{kind}`" for kind in FIELDS} <= {cells[0] for cells in rows(section(page("wire"), "Values"))}


@pytest.mark.parametrize("kind", FIELDS.values())
def test_every_parameter_of_a_field_is_there(kind):
    assert named(kind) - {"name"} <= said_in("schema")


def test_the_dtypes_of_fields_are_as_told():
    made = [
        lw.Boxes("a", []),
        lw.Turns("a", ["b"]),
        lw.Choice("a", ["b"]),
        lw.Taxonomy("a", ["b"]),
        lw.Rating("a"),
        lw.Number("a"),
        lw.Text("a"),
        lw.Spans("a"),
        lw.Turns("a", ["b"]),
        lw.Relations("a", ["b"], between="c"),
        lw.Ranking("a", ["b"]),
        lw.Pairwise("a", ["b", "c"]),
    ]
    assert {field.kind for field in made} == FIELDS.keys()
    told = {cells[1]: cells[2] for cells in rows(section(page("schema"), "Kinds"))}
    assert {f"`{field.kind}`": f"`{field.dtype}`" for field in made}.items() <= told.items()


@pytest.mark.parametrize(
    ("heading", "known"),
    [
        ("frame", frames.FRAME_DTYPES),
        ("annotations", frames.ANNOTATION_DTYPES),
        ("regions", frames.REGION_DTYPES),
    ],
)
def test_every_column_of_a_table_is_there_with_its_dtype(heading, known):
    text = re.search(rf"^### {heading}\n(.*?)^##", page("sessions"), re.MULTILINE | re.DOTALL)[1]
    told = {name: coded(cells[1])[0] for cells in rows(text) if coded(cells[1]) for name in coded(cells[0])}
    assert known.items() <= told.items()


def test_every_operation_on_a_schema_is_there():
    told = " ".join(cells[0] for cells in rows(section(page("schema"), "Changing a schema")))
    assert [each.__name__ for each in migration.OPERATIONS.values() if f"{each.__name__}(" not in told] == []


def test_every_format_is_there():
    assert [suffix for suffix in export.WRITERS if f"`{suffix}`" not in section(page("cli"), "export")] == []
    assert [
        table for table in export.TABLES if f"`--table {table}`" not in section(page("cli"), "export")
    ] == []
    read = [*tables.READERS, *reading.PACKED, *reading.PICTURES, *reading.TEXTS]
    assert [suffix for suffix in read if f"`{suffix}`" not in page("items")] == []


def test_every_error_is_there():
    kinds = [
        each
        for each in vars(errors).values()
        if inspect.isclass(each) and issubclass(each, lw.LabelwidgetsError)
    ]
    told = page("security") + page("store")
    assert [each.__name__ for each in kinds if f"`{each.__name__}`" not in told] == []


def test_every_role_and_capability_is_there_with_what_it_allows():
    told = {
        coded(cells[0])[0]: cells[1] for cells in rows(section(page("security"), "Roles")) if coded(cells[0])
    }
    assert {name: told.get(name) for name in identity.CAPABILITIES} == identity.CAPABILITIES
    for name, role in identity.ROLES.items():
        capabilities = set(identity.CAPABILITIES) if "all of them" in told[name] else set(coded(told[name]))
        assert capabilities == role.capabilities, name
    assert told.keys() == identity.CAPABILITIES.keys() | identity.ROLES.keys()


def test_every_table_of_the_store_is_there():
    told = {name for cells in rows(section(page("store"), "What is kept")) for name in coded(cells[0])}
    assert told == metadata.tables.keys()


def test_every_order_is_there():
    assert [kind for kind in lw.Order.kinds if f"sampling.{kind}(" not in page("items")] == []


def said_in(name):
    """Words that stand as code on a page."""
    text = page(name)
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return set(re.findall(r"\w+", " ".join(coded(prose) + re.findall(r"```python(.*?)```", text, re.DOTALL))))


def named(thing):
    kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    parameters = inspect.signature(thing).parameters.values()
    return {
        each.name for each in parameters if each.kind not in kinds and each.name not in ("self", "session")
    }


def test_every_parameter_is_there():
    assert named(lw.Session) <= said_in("sessions")
    assert named(lw.Schema) <= said_in("schema")
    assert named(lw.LabelWidget) <= said_in("widgets")
    assert named(lw.Label) - {"name", "parent"} <= set(re.findall(r"(\w+)=", page("schema")))
    gallery = section(page("widgets"), "Gallery")
    assert [each for each in named(lw.Gallery) if each not in gallery] == []


def test_every_act_of_a_session_is_there():
    acts = [
        name for name, each in inspect.getmembers(lw.Session) if callable(each) and not name.startswith("_")
    ]
    inner = {
        "since",
        "fits",
        "was_given",
        "lookahead",
        "item_value",
        "sight",
        "recent",
        "answer",
        "task",
        "tasks",
        "comments",
        "draft",
    }
    told = "".join(PAGES.values())
    assert [name for name in acts if name not in inner and not re.search(rf"\b{name}\(", told)] == []


# -- what is said is there -----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where a reader would be: photographs, a table of messages, rules."""
    photos(tmp_path / "photos")
    sample_messages().to_csv(tmp_path / "messages.csv", index=False)
    (tmp_path / "treebank.conllu").write_text(treebanks.SAMPLE, encoding="utf-8")
    (tmp_path / "rules.md").write_text("Box **every** car.\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LABELWIDGETS_USER", "ann")
    if canvas._CANVAS_MANAGER.comm is None:  # the end of another test has closed it
        canvas._CANVAS_MANAGER.open()
    yield tmp_path
    left = [each for each in gc.get_objects() if type(each) in (lw.Session, lw.Gallery) or is_widget(each)]
    for each in left:
        each.close()


def is_widget(thing):
    return issubclass(type(thing), lw.LabelWidget)


@pytest.mark.parametrize("name", [name for name, text in PAGES.items() if blocks(text, "python")])
def test_the_code_of_a_page_runs_from_top_to_bottom(name, folder):
    names = {"__name__": name}
    for body, unrun in blocks(PAGES[name], "python"):
        code = compile(body, name, "exec")
        if not unrun:
            exec(code, names)
    names.clear()


@pytest.mark.parametrize(
    "name", [name for name, text in PAGES.items() if "labelwidgets " in str(blocks(text, "console"))]
)
def test_the_commands_of_a_page_work(name, folder):
    if name in ("docs/store.md", "docs/deploying.md"):
        lw.Session("street.db", data="photos", schema=lw.Schema(lw.Boxes("objects", ["car"]))).close()
    for body, _ in blocks(PAGES[name], "console"):
        for line in body.splitlines():
            words = shlex.split(line, comments=True)
            if words and words[0] == "labelwidgets":
                run(words[1:])


def run(words):
    """Run a command, or, of those that stay until Ctrl+C, read its options."""
    if words[0] in ("label", "demo", "serve"):
        main.commands[words[0]].make_context(words[0], words[1:])
        return
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("name", TEXTS)
def test_links_lead_somewhere(name):
    text = re.sub(r"```.*?```", "", TEXTS[name], flags=re.DOTALL)
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|srcset)="([^"]+)"', text)
    for link in links:
        place, _, anchor = link.partition("#")
        if place.startswith(("https:", "http:", "mailto:")):
            continue
        target = ((ROOT / name).parent / place) if place else ROOT / name
        if place.startswith("notebooks/") and name.startswith("docs/"):
            target = ROOT / place  # the site has them beside the pages
        assert target.exists(), f"{name}: {link}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target.read_text()), f"{name}: {link}"


def anchors(text):
    titles = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles}


def test_pictures_are_there_in_light_and_dark_and_small():
    there = {path.name for path in (DOCS / "images").glob("*.png")}
    used = set(re.findall(r"images/([\w-]+\.png)", "".join(TEXTS.values())))
    assert used == there
    assert {name.replace("-light", "-dark") for name in there if "-light" in name} == {
        n for n in there if "-dark" in n
    }
    assert [name for name in there if (DOCS / "images" / name).stat().st_size > LARGEST_IMAGE] == []
    for name in there:
        with Image.open(DOCS / "images" / name) as picture:
            assert picture.width >= 500, name


def test_every_picture_has_words_for_it():
    for text in TEXTS.values():
        assert "![](" not in text
        assert len(re.findall(r"<img ", text)) == len(re.findall(r"<img [^>]*alt=\"[^\"]+\"", text))


def test_code_fits_the_page():
    long = [
        f"{name}: {line}"
        for name, text in PAGES.items()
        for language in ("python", "console")
        for body, _ in blocks(text, language)
        for line in body.splitlines()
        if len(line) > WIDEST_CODE
    ]
    assert long == []


def test_the_version_is_one():
    latest = re.search(r"^## (\d+\.\d+\.\d+)", TEXTS["CHANGELOG.md"], re.MULTILINE)[1]
    assert latest == lw.__version__
    package = json.loads((ROOT / "package.json").read_text())
    assert package.get("version", latest) == latest


def test_make_has_what_is_told():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = "".join(TEXTS.values())
    told = set(re.findall(r"`make ([a-z]+)`|^make ([a-z]+)", text, re.MULTILINE))
    assert {name for pair in told for name in pair if name} - targets == set()


EXAMPLES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "labelwidgets").rglob("*.py")
    if ">>>" in path.read_text()
)


@pytest.mark.parametrize("module", EXAMPLES)
def test_the_examples_of_docstrings_are_true(module, folder):
    names = {"lw": lw} | {name: getattr(lw, name) for name in lw.__all__}
    assert doctest.testmod(import_module(module), extraglobs=names).failed == 0
