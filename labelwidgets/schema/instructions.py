"""What labelers read before they start: Markdown made safe, examples, and how long reading it takes."""

from __future__ import annotations

import json as jsonlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Any, Self

from ..errors import SchemaError, shown
from .checks import checked_prose

if TYPE_CHECKING:
    from markdown_it.token import Token

Json = Any

LONGEST_TEXT = 5_000_000
"""Characters of Markdown; pictures are in it as data."""
WORDS_PER_MINUTE = 250
SECONDS_PER_IMAGE = 5
SECONDS_PER_EXAMPLE = 20
LONGEST_READING = 20
"""Minutes; people skim what takes longer."""

TAGS = frozenset(
    [
        "a",
        "b",
        "blockquote",
        "br",
        "caption",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    ],
)
ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
}
DROPPED = frozenset(
    ["iframe", "math", "noscript", "object", "script", "style", "svg", "template", "textarea", "title"]
)
"""Tags that go with all that is in them."""
_LINK = re.compile(r"(https?://|mailto:)[^\s\\]+", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}")
_COUNT = re.compile(r"[0-9]{1,5}")
_ALIGN = re.compile(r"text-align:(left|right|center)")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"\w+(?:['\u2019-]\w+)*")


@dataclass(frozen=True, slots=True)
class Example:
    """An item with its right answer, shown read-only in the instructions.

    Parameters
    ----------
    data : dict
        Columns of a row; the item's column at least.
    values : dict
        Field name to value; fields may be missing.
    caption : str
        What is to be learned from it.
    """

    data: Mapping[str, Json] = field(hash=False)
    values: Mapping[str, Json] = field(hash=False)
    caption: str = ""

    def __post_init__(self) -> None:
        """Keep values in JSON form, regions with ids that are the same at each start."""
        for what, given in (("data", self.data), ("values", self.values)):
            if not isinstance(given, Mapping):
                raise SchemaError(
                    f"{what} of an example must be a dict, such as {{'image': 'cat.jpg'}}; found {shown(given)}"
                )
        checked_prose(self.caption, "the caption of an example")
        object.__setattr__(self, "data", _json(self.data))
        object.__setattr__(self, "values", {name: _plain(value) for name, value in self.values.items()})

    def to_json(self) -> dict[str, Json]:
        """Return everything `from_json` needs."""
        return {"data": dict(self.data), "values": dict(self.values), "caption": self.caption}

    @classmethod
    def from_json(cls, json: Mapping[str, Json]) -> Self:
        """Read what `to_json` wrote."""
        if not isinstance(json, Mapping) or json.keys() | {"caption"} != {"data", "values", "caption"}:
            raise SchemaError(f"an example is a dict with data, values and caption, found {shown(json)}")
        return cls(**json)


@dataclass(frozen=True, slots=True)
class Instructions:
    """Markdown for the labelers, with examples.

    Parameters
    ----------
    text : str
        Markdown; HTML in it is kept where it can't do harm. Pictures are data (`data:image/png;base64,...`), links
        lead to http(s) and mailto.
    examples : sequence of Example
        Items with their right answers.
    """

    text: str = ""
    examples: Sequence[Example] = ()

    def __post_init__(self) -> None:
        """Check text and examples."""
        object.__setattr__(self, "text", checked_prose(self.text, "the instructions", LONGEST_TEXT))
        if not isinstance(self.examples, (list, tuple)):
            raise SchemaError(f"examples must be a list of Examples, found {shown(self.examples)}")
        strange = [item for item in self.examples if not isinstance(item, Example)]
        if strange:
            raise SchemaError(
                f"examples must be Examples, as in Example({{'image': 'cat.jpg'}}, {{'animal': 'cat'}}, 'Ears count'); found {shown(strange[0])}"
            )
        object.__setattr__(self, "examples", tuple(self.examples))

    def __bool__(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.text.strip() or self.examples)

    @property
    def html(self) -> str:
        """The text as HTML without anything that acts: no script, style, form, frame, event handler or foreign link."""
        return render(self.text)

    @property
    def minutes(self) -> float:
        """Time to read.

        250 words, or 500 Chinese, Japanese or Korean characters, a minute; 5 s an image, 20 s an example.
        """
        html = self.html
        text = unescape(re.sub(r"<[^>]*>", " ", html))
        words = len(_CJK.findall(text)) / 2 + len(_WORD.findall(_CJK.sub(" ", text)))
        seconds = html.count("<img src=") * SECONDS_PER_IMAGE + len(self.examples) * SECONDS_PER_EXAMPLE
        return words / WORDS_PER_MINUTE + seconds / 60

    @property
    def warning(self) -> str:
        """What to tell whoever writes them: they are too long to be read, pictures are missing; "" when all is well."""
        said = []
        if self.minutes > LONGEST_READING:
            said.append(
                f"Reading these instructions takes about {self.minutes:.0f} minutes; beyond {LONGEST_READING} people skim. "
                "Shorten them, or move details into the descriptions of the labels."
            )
        lost = self.html.count("<img") - self.html.count("<img src=")
        if lost:
            said.append(
                f"{lost} pictures are not shown: a picture must be data in the text (data:image/png;base64,...), "
                "so that reading the instructions asks no other server."
            )
        return " ".join(said)

    def to_json(self) -> dict[str, Json]:
        """Return everything `from_json` needs."""
        return {"text": self.text, "examples": [example.to_json() for example in self.examples]}

    @classmethod
    def from_json(cls, json: Mapping[str, Json]) -> Self:
        """Read what `to_json` wrote."""
        if not isinstance(json, Mapping) or not json.keys() <= {"text", "examples"}:
            raise SchemaError(f"instructions are a dict with text and examples, found {shown(json)}")
        examples = json.get("examples", [])
        if isinstance(examples, list):
            examples = [Example.from_json(item) for item in examples]
        return cls(json.get("text", ""), examples)


@lru_cache(maxsize=64)
def render(text: str) -> str:
    """Return Markdown as HTML without anything that acts."""
    return clean(_markdown(text))


def clean(html: str) -> str:
    """Return HTML without anything that acts.

    It is parsed as a browser would, and only the tags and attributes listed here are written again.
    """
    import nh3

    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(DROPPED),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        strip_comments=True,
    )


def _markdown(text: str) -> str:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in ("th_open", "td_open"):
            _align(token)
    return str(parser.renderer.render(tokens, parser.options, {}))


def _align(token: Token) -> None:
    """Say a cell's alignment by attribute: styles are not kept."""
    match = _ALIGN.match(str(token.attrs.pop("style", "")))
    if match:
        token.attrs["align"] = match[1]


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Keep an attribute, or drop it by returning None."""
    wanted = {
        "href": _LINK,
        "src": _PICTURE,
        "width": _COUNT,
        "height": _COUNT,
        "start": _COUNT,
        "colspan": _COUNT,
        "rowspan": _COUNT,
    }
    pattern = wanted.get(name)
    if tag in ("td", "th") and name == "align":
        return value if value in ("left", "right", "center") else None
    return value if pattern is None or pattern.fullmatch(value) else None


def _json(data: Mapping[str, Any]) -> dict[str, Json]:
    """Return columns of a row as the store keeps them: paths as text, numpy's numbers as numbers."""

    def plain(value: Any) -> Json:
        return os.fspath(value) if isinstance(value, os.PathLike) else value.item()

    try:
        said: dict[str, Json] = jsonlib.loads(jsonlib.dumps(dict(data), default=plain, allow_nan=False))
    except (TypeError, ValueError, AttributeError) as error:
        raise SchemaError(f"data of an example must be text, numbers and the like: {error}") from None
    return said


def _plain(value: Json) -> Json:
    if not isinstance(value, (list, tuple)):
        return value
    made = [item.to_json() if hasattr(item, "to_json") else _plain(item) for item in value]
    return [
        {**item, "id": item.get("id") or str(place)} if isinstance(item, dict) else item
        for place, item in enumerate(made)
    ]
