"""Who is here, and what their role lets them do; checked in the session for every act, never in a page."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import reduce
from getpass import getuser
from operator import or_
from typing import TYPE_CHECKING

from .errors import RightsError, UserError, did_you_mean, listed, shown

if TYPE_CHECKING:
    from .records import Standing

CAPABILITIES: dict[str, str] = {
    "label": "answer, skip and take back their own answers",
    "comment": "write comments and flag tasks",
    "read": "read everybody's answers",
    "review": "accept, reject and correct answers of others",
    "read_gold": "see the right answers of gold tasks",
    "export": "export answers to files",
    "add": "add tasks and predictions",
    "manage": "change order, priorities, settings and members",
    "migrate": "rename, merge or remove labels and fields",
    "erase": "erase people, items and comments for good",
    "backup": "copy and verify the store",
}
"""What a role can allow, and how a message says it."""


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of capabilities.

    Attributes
    ----------
    name : str
        As the store keeps it; several presets are joined by "+".
    capabilities : frozenset of str
        Names out of `CAPABILITIES`.
    """

    name: str
    capabilities: frozenset[str]

    def __post_init__(self) -> None:
        """Refuse capabilities that nothing asks for: a typo would silently allow nothing."""
        unknown = sorted(self.capabilities - CAPABILITIES.keys())
        if unknown:
            raise UserError(
                f"unknown capabilities {listed(unknown)} in role {self.name!r}; known are {listed(CAPABILITIES, 20)}"
            )

    def __or__(self, other: Role) -> Role:
        """Join two roles, for a person who holds both."""
        names = dict.fromkeys([*self.name.split("+"), *other.name.split("+")])
        return Role("+".join(names), self.capabilities | other.capabilities)

    @classmethod
    def named(cls, name: str) -> Role:
        """Return a preset, or several joined by "+" ("annotator+reviewer").

        Raises
        ------
        UserError
            For a name that is no preset.
        """
        parts = name.split("+") if isinstance(name, str) else []
        unknown = [part for part in parts if part not in ROLES]
        if unknown or not parts:
            raise UserError(
                f"unknown role {shown(name)}; roles are {listed(ROLES)}. {did_you_mean(name, ROLES)}".rstrip()
            )
        role = ROLES[parts[0]]
        for part in parts[1:]:
            role |= ROLES[part]
        return role

    @classmethod
    def known(cls, name: str) -> Role:
        """Return what of a stored role this version knows; a part that it does not know allows nothing."""
        parts = [part for part in name.split("+") if part in ROLES]
        return cls.named("+".join(parts)) if parts else cls(name, frozenset())


_ANNOTATOR = frozenset({"label", "comment"})
_REVIEWER = _ANNOTATOR | {"read", "review"}
_MANAGER = _REVIEWER | {"read_gold", "export", "add", "manage", "backup"}

ROLES: dict[str, Role] = {
    "annotator": Role("annotator", _ANNOTATOR),
    "reviewer": Role("reviewer", _REVIEWER),
    "manager": Role("manager", _MANAGER),
    "admin": Role("admin", frozenset(CAPABILITIES)),
    "data-engineer": Role("data-engineer", frozenset({"read", "export", "add", "migrate", "backup"})),
    "data-scientist": Role("data-scientist", _REVIEWER | {"read_gold", "export", "add"}),
    "mlops": Role("mlops", frozenset({"read", "read_gold", "export", "add", "backup"})),
}
"""The presets: four of which each allows what the one before allows, and three for those who work beside them."""


@dataclass(frozen=True, slots=True, init=False)
class User:
    """Somebody who works on a session.

    Parameters
    ----------
    id : str
        Stands in every answer and event; where names must one day be erased, not a name.
    name : str
        What people read; the id when empty.
    role : Role or str
        What they may do; presets by name, several joined by "+".

    Raises
    ------
    UserError
        For an id or name that is empty or no line of text, or an unknown role.
    """

    id: str
    name: str
    role: Role

    def __init__(self, id: str, name: str = "", role: Role | str = "admin") -> None:
        object.__setattr__(self, "id", _checked("id", id))
        object.__setattr__(self, "name", _checked("name", name or id))
        object.__setattr__(self, "role", role if isinstance(role, Role) else Role.named(role))

    @staticmethod
    def of(value: User | str | None) -> User:
        """Return a user as it is, one of that id, or whoever runs this process.

        A user given by id has the admin role: who runs the code holds the store's file as well. Pages of a
        published app give a `User` with the role that the store knows.
        """
        if isinstance(value, User):
            return value
        return User(current_id() if value is None else value)


def current_user() -> User:
    """Return whoever runs this process, as admin: the code and the store are in their hands anyway."""
    return User(current_id())


def current_id() -> str:
    """Name of whoever runs this process: JUPYTERHUB_USER, LABELWIDGETS_USER, else the login name.

    Raises
    ------
    UserError
        When none of them says.
    """
    for variable in ("JUPYTERHUB_USER", "LABELWIDGETS_USER"):
        if os.environ.get(variable):
            return os.environ[variable]
    try:
        return getuser()
    except (OSError, KeyError, ImportError):
        raise UserError(
            "can't tell who you are: no JUPYTERHUB_USER, LABELWIDGETS_USER or login name; pass user='your name'"
        ) from None


def allowed(user: User, capability: str) -> bool:
    """Whether the user's role has the capability.

    Raises
    ------
    KeyError
        For a capability that is not in `CAPABILITIES`: asking for it is a mistake in the code.
    """
    CAPABILITIES[capability]
    return capability in user.role.capabilities


def require(user: User, capability: str) -> None:
    """Refuse an act that the user's role does not allow.

    Raises
    ------
    RightsError
        Naming who, what, and who may.
    """
    if allowed(user, capability):
        return
    may = [name for name, role in ROLES.items() if capability in role.capabilities]
    raise RightsError(
        f"{user.name} ({user.role.name}) may not {CAPABILITIES[capability]}; "
        f"{', '.join(may)} may. Ask a manager of the session for the role.",
        user=user.id,
        capability=capability,
    )


def require_to_give(giver: User, role: Role | str, receiver: str) -> Role:
    """Refuse to give a role that allows what the giver may not do, and any change of one's own.

    Parameters
    ----------
    giver : User
        Who must be allowed to manage.
    role : Role or str
        What is given.
    receiver : str
        Id of the person it is given to.

    Returns
    -------
    Role
        What was asked for.

    Raises
    ------
    RightsError
        Saying what the giver lacks.
    """
    require(giver, "manage")
    given = role if isinstance(role, Role) else Role.named(role)
    if receiver == giver.id:
        raise RightsError(
            f"{giver.name} may not change their own role. Ask another manager.",
            user=giver.id,
            capability="manage",
        )
    lacking = [name for name in CAPABILITIES if name in given.capabilities - giver.role.capabilities]
    if lacking:
        raise RightsError(
            f"{giver.name} ({giver.role.name}) may not make anybody {given.name}: that role may "
            f"{CAPABILITIES[lacking[0]]}, which theirs may not. Ask somebody whose role may.",
            user=giver.id,
            capability=lacking[0],
        )
    return given


def role_in(standing: Standing) -> Role | None:
    """Return a member's role in a session: all that fits, joined.

    That is the role of each membership of theirs and of their groups, and their own one when it may manage.

    Returns
    -------
    Role or None
        None when the session is not open to them: they left, or nothing fits.
    """
    if not standing.member.active:
        return None
    own = Role.known(standing.member.role)
    roles = [Role.known(given.role) for given in standing.memberships]
    roles += [own] if "manage" in own.capabilities else []
    return reduce(or_, roles) if roles else None


def _checked(what: str, value: object, longest: int = 200) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > longest or not value.isprintable():
        raise UserError(f"a user's {what} must be 1 to {longest} printable characters, found {shown(value)}")
    return value
