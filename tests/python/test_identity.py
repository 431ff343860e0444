"""Each role against each capability, as declared; who is here; refusals that name who may."""

import getpass
from itertools import pairwise

import pytest

from labelwidgets.errors import RightsError, UserError
from labelwidgets.identity import (
    CAPABILITIES,
    ROLES,
    Role,
    User,
    allowed,
    current_user,
    require,
    require_to_give,
    role_in,
)
from labelwidgets.records import Member, Membership, Standing

ALLOWED = {
    "annotator": {"label", "comment"},
    "reviewer": {"label", "comment", "read", "review"},
    "manager": {"label", "comment", "read", "review", "read_gold", "export", "add", "manage", "backup"},
    "admin": set(CAPABILITIES),
    "data-engineer": {"read", "export", "add", "migrate", "backup"},
    "data-scientist": {"label", "comment", "read", "review", "read_gold", "export", "add"},
    "mlops": {"read", "read_gold", "export", "add", "backup"},
}
LADDER = ("annotator", "reviewer", "manager", "admin")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("capability", CAPABILITIES)
def test_a_role_allows_what_it_declares_and_nothing_else(role, capability):
    user = User("ann", role=role)
    expected = capability in ALLOWED[role]
    assert allowed(user, capability) is expected
    if expected:
        require(user, capability)
    else:
        with pytest.raises(RightsError) as caught:
            require(user, capability)
        assert (caught.value.user, caught.value.capability) == ("ann", capability)


def test_roles_grow_from_one_preset_to_the_next():
    sets = [ROLES[name].capabilities for name in LADDER]
    assert all(less < more for less, more in pairwise(sets))


def test_a_refusal_names_who_what_and_who_may():
    with pytest.raises(
        RightsError, match=r"Ann \(annotator\) may not export answers to files; manager, admin, data-engineer"
    ):
        require(User("u1", "Ann", "annotator"), "export")


def test_a_capability_that_nobody_declared_is_a_mistake_in_the_code():
    with pytest.raises(KeyError):
        allowed(User("ann"), "exprot")
    with pytest.raises(UserError, match="exprot"):
        Role("mine", frozenset({"exprot"}))


def test_one_person_may_hold_several_roles():
    exporter = Role("exporter", frozenset({"export"}))
    joined = ROLES["annotator"] | exporter
    assert joined.name == "annotator+exporter"
    assert joined.capabilities == ALLOWED["annotator"] | {"export"}
    assert User("ann", role="annotator+reviewer").role == ROLES["annotator"] | ROLES["reviewer"]


@pytest.mark.parametrize("name", ["boss", "", "annotator+", "Admin", None, 3])
def test_an_unknown_role_is_refused(name):
    with pytest.raises(UserError, match="roles are 'annotator', 'reviewer', 'manager', 'admin'"):
        Role.named(name)


def test_a_role_can_be_kept_by_name():
    for role in [*ROLES.values(), ROLES["annotator"] | ROLES["manager"]]:
        assert Role.named(role.name) == role


@pytest.mark.parametrize("bad", ["", "  ", "a\nb", "x" * 201, None, 3, "\ud800", "a\x00"])
def test_an_id_is_a_line_of_text(bad):
    with pytest.raises(UserError, match="1 to 200 printable characters"):
        User(bad)


def test_a_user_is_read_from_what_a_session_is_given(monkeypatch):
    ann = User("ann", role="reviewer")
    assert User.of(ann) is ann
    assert User.of("bob") == User("bob", "bob", "admin")
    with pytest.raises(UserError, match="a user's id must be"):
        User.of(3)
    monkeypatch.setenv("JUPYTERHUB_USER", "carol")
    assert User.of(None) == current_user() == User("carol")


def test_the_hub_knows_best_then_the_variable_then_the_login(monkeypatch):
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    monkeypatch.delenv("LABELWIDGETS_USER", raising=False)
    monkeypatch.setattr("labelwidgets.identity.getuser", lambda: "login")
    assert current_user().id == "login"
    monkeypatch.setenv("LABELWIDGETS_USER", "variable")
    assert current_user().id == "variable"
    monkeypatch.setenv("JUPYTERHUB_USER", "hub")
    assert current_user().id == "hub"


@pytest.mark.parametrize("error", [OSError, KeyError, ImportError])
def test_a_process_that_nobody_owns_asks_for_a_name(monkeypatch, error):
    def nobody():
        raise error

    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    monkeypatch.delenv("LABELWIDGETS_USER", raising=False)
    monkeypatch.setattr("labelwidgets.identity.getuser", nobody)
    with pytest.raises(UserError, match="pass user="):
        current_user()


def test_the_login_name_comes_from_the_system(monkeypatch):
    for variable in ("JUPYTERHUB_USER", "LABELWIDGETS_USER"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LOGNAME", "ann")
    assert current_user().id == getpass.getuser() == "ann"


def test_nobody_gives_what_they_may_not_do_themselves():
    boss = User("boss", role="manager")
    assert require_to_give(boss, "annotator+reviewer", "ann").name == "annotator+reviewer"
    assert require_to_give(boss, ROLES["mlops"], "ann") == ROLES["mlops"]
    for role in ("admin", "data-engineer", "reviewer+admin"):
        with pytest.raises(RightsError, match="may not make anybody") as caught:
            require_to_give(boss, role, "ann")
        assert caught.value.capability in ("migrate", "erase")
    with pytest.raises(RightsError, match="may not change order"):
        require_to_give(User("ann", role="data-scientist"), "annotator", "ben")
    with pytest.raises(UserError, match="unknown role"):
        require_to_give(boss, "king", "ann")


def test_nobody_changes_their_own_role():
    for role in ("annotator", "admin"):
        with pytest.raises(RightsError, match="may not change their own role"):
            require_to_give(User("root", role="admin"), role, "root")


def standing(*memberships, role="annotator", active=True):
    given = tuple(Membership("ann", each) for each in memberships)
    return Standing(Member("ann", "Ann", role, active=active), given, None)


@pytest.mark.parametrize(
    ("found", "role"),
    [
        (standing(), None),
        (standing(role="reviewer"), None),
        (standing(role="data-engineer+mlops"), None),
        (standing("annotator"), "annotator"),
        (standing("annotator", role="reviewer"), "annotator"),
        (standing("reviewer", "annotator"), "reviewer+annotator"),
        (standing(role="manager"), "manager"),
        (standing("annotator", role="admin"), "annotator+admin"),
        (standing("annotator", role="admin", active=False), None),
    ],
)
def test_a_role_in_a_session_is_what_fits(found, role):
    assert role_in(found) == (None if role is None else Role.named(role))


def test_a_role_that_a_later_version_stored_allows_what_is_known_of_it():
    assert role_in(standing("annotator+painter")) == ROLES["annotator"]
    assert role_in(standing("painter")) == Role("painter", frozenset())
