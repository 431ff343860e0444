"""The keys of commands, twin of js/core/commands.ts: a remapping that clashes is refused when the schema is made."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from ..errors import SchemaError, did_you_mean, listed, shown

COMMANDS: dict[str, tuple[str, ...]] = {
    "submit": ("Enter", "Mod+Enter"),
    "skip": ("Shift+S",),
    "back": ("Shift+B",),
    "undo": ("Mod+Z",),
    "redo": ("Mod+Shift+Z", "Mod+Y"),
    "accept": (".",),
    "reject": (",",),
    "find": ("/",),
    "unsure": ("Shift+U",),
    "flag": ("Shift+F",),
    "comment": ("Shift+C",),
    "new": ("Shift+N",),
    "next": ("Shift+J",),
    "previous": ("Shift+K",),
    "delete": ("Delete", "Backspace"),
    "left": ("ArrowLeft", "Shift+ArrowLeft"),
    "right": ("ArrowRight", "Shift+ArrowRight"),
    "up": ("ArrowUp", "Shift+ArrowUp"),
    "down": ("ArrowDown", "Shift+ArrowDown"),
    "narrower": ("Alt+ArrowLeft", "Alt+Shift+ArrowLeft"),
    "wider": ("Alt+ArrowRight", "Alt+Shift+ArrowRight"),
    "shorter": ("Alt+ArrowUp", "Alt+Shift+ArrowUp"),
    "taller": ("Alt+ArrowDown", "Alt+Shift+ArrowDown"),
    "turn-left": ("Shift+L",),
    "turn-right": ("Shift+R",),
    "select-all": ("Mod+A",),
    "copy": ("Mod+C",),
    "paste": ("Mod+V",),
    "duplicate": ("Mod+D",),
    "turn-next": ("ArrowDown",),
    "turn-before": ("ArrowUp",),
    "turn-first": ("Home",),
    "turn-last": ("End",),
    "turn-open": ("Shift+T",),
    "caret-left": ("ArrowLeft", "Shift+ArrowLeft"),
    "caret-right": ("ArrowRight", "Shift+ArrowRight"),
    "caret-up": ("ArrowUp", "Shift+ArrowUp"),
    "caret-down": ("ArrowDown", "Shift+ArrowDown"),
    "word-left": ("Mod+ArrowLeft", "Mod+Shift+ArrowLeft"),
    "word-right": ("Mod+ArrowRight", "Mod+Shift+ArrowRight"),
    "line-start": ("Home", "Shift+Home"),
    "line-end": ("End", "Shift+End"),
    "text-start": ("Mod+Home", "Mod+Shift+Home"),
    "text-end": ("Mod+End", "Mod+Shift+End"),
    "grow": ("Alt+Shift+ArrowRight",),
    "shrink": ("Alt+Shift+ArrowLeft",),
    "mark": ("Shift+N",),
    "at-once": ("Shift+A",),
    "everywhere": ("Shift+E",),
    "join": ("Shift+P",),
    "end-right": ("Alt+ArrowRight",),
    "end-left": ("Alt+ArrowLeft",),
    "start-left": ("Alt+ArrowUp",),
    "start-right": ("Alt+ArrowDown",),
    "link": ("Shift+L",),
    "no-answer": ("Shift+X",),
    "arc-from": ("Shift+D",),
    "token-open": ("Shift+T",),
    "find-text": ("Mod+F",),
    "invisible": ("Shift+V",),
    "zoom-in": ("+",),
    "zoom-out": ("-",),
    "fit": ("Shift+1",),
    "actual-size": ("Shift+0",),
    "hide": ("Shift+H",),
    "guides": ("Shift+G",),
    "instructions": ("Shift+I",),
    "open": ("Shift+O",),
    "help": ("?",),
    "leave": ("Escape",),
}
"""Command to its keys; "Mod" is Cmd on macOS, Ctrl elsewhere."""

_NAMES = list(COMMANDS)
ON_PICTURES = frozenset(["new", *_NAMES[_NAMES.index("left") : _NAMES.index("select-all")]])
ON_TURNS = frozenset(_NAMES[_NAMES.index("turn-next") : _NAMES.index("caret-left")])
ON_TEXTS = frozenset(_NAMES[_NAMES.index("caret-left") : _NAMES.index("zoom-in")])
"""Commands that only pictures, only dialogues, only texts have: no widget shows two of these, so they may share a key."""

_MODIFIERS = {"mod": "Mod+", "ctrl": "Mod+", "cmd": "Mod+", "alt": "Alt+", "shift": "Shift+"}
_NAMED = re.compile(r"[A-Z][A-Za-z0-9]{1,30}", re.ASCII)


def checked_keys(keys: object) -> dict[str, str]:
    """Return remapped keys: command to one key, several with blanks between them, or "" for none.

    Raises
    ------
    SchemaError
        For a command that there is not, a key that belongs to labels or to another command, or what is no key.
    """
    if not isinstance(keys, Mapping):
        raise SchemaError(
            f"keys must be a dict of command to key, such as {{'skip': 'F2'}}; found {shown(keys)}"
        )
    for command in keys:
        if command not in COMMANDS:
            raise SchemaError(
                f"there is no command {shown(command)}; commands are {listed(COMMANDS, 50)}. {did_you_mean(command, COMMANDS)}".rstrip()
            )
    owners: dict[str, list[str]] = {}
    for command, standard in COMMANDS.items():
        for key in _keys_of(command, keys[command]) if command in keys else map(chord, standard):
            other = next((owner for owner in owners.get(key, ()) if not _apart(owner, command)), None)
            if other is not None:
                raise SchemaError(
                    f"the key {key!r} belongs to both commands {other!r} and {command!r}; give one of them another"
                )
            owners.setdefault(key, []).append(command)
    return dict(keys)


def _apart(one: str, other: str) -> bool:
    """Whether no widget has both commands."""
    sets = [place for name in (one, other) for place in (ON_PICTURES, ON_TURNS, ON_TEXTS) if name in place]
    return len(sets) == 2 and sets[0] is not sets[1]  # noqa: PLR2004 - both, in different ones


def chord(key: str) -> str:
    """Return a key in its one spelling: "ctrl+shift+Z" and "Shift+Mod+z" are the same.

    Raises
    ------
    SchemaError
        For what is no key.
    """
    if key == "+" or key.endswith("++"):
        before, last = key[:-1].split("+"), "+"
    else:
        *before, last = key.split("+")
    names = {_MODIFIERS.get(part.lower()) for part in before if part or last != "+"}
    if None in names or not (len(last) == 1 or _NAMED.fullmatch(last)):
        raise SchemaError(f"a key is written like 'Enter', 'Shift+F', 'Mod+Z' or '.'; found {shown(key)}")
    if len(last) == 1 and last != last.lower() and not names:
        names.add("Shift+")
    head = "".join(name for name in ("Mod+", "Alt+", "Shift+") if name in names)
    return head + (last.lower() if len(last) == 1 else last)


def _keys_of(command: str, keys: object) -> list[str]:
    if not isinstance(keys, str):
        raise SchemaError(f"the key of command {command!r} must be text such as 'F2', found {shown(keys)}")
    return [_checked(command, key) for key in keys.split()]


def _checked(command: str, key: str) -> str:
    made = chord(key)
    if len(made) == 1 and (made.isdigit() or unicodedata.category(made).startswith("L")):
        raise SchemaError(
            f"the key {key!r} of command {command!r} belongs to labels, as all digits and letters do; "
            f"take another, such as 'Shift+{key}'"
        )
    return made
