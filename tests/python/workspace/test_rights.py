"""Who may do what: every role beside every method, and that nobody gets more than they were given."""

import pytest

import labelwidgets as lw
from labelwidgets.accounts import Accounts
from labelwidgets.identity import CAPABILITIES, ROLES

from .conftest import answer

METHODS = {
    "projects": ("", lambda w: w.projects()),
    "project": ("", lambda w: w.project("mail")),
    "open": ("", lambda w: w.open("mail").close()),
    "mine": ("", lambda w: w.mine("mail")),
    "team": ("read", lambda w: w.team("mail")),
    "template": ("manage", lambda w: w.template("mail")),
    "compare": ("manage", lambda w: w.compare("mail", "mail")),
    "fingerprint": ("manage", lambda w: w.fingerprint("mail")),
    "archive": ("manage", lambda w: w.archive("mail")),
    "prioritize": ("manage", lambda w: w.prioritize("mail", {"city": "Rome"}, 2)),
    "matching": ("manage", lambda w: w.matching("mail", {"city": "Rome"})),
    "assign": ("manage", lambda w: w.assign("mail", person="zed")),
    "unassign": ("manage", lambda w: w.unassign("mail", person="zed")),
    "assignments": ("manage", lambda w: w.assignments("mail")),
    "people": ("manage", lambda w: w.people()),
    "person": ("manage", lambda w: w.person("me")),
    "clone": ("manage everywhere", lambda w: w.clone("mail", "copy")),
    "invite": ("manage everywhere", lambda w: w.invite("eve")),
    "change": ("manage everywhere", lambda w: w.change("zed", team="external")),
    "remove": ("manage everywhere", lambda w: w.remove("zed")),
    "restore": ("manage everywhere", lambda w: w.restore("zed")),
}
"""Method to what it takes, and a call of it."""


def is_allowed(act):
    try:
        act()
    except lw.RightsError:
        return False
    return True


class TestMatrix:
    def test_every_method_is_in_it(self):
        public = {
            name
            for name in dir(lw.Workspace)
            if not name.startswith("_") and callable(getattr(lw.Workspace, name))
        }
        assert METHODS.keys() == public - {"close", "roles"}

    @pytest.mark.parametrize("role", ROLES)
    def test_a_role_in_one_project(self, of, boss, role):
        workspace = of("me", role, projects=["mail"])
        of("zed", projects=["mail"])
        for method, (needed, act) in METHODS.items():
            declared = needed in ("", *ROLES[role].capabilities)
            assert is_allowed(lambda act=act: act(workspace)) is declared, method
            boss.archive("mail", False)

    @pytest.mark.parametrize("role", ROLES)
    def test_a_role_in_all_projects(self, of, boss, role):
        workspace = of("me", role)
        of("zed", projects=["mail"])
        manages = "manage" in ROLES[role].capabilities
        for method, (_, act) in METHODS.items():
            declared = manages or method == "projects"
            assert is_allowed(lambda act=act: act(workspace)) is declared, method
            boss.archive("mail", False)

    def test_nobody_and_who_left_may_do_nothing(self, of, boss, place):
        workspace = of("me", "admin")
        boss.remove("me")
        with lw.Workspace(place, member="who") as nobody:
            for each in (workspace, nobody):
                for _, act in METHODS.values():
                    with pytest.raises(lw.RightsError) as refused:
                        act(each)
                    assert refused.value.ended

    @pytest.mark.parametrize("role", ROLES)
    def test_who_is_trusted_by_code_has_the_role_that_it_says(self, place, of, role):
        of("zed", projects=["mail"])
        with lw.Workspace(place, user=lw.User("me", role=role)) as workspace:
            for method, (needed, act) in METHODS.items():
                declared = needed.partition(" ")[0] in ("", *ROLES[role].capabilities)
                assert is_allowed(lambda act=act: act(workspace)) is declared, method
                if method == "archive" and declared:
                    workspace.archive("mail", False)


class TestAskedAnew:
    def test_a_role_that_was_taken_is_gone_at_the_next_call(self, of, boss):
        workspace = of("me", "manager", projects=["mail"])
        assert workspace.fingerprint("mail")
        boss.assign("mail", person="me", role="annotator")
        with pytest.raises(lw.RightsError, match="manage"):
            workspace.fingerprint("mail")
        boss.unassign("mail", person="me")
        assert workspace.projects() == []
        with pytest.raises(lw.RightsError, match="no project 'mail' that me may open"):
            workspace.open("mail")

    def test_the_next_act_of_a_leaver_is_refused_in_an_open_session(self, of, boss):
        session = of("me", projects=["mail"]).open("mail")
        (task,) = session.next()
        boss.remove("me")
        with pytest.raises(lw.RightsError) as refused:
            session.submit(task, {"mood": "sad"})
        assert refused.value.ended
        session.close()
        assert boss.project("mail").people == 0

    def test_user_is_who_asks_now(self, of, boss):
        workspace = of("me", "manager", name="May")
        assert workspace.user == lw.User("me", "May", "manager")
        assert workspace.may == tuple(name for name in CAPABILITIES if name in ROLES["manager"].capabilities)
        boss.change("me", role="reviewer")
        assert workspace.user.role.name == "reviewer"
        assert workspace.may == ()


class TestNobodyGetsMore:
    def test_nobody_changes_their_own_role(self, of):
        workspace = of("me", "manager")
        for role in ROLES:
            with pytest.raises(lw.RightsError, match="their own role"):
                workspace.change("me", role=role)
            with pytest.raises(lw.RightsError, match="their own role"):
                workspace.assign("mail", person="me", role=role)
            with pytest.raises(lw.RightsError, match="their own role"):
                workspace.invite("me", role=role)
        assert workspace.user.role.name == "manager"

    @pytest.mark.parametrize("role", ["admin", "data-engineer", "annotator+admin"])
    def test_nobody_gives_what_they_lack(self, of, boss, role):
        workspace = of("me", "manager")
        of("zed", projects=["mail"])
        for act in (
            lambda: workspace.invite("eve", role=role),
            lambda: workspace.invite("eve", role=role, projects=["mail"]),
            lambda: workspace.change("zed", role=role),
            lambda: workspace.assign("mail", person="zed", role=role),
            lambda: workspace.assign("mail", group="all", role=role),
        ):
            with pytest.raises(lw.RightsError, match="which theirs may not"):
                act()
        assert boss.person("zed").role == "annotator"
        assert [each.id for each in boss.people()] == ["boss", "me", "zed"]

    def test_a_manager_of_one_project_gives_no_more_than_they_have_there(self, of, boss):
        workspace = of("me", "manager", projects=["mail"])
        of("zed", "reviewer", projects=["chat"])
        assert workspace.assign("mail", person="zed", role="reviewer").role == "reviewer"
        with pytest.raises(lw.RightsError, match="no project 'chat'"):
            workspace.assign("chat", person="zed")
        with pytest.raises(lw.RightsError, match="which theirs may not"):
            workspace.assign("mail", person="zed", role="admin")

    def test_a_group_that_may_more_takes_in_nobody(self, of, boss):
        boss.assign("mail", group="leads", role="admin")
        workspace = of("me", "manager")
        of("zed", projects=["mail"])
        for act in (
            lambda: workspace.change("zed", groups=["leads"]),
            lambda: workspace.invite("eve", groups=["leads"]),
            lambda: workspace.change("me", groups=["leads"]),
        ):
            with pytest.raises(lw.RightsError):
                act()
        assert boss.person("zed").groups == ()

    def test_nobody_puts_themselves_into_a_group_that_works_somewhere(self, of, boss):
        boss.assign("mail", group="raters", role="annotator")
        with pytest.raises(lw.RightsError, match="may not put themselves into group 'raters'"):
            of("me", "manager").change("me", groups=["raters"])

    def test_nobody_changes_somebody_above_them(self, of, boss):
        """Another link for an admin would let whoever has it choose the admin's password."""
        of("top", "admin")
        of("eng", "data-engineer", projects=["mail"])
        workspace = of("me", "manager")
        for who in ("top", "eng"):
            for act in (
                lambda who=who: workspace.invite(who),
                lambda who=who: workspace.change(who, role="annotator"),
                lambda who=who: workspace.change(who, name="X"),
                lambda who=who: workspace.remove(who),
                lambda who=who: workspace.restore(who),
            ):
                with pytest.raises(lw.RightsError, match=r"which me may not\. Ask somebody"):
                    act()
            assert workspace.person(who).above
        assert not workspace.person("me").above
        with pytest.raises(lw.RightsError, match="which me may not"):
            workspace.assign("mail", person="eng", role="annotator")
        with pytest.raises(lw.RightsError, match="which me may not"):
            workspace.unassign("mail", person="eng")
        assert boss.person("eng").projects[0].role == "data-engineer"

    def test_the_last_admin_stays(self, of, boss):
        top = of("top", "admin")
        top.remove("boss")  # the admin whom the code that made the store left behind
        for act in (
            lambda: top.remove("top"),
            lambda: boss.remove("top"),
            lambda: boss.change("top", role="manager"),
        ):
            with pytest.raises(lw.RightsError, match="last admin.*make somebody else admin first"):
                act()
        of("two", "admin")
        assert boss.remove("top").state == "left"

    def test_who_is_not_the_last_admin_may_go(self, of):
        of("two", "admin")
        me = of("me", "admin")
        assert me.remove("me").state == "left"
        with pytest.raises(lw.RightsError, match="has ended"):
            me.projects()

    def test_who_holds_the_file_may_change_whom_they_are_called_like(self, boss):
        of = boss.invite("boss", role="admin")
        assert of.person.role == "admin"

    def test_roles_that_can_be_given(self, of, boss):
        assert boss.roles() == boss.roles("mail") == tuple(ROLES)
        manager = of("me", "manager", projects=["mail"])
        assert manager.roles() == ()
        assert set(manager.roles("mail")) == {"annotator", "reviewer", "manager", "data-scientist", "mlops"}
        assert of("ann", projects=["mail"]).roles("mail") == ()


class TestWhatIsSeen:
    def test_only_projects_with_a_part_in_them(self, of, boss):
        workspace = of("me", projects=["mail"])
        assert [each.name for each in workspace.projects()] == ["mail"]
        with pytest.raises(lw.RightsError) as refused:
            workspace.project("chat")
        with pytest.raises(lw.RightsError) as unknown:
            workspace.project("none")
        assert str(refused.value) == str(unknown.value).replace("none", "chat")

    def test_a_manager_of_one_project_sees_its_people_only(self, of, boss):
        workspace = of("me", "manager", projects=["mail"])
        of("ann", projects=["mail", "chat"])
        of("ben", projects=["chat"])
        of("cy", groups=["raters"])
        boss.assign("mail", group="raters")
        assert [each.id for each in workspace.people()] == ["ann", "cy", "me"]
        assert [each.project for each in workspace.person("ann").projects] == ["mail"]
        with pytest.raises(lw.UserError, match="nobody 'ben'"):
            workspace.person("ben")
        assert {each.project for each in workspace.assignments()} == {"mail"}

    def test_who_may_not_read_sees_no_numbers_of_others(self, of, boss):
        ann, ben = of("ann", projects=["mail"]), of("ben", projects=["mail"])
        answer(ann, "mail", 2)
        assert ann.mine("mail").answered == 2
        assert ben.mine("mail").answered == 0
        with pytest.raises(lw.RightsError, match="read everybody's answers"):
            ben.team("mail")

    def test_a_manager_of_one_project_learns_no_names_of_another(self, of, boss):
        workspace = of("me", "manager", projects=["mail"])
        of("zed", projects=["mail"])
        of("elsewhere")
        with pytest.raises(
            lw.UserError, match="nobody 'who' in this store; there are 'me', 'zed'"
        ) as refused:
            workspace.assign("mail", person="who")
        assert "elsewhere" not in str(refused.value)
        assert "boss" not in str(refused.value)

    @pytest.mark.parametrize(
        ("raised", "ends"),
        [
            (lambda w: w.change("zed", role="admin"), True),
            (lambda w: w.change("zed", groups=["heads"]), True),
            (lambda w: w.assign("mail", person="zed", role="data-engineer"), True),
            (lambda w: w.assign("mail", group="all", role="admin"), True),
            (lambda w: w.change("zed", role="manager"), False),
            (lambda w: w.assign("mail", person="zed", role="reviewer"), False),
            (lambda w: w.change("zed", name="Zed", team="external"), False),
        ],
    )
    def test_a_link_that_a_manager_may_have_kept_opens_no_admins_account(self, of, boss, raised, ends):
        manager = of("me", "manager")
        boss.assign("mail", group="heads", role="admin")
        word = manager.invite("zed", groups=["all"], projects=["mail"]).word
        raised(boss)
        assert (Accounts(boss.store).invited(word) is None) is ends
        assert ("invited" in boss.person("zed").state) is not ends
