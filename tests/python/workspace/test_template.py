"""A project begun again: what a template holds and refuses, and that everything begun from one is the same."""

import json
import warnings
from dataclasses import replace

import pandas as pd
import pytest

import labelwidgets as lw
from labelwidgets.records import Membership
from labelwidgets.sampling import Order
from labelwidgets.workspace import Template, begin

from .conftest import answer


@pytest.fixture
def full(schema):
    """A template in which everything says something."""
    return Template(
        schema,
        Order("by", column="year", descending=True),
        overlap=2,
        item="text",
        key="n",
        allow_hosts=("pictures.example",),
        shown=("city",),
        corrects=True,
        columns={"city": "object"},
        access=(Membership("raters", "reviewer", True, {"city": ["Bern"]}, 50),),
    )


@pytest.fixture
def keyed(items):
    return items.assign(n=[f"n{each}" for each in range(6)])


class TestFile:
    def test_it_is_read_as_it_was_written(self, full, tmp_path):
        path = full.write(tmp_path / "t.json")
        assert Template.read(path) == full
        assert Template.from_json(json.loads(json.dumps(full.to_json()))) == full

    def test_what_it_holds(self, boss, of):
        of("ann", projects=["mail"], groups=["raters"])
        boss.assign("mail", group="raters", where={"city": "Bern"}, goal=10)
        answer(boss, "mail", 2)
        said = boss.template("mail").to_json()
        text = json.dumps(said)
        assert said["schema"]["instructions"]["text"] == "Read it **twice**."
        assert said["schema"]["skip_reasons"] == ["Not my language"]
        assert said["schema"]["keys"] == {"undo": "F4"}
        assert said["access"] == [
            {"group": "raters", "role": "annotator", "where": {"city": "Bern"}, "goal": 10}
        ]
        assert '"ann"' not in text
        assert "text 0" not in text
        assert "/" not in text.replace("</", "")

    def test_no_folder_of_pictures_is_in_it(self, tmp_path, photos, street):
        lw.Session(tmp_path / "p.db", data=photos, item="image", schema=street, user="boss").close()
        with lw.Workspace(tmp_path / "p.db", user="boss") as workspace:
            assert str(tmp_path) not in json.dumps(workspace.template("default").to_json())

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"colour": 1}, "'colour' is nothing that a template says"),
            ({"overlp": 1}, "Did you mean 'overlap'"),
            ({"kind": "recipe"}, "This is no template"),
            ({"version": 2}, "of version 2, this labelwidgets reads 1: update labelwidgets"),
            ({"overlap": 0}, "overlap in a template is a whole number from 1, found 0"),
            ({"overlap": True}, "overlap in a template"),
            ({"item": 3}, "item in a template is the name of a column, or null"),
            ({"allow_hosts": "a.example"}, "allow_hosts in a template is a list of words"),
            ({"allow_hosts": ["a.example; frame-src *"]}, "In a template .* is no host"),
            ({"allow_hosts": ["a.example\nSet-Cookie: a=b"]}, "In a template .* is no host"),
            ({"allow_hosts": ["127.0.0.1"]}, "In a template .* is a loopback or private address"),
            ({"shown": [1]}, "shown in a template"),
            ({"corrects": 1}, "corrects in a template is true or false"),
            ({"columns": {"a": 1}}, "columns in a template"),
            ({"access": {}}, "access in a template is a list"),
            ({"access": [{"group": "g", "people": []}]}, "'people' is nothing that access"),
            ({"access": [{"group": "g", "role": "king"}]}, "unknown role 'king'"),
            ({"access": [{"group": "g", "where": {"a": {"like": 1}}}]}, "where 'a': a range is"),
            ({"access": [{"group": "g"}, {"group": "g"}]}, "each group once"),
            ({"access": [{"group": ""}]}, "names a person or a group"),
            ({"access": [{"group": "g", "goal": -1}]}, "a goal is a number of answers"),
            ({"order": {"kind": "best"}}, "unknown order 'best'"),
            ({"order": {"by": "x"}}, "an order is a dict"),
            ({"schema": {"fields": [], "extra": 1}}, "extra"),
        ],
    )
    def test_what_is_not_known_is_refused_by_name(self, full, tmp_path, change, why):
        path = tmp_path / "t.json"
        path.write_text(json.dumps(full.to_json() | change))
        with pytest.raises((lw.SchemaError, lw.SourceError), match=why):
            Template.read(path)

    def test_what_is_no_file_of_ours(self, tmp_path):
        with pytest.raises(lw.SchemaError, match="can't be read: No such file.*Check the path"):
            Template.read(tmp_path / "none.json")
        for text in ("{", "[" * 100_000):
            (tmp_path / "t.json").write_text(text)
            with pytest.raises(lw.SchemaError, match="is no JSON"):
                Template.read(tmp_path / "t.json")
        with pytest.raises(lw.SchemaError, match="needs a schema"):
            Template.from_json({"kind": "labelwidgets template", "version": 1})
        for wrong in ([], None, "x"):
            with pytest.raises(lw.SchemaError, match="This is no template"):
                Template.from_json(wrong)


class TestBegun:
    def test_everything_in_it_counts(self, full, keyed, tmp_path):
        with begin(full, tmp_path / "n.db", "new", data=keyed, user="boss") as session:
            assert session.schema == full.schema
            assert session.shown == ["city"]
            assert [task.key for task in session.next(6)] == ["n5", "n4", "n3", "n2", "n1", "n0"]
            assert session.added.added == 6
        with lw.Workspace(tmp_path / "n.db", user="boss") as workspace:
            assert workspace.project("new").overlap == 2
            assert replace(workspace.template("new"), columns=full.columns) == full
            (given,) = workspace.assignments("new")
            assert (given.subject, given.group, given.where, given.goal) == (
                "raters",
                True,
                {"city": ["Bern"]},
                50,
            )

    def test_twice_is_the_same(self, boss, full, keyed):
        for name in ("one", "two"):
            boss.clone(full, name, data=keyed)
        assert boss.fingerprint("one") == boss.fingerprint("two")
        with boss.open("one") as session:
            session.submit(session.next()[0], {"mood": "glad"})
        boss.invite("ann", projects=["one"])
        assert boss.fingerprint("one") == boss.fingerprint("two")

    def test_in_another_store_is_the_same(self, boss, full, keyed, tmp_path):
        boss.clone(full, "one", data=keyed)
        begin(full, tmp_path / "other.db", "x", data=keyed, user="eve").close()
        with lw.Workspace(tmp_path / "other.db", user="eve") as other:
            assert other.fingerprint("x") == boss.fingerprint("one")

    @pytest.mark.parametrize(
        "change",
        [
            lambda w: w.assign("one", group="raters", goal=51),
            lambda w: w.assign("one", group="more"),
            lambda w: w.open("one").migrate(lw.AddLabel("mood", "meh")),
            lambda w: w.open("one").add([{"text": "new", "city": "Bern", "year": 1, "n": "n9"}]),
            lambda w: w.open("one").correct(shown=["year"]),
        ],
    )
    def test_what_changes_it_changes_the_fingerprint(self, boss, full, keyed, change):
        boss.clone(full, "one", data=keyed)
        before = boss.fingerprint("one")
        change(boss)
        assert boss.fingerprint("one") != before

    def test_without_data_it_waits_for_some(self, boss, full, keyed, of):
        assert boss.clone(full, "later").total == 0
        assert boss.assignments("later")[0].where == {"city": ["Bern"]}
        with boss.open("later") as session:
            assert session.add(keyed).added == 6
            assert (session.item, session.modality) == ("text", "text")
            assert {task.key for task in session.next(6)} == set(keyed["n"])
        boss.clone(full, "at once", data=keyed)
        assert boss.fingerprint("later") == boss.fingerprint("at once")
        assert of("ann", groups=["raters"]).project("later").total == 3

    def test_data_that_do_not_fit_make_nothing(self, boss, full, items, keyed):
        for data, why in (
            (items, "key column 'n'|no column 'n'"),
            (keyed.drop(columns="year"), "asks for column 'year'"),
            (keyed.rename(columns={"city": "town"}), "asks for column 'city'"),
            ("nowhere.csv", "nowhere.csv"),
        ):
            with pytest.raises(lw.SourceError, match=why):
                boss.clone(full, "new", data=data)
        assert [each.name for each in boss.projects()] == ["mail", "chat"]

    def test_rows_that_are_not_taken_are_told(self, boss):
        with pytest.warns(UserWarning, match=r"1 rows of the data were not taken; row 1: .*empty"):
            boss.clone("mail", "copy", data=pd.DataFrame({"text": ["a", None]}))
        assert boss.project("copy").total == 1


class TestCloned:
    def test_by_name_it_takes_over_neither_tasks_nor_answers_nor_people(self, boss, of):
        of("ann", projects=["mail"])
        boss.assign("mail", group="raters")
        answer(boss, "mail", 2)
        made = boss.clone("mail", "copy")
        assert (made.name, made.total, made.mine, made.fields) == ("copy", 0, 0, ("mood", "why"))
        assert [each.subject for each in boss.assignments("copy")] == ["raters"]
        assert boss.template("copy").schema == boss.template("mail").schema

    def test_with_its_tasks(self, boss, of, items):
        answer(boss, "mail", 2)
        made = boss.clone("mail", "copy", tasks=True)
        assert (made.total, made.done, made.item) == (6, 0, "text")
        with boss.open("copy") as session:
            pd.testing.assert_frame_equal(session.frame()[["text", "city", "year"]], items)
        assert boss.fingerprint("copy") == boss.fingerprint("mail")

    def test_with_its_tasks_pictures_lie_where_they_lay(self, tmp_path, photos, street):
        twice = pd.concat([photos, photos[:2]], ignore_index=True)
        lw.Session(tmp_path / "p.db", data=twice, item="image", schema=street, user="boss").close()
        with lw.Workspace(tmp_path / "p.db", user="boss") as workspace:
            assert workspace.clone("default", "copy", tasks=True).total == 12
            with workspace.open("copy") as session:
                (task,) = session.next()
                assert task.media == photos["image"][0]
                assert task.extent == lw.Extent(width=160, height=120)
                assert session.frame()["image"].tolist() == twice["image"].tolist()

    def test_erased_items_stay_erased(self, boss):
        with boss.open("mail") as session:
            boss.store.erase(1, task_id=session.task(1).id, actor="boss")
        assert boss.clone("mail", "copy", tasks=True).total == 5

    def test_what_can_not_be(self, boss, full):
        with pytest.raises(lw.StoreError, match="a project 'chat' in this store already: choose another"):
            boss.clone("mail", "chat")
        for name in ("", " ", "a/b", "a\nb", None):
            with pytest.raises(lw.StoreError, match="A project's name"):
                boss.clone("mail", name)
        with pytest.raises(lw.StoreError, match="no project 'male' in this store; there are 'mail', 'chat'"):
            boss.clone("male", "x")
        with pytest.raises(lw.StoreError, match="name it, and give no data"):
            boss.clone(full, "x", tasks=True)
        with pytest.raises(lw.StoreError, match="name it, and give no data"):
            boss.clone("mail", "x", tasks=True, data=[{"text": "a"}])

    def test_a_template_gives_groups_no_more_than_its_reader_has(self, of, full, keyed):
        manager = of("me", "manager")
        made = Template(full.schema, access=(Membership("raters", "admin", True),))
        with pytest.raises(lw.RightsError, match="which theirs may not"):
            manager.clone(made, "x", data=keyed)
        assert [each.name for each in manager.projects()] == ["mail", "chat"]

    def test_a_member_makes_one_in_their_own_name(self, of, boss, full, keyed):
        manager = of("me", "manager", name="May")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            manager.clone(full, "x", data=keyed)
        assert {event.actor for event in boss.store.events(3)} == {"me"}
        assert boss.person("me").role == "manager"
