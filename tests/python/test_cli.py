"""Every command, on a real store: what it does, what it says for people and for programs, how it fails."""

import json
import subprocess

import pandas as pd
import pytest
from click.testing import CliRunner

import labelwidgets as lw
from labelwidgets import cli
from labelwidgets.report import Report
from tests.servers import LABELWIDGETS, environment


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LABELWIDGETS_USER", "ann")
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    return tmp_path


def run(*words, code=0, **options):
    """Run a command and return what it printed; with --json as JSON."""
    result = CliRunner().invoke(cli.main, [str(word) for word in words], **options)
    assert result.exit_code == code, (result.output, result.exception)
    assert "Traceback" not in result.output
    return json.loads(result.stdout) if "--json" in words else result.output


@pytest.fixture
def street_csv(here, photos):
    photos.to_csv(here / "street.csv", index=False)
    return here / "street.csv"


@pytest.fixture
def made(here, street_csv):
    run(
        "init",
        "s.db",
        "--boxes",
        "objects=car,person",
        "--choice",
        "weather=sun,rain",
        "--data",
        street_csv,
        "--item",
        "image",
    )
    return here / "s.db"


@pytest.fixture
def labeled(made):
    """Three answers of ann, one of ben, one skip."""
    with lw.Session(made, user="ann") as session:
        for n, (weather, seconds) in enumerate([("sun", 2.0), ("sun", 4.0), ("rain", 12.0)]):
            (task,) = session.next()
            boxes = [lw.Box(1, 2, 30, 40, label="car")] * n
            session.submit(task, {"objects": boxes, "weather": weather}, seconds=seconds)
        session.skip(session.next()[0], "Unclear")
    with lw.Session(made, user="ben") as session:
        boxes = [lw.Box(5, 5, 10, 10, label="person")]
        session.submit(session.next()[0], {"objects": boxes, "weather": "sun"}, seconds=6.0)
    return made


class TestInit:
    def test_fields_are_made_of_words(self, here, street_csv):
        said = run(
            *["init", "s.db", "--data", street_csv, "--item", "image", "--json"],
            *[
                "--boxes",
                "objects = car , person",
                "--choice",
                "weather=sun,rain",
                "--multi",
                "faults=blur,noise",
            ],
            *["--rating", "stars=3", "--rating", "fun", "--number", "speed", "--text", "note"],
        )
        assert said["tasks"] == 12
        with lw.Session(here / "s.db") as session:
            schema = session.schema
        assert sorted(said["fields"]) == sorted(
            ["objects", "weather", "faults", "stars", "fun", "speed", "note"]
        )
        assert schema["objects"] == lw.Boxes("objects", ["car", "person"])
        assert schema["faults"] == lw.Choice("faults", ["blur", "noise"], multiple=True)
        assert (schema["stars"].max, schema["fun"].max) == (3, 5)

    def test_a_schema_can_come_from_a_file(self, here, street_csv, street):
        (here / "schema.json").write_text(json.dumps(street.to_json()))
        (here / "how.md").write_text("# Cars\n\nBox every car.")
        run(
            "init",
            "s.db",
            "--schema",
            "schema.json",
            "--instructions",
            "how.md",
            "--data",
            street_csv,
            "--item",
            "image",
        )
        with lw.Session(here / "s.db") as session:
            assert session.schema == street.with_instructions("# Cars\n\nBox every car.")

    def test_settings_are_kept(self, here, texts):
        texts.to_json(here / "t.jsonl", orient="records", lines=True)
        run(
            *[
                "init",
                "s.db",
                "--choice",
                "mood=glad,sad",
                "--data",
                "t.jsonl",
                "--item",
                "text",
                "--key",
                "n",
            ],
            *["--order", "random", "--overlap", "2", "--session", "moods"],
        )
        with lw.Session(here / "s.db", name="moods", overlap=2) as session:
            assert session.progress.total == 10
            assert session.task("3").data["text"] == "message 3"

    def test_spans_are_marked_in_texts(self, here, texts):
        texts.to_csv(here / "t.csv", index=False)
        run("init", "s.db", "--spans", "names=person, place", "--data", "t.csv", "--item", "text")
        with lw.Session(here / "s.db") as session:
            assert session.schema == lw.Schema(lw.Spans("names", ["person", "place"]))
            assert session.modality == "text"

    def test_a_folder_is_data_too(self, here, photos):
        assert run("init", "s.db", "--choice", "a=b,c", "--data", here / "photos", "--json")["tasks"] == 12

    def test_a_session_is_made_once(self, made, street_csv):
        said = run("init", "s.db", "--choice", "a=b", "--data", street_csv, "--item", "image", code=1)
        assert "holds a session 'default' already" in said
        run("init", "s.db", "--choice", "a=b", "--data", street_csv, "--item", "image", "--session", "two")

    @pytest.mark.parametrize(
        ("words", "code", "part"),
        [
            (["--data", "street.csv"], 2, "--boxes objects=car,person"),
            (["--data", "missing.csv", "--choice", "a=b"], 1, "missing.csv"),
            (["--data", "street.csv", "--choice", "a=b", "--item", "imge"], 1, "Did you mean 'image'"),
            (["--data", "street.csv", "--choice", "a=b,b", "--item", "image"], 1, "'b' more than once"),
            (["--data", "street.csv", "--choice", "=b", "--item", "image"], 1, "a field's name"),
            (["--data", "street.csv", "--rating", "stars=many", "--item", "image"], 2, "found 'many'"),
            (["--data", "street.csv", "--schema", "street.csv", "--item", "image"], 1, "is no JSON"),
            (["--choice", "a=b"], 2, "--data"),
        ],
    )
    def test_what_is_wrong_is_said_in_a_sentence(self, here, street_csv, words, code, part):
        assert part in run("init", "s.db", *words, code=code)


class TestAdd:
    def test_known_items_are_not_added_again(self, made, street_csv):
        assert run("add", "s.db", street_csv, "--json") | {"batch": ""} == {
            "added": 0,
            "known": 12,
            "changed": 0,
            "rejected": [],
            "batch": "",
        }

    def test_rejected_rows_are_named_with_their_reason(self, made, here, photos):
        worse = pd.concat([photos, pd.DataFrame({"image": [str(here / "photos/none.png")], "camera": ["c"]})])
        worse.to_csv(here / "worse.csv", index=False)
        said = run("add", "s.db", "worse.csv")
        assert "0 added, 12 known, 0 changed, 1 rejected" in said
        assert "row 12" in said

    def test_a_batch_has_the_name_it_was_given(self, made, street_csv):
        assert run("add", "s.db", street_csv, "--batch", "july", "--json")["batch"] == "july"


class TestWhichSession:
    def test_a_mistyped_path_makes_no_store(self, here):
        for words in (
            ["report"],
            ["verify"],
            ["label"],
            ["export", "o.csv"],
            ["backup", "o.db"],
            ["erase", "--task", "1", "--yes"],
        ):
            assert "There is no store typo.db" in run(words[0], "typo.db", *words[1:], code=1)
            assert "There is no store sqlite:///typo.db" in run(
                words[0], "sqlite:///typo.db", *words[1:], code=1
            )
        assert list(here.iterdir()) == []

    def test_the_only_session_is_meant(self, here, street_csv):
        run("init", "s.db", "--choice", "a=b", "--data", street_csv, "--item", "image", "--session", "one")
        assert run("report", "s.db", "--json")["session"] == "one"
        run("init", "s.db", "--choice", "a=b", "--data", street_csv, "--item", "image", "--session", "two")
        assert "s.db holds several sessions, 'one', 'two': name one with --session" in run(
            "report", "s.db", code=1
        )
        assert run("report", "s.db", "--session", "two", "--json")["session"] == "two"
        assert "no session 'three'" in run("report", "s.db", "--session", "three", code=1)

    def test_a_store_may_be_given_by_url(self, made):
        assert run("report", f"sqlite:///{made}", "--json")["states"]["total"] == 12

    def test_a_file_that_is_no_store_is_said_to_be_none(self, here):
        (here / "notes.txt").write_text("nothing to see here " * 100)
        assert run("report", "notes.txt", code=1).startswith("Error: ")

    def test_looking_leaves_a_labelers_tasks_alone(self, made):
        with lw.Session(made, user="ann") as session:
            session.next(2)
            run("report", "s.db")
            run("export", "s.db", "o.csv")
            assert session.progress.leased == 2


class TestReport:
    def test_it_counts_states_labels_and_pace(self, labeled):
        said = run("report", "s.db", "--json")
        assert said["states"] == {"total": 12, "done": 4, "open": 8, "leased": 0, "skipped": 0}
        assert said["labels"] == {"objects": {"car": 3, "person": 1}, "weather": {"sun": 3, "rain": 1}}
        ann, ben = said["people"]
        assert (ann["annotator"], ann["answers"], ann["skipped"], ann["seconds"]) == ("ann", 3, 1, 4.0)
        assert ann["per_hour"] == 600.0
        assert (ben["annotator"], ben["answers"], ben["seconds"]) == ("ben", 1, 6.0)
        assert (said["pace"]["answers"], said["pace"]["seconds"], said["pace"]["per_hour"]) == (4, 5.0, 600.0)

    def test_people_read_the_same(self, labeled):
        said = run("report", "s.db")
        for part in ("12 tasks: 4 done", "weather", "sun", "median s", "ann ", "all "):
            assert part in said

    def test_of_nothing_it_says_so(self, made):
        assert "Nobody has answered yet." in run("report", "s.db")
        assert run("report", "s.db", "--json")["pace"] == {
            "annotator": "",
            "answers": 0,
            "skipped": 0,
            "seconds": None,
            "per_hour": None,
        }

    def test_every_kind_of_field_has_its_summary(self, texts):
        schema = lw.Schema(
            lw.Choice("tags", ["a", "b"], multiple=True, required=False),
            lw.Taxonomy("kind", {"animal": ["cat", "dog"]}),
            lw.Rating("stars"),
            lw.Number("size", required=False),
            lw.Text("note", required=False),
        )
        with lw.Session(None, data=texts, item="text", schema=schema, user="ann") as session:
            for size, tags in ((1.0, ["a"]), (3.0, ["a", "b"]), (None, [])):
                values = {
                    "tags": tags,
                    "kind": "animal > cat",
                    "stars": 4,
                    "size": size,
                    "note": "x" if size else None,
                }
                session.submit(session.next()[0], values)
            labels = Report.of(session).labels
        assert labels["tags"] == {"a": 2, "b": 1}
        assert labels["kind"] == {"animal > cat": 3}
        assert labels["stars"] == {"4": 3}
        assert labels["size"] == {"min": 1.0, "median": 2.0, "max": 3.0}
        assert labels["note"] == {"filled in": 2}

    def test_many_labels_are_cut_for_people_only(self, texts):
        schema = lw.Schema(lw.Choice("kind", [f"option {n}" for n in range(40)]))
        with lw.Session(None, data=texts, item="text", schema=schema, user="ann") as session:
            made = Report.of(session)
        assert "and 20 more" in made.to_text()
        assert len(made.to_json()["labels"]["kind"]) == 40


class TestExport:
    @pytest.mark.parametrize("table", ["frame", "annotations", "regions"])
    @pytest.mark.parametrize(("suffix", "read"), [("csv", pd.read_csv), ("parquet", pd.read_parquet)])
    def test_tables_are_what_the_session_gives(self, labeled, here, table, suffix, read):
        run("export", "s.db", f"out.{suffix}", "--table", table)
        with lw.Session(labeled, user="eve") as session:
            expected = {
                "frame": session.frame,
                "annotations": session.annotations,
                "regions": session.regions,
            }[table]()
        written = read(here / f"out.{suffix}")
        assert list(written.columns) == list(expected.columns)
        assert len(written) == len(expected)
        if suffix == "parquet":
            pd.testing.assert_frame_equal(written, expected)

    def test_lines_of_json_hold_lists_as_lists(self, labeled, here):
        said = run("export", "s.db", "out.jsonl", "--json")
        rows = [json.loads(line) for line in (here / "out.jsonl").read_text().splitlines()]
        assert (said["rows"], len(rows)) == (12, 12)
        assert rows[1]["objects"][0]["label"] == "car"
        assert rows[0]["objects"] == []
        assert rows[-1]["objects"] is None
        assert rows[0]["labeled_at"].endswith("Z")

    def test_row_labels_that_say_something_are_kept(self, here, texts, mood):
        texts.index = pd.Index([f"r{n}" for n in range(10)], name="row")
        with lw.Session(here / "t.db", data=texts, item="text", schema=mood, user="ann"):
            pass
        run("export", "t.db", "out.csv")
        assert pd.read_csv(here / "out.csv")["row"].tolist()[:2] == ["r0", "r1"]

    def test_the_history_knows_of_it(self, labeled):
        run("export", "s.db", "out.csv", "--table", "regions")
        with lw.Session(labeled) as session:
            event = session.events()[-1]
        assert (event.kind, event.actor) == ("export", "ann")
        assert event.payload == {"table": "regions", "format": "csv", "rows": 4, "name": "out.csv"}

    @pytest.mark.parametrize("out", ["out.xlsx", "out", "none/out.csv"])
    def test_what_can_not_be_written_is_named(self, labeled, here, out):
        said = run("export", "s.db", out, code=1)
        assert "'.csv', '.parquet', '.jsonl'" in said or "none is not there" in said
        assert not (here / out).exists()

    def test_a_failure_leaves_the_old_file_as_it_was(self, labeled, here, monkeypatch):
        (here / "out.csv").write_text("old")

        def full(*_, **__):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(pd.DataFrame, "to_csv", full)
        assert "No space left on device" in run("export", "s.db", "out.csv", code=1)
        assert (here / "out.csv").read_text() == "old"
        assert sorted(path.name for path in here.iterdir() if "part" in path.name) == []

    def test_who_may_not_export_is_refused(self, labeled, here):
        from labelwidgets.export import export

        with (
            lw.Session(labeled, user=lw.User("eve", role="annotator")) as session,
            pytest.raises(lw.RightsError, match="export"),
        ):
            export(session, here / "out.csv")


class TestCare:
    def test_a_sound_store_is_sound(self, labeled):
        assert run("verify", "s.db", "--json") == {"sound": True, "damage": [], "read_only": ""}
        assert "is sound" in run("verify", "s.db")

    def test_a_changed_record_is_found(self, labeled):
        import sqlite3
        from contextlib import closing

        with closing(sqlite3.connect(labeled)) as raw, raw:
            raw.execute(
                "UPDATE event SET actor = 'eve' WHERE kind = 'submit' AND number = (SELECT MAX(number) FROM event WHERE kind = 'submit')"
            )
        said = run("verify", "s.db", "--json", code=1)
        assert not said["sound"]
        assert said["damage"]
        assert said["damage"][0]["where"] in run("verify", "s.db", code=1)

    def test_a_backup_is_a_whole_store(self, labeled, here):
        said = run("backup", "s.db", "copy.db", "--json")
        assert said["bytes"] == (here / "copy.db").stat().st_size
        assert run("verify", "copy.db", "--json")["sound"]
        assert run("report", "copy.db", "--json") == run("report", "s.db", "--json")

    def test_no_backup_is_overwritten(self, labeled, here):
        (here / "copy.db").write_text("precious")
        assert "is there already" in run("backup", "s.db", "copy.db", code=1)
        assert (here / "copy.db").read_text() == "precious"

    def test_an_item_is_erased_after_asking(self, labeled):
        assert "Aborted" in run("erase", "s.db", "--task", "2", input="n\n", code=1)
        with lw.Session(labeled) as session:
            assert session.task(2).data
        assert "emptied for good" in run("erase", "s.db", "--task", "2", input="y\n")
        assert run("verify", "s.db", "--json")["sound"]
        assert "Nothing was erased" in run("erase", "s.db", "--task", "2", "--yes", code=1)

    def test_an_item_may_be_named_by_its_key(self, labeled):
        with lw.Session(labeled) as session:
            key = session.task(3).key
        assert run("erase", "s.db", "--task", key, "--yes", "--json")["rows"] > 0

    def test_a_name_and_a_comment_are_erased(self, labeled):
        with lw.Session(labeled, user="ann") as session:
            session.store.save_member("ann", name="Ann Smith", role="annotator")
            said = session.comment(1, "by Ann")
        assert run("erase", "s.db", "--annotator", "ann", "--yes", "--json")["rows"] > 0
        assert run("erase", "s.db", "--comment", said.id, "--yes", "--json")["rows"] == 1
        with lw.Session(labeled) as session:
            assert "Ann Smith" not in str(session.store.members())
            assert "by Ann" not in str([c.text for c in session.comments()])
        assert run("verify", "s.db", "--json")["sound"]

    @pytest.mark.parametrize("words", [[], ["--task", "1", "--annotator", "ann"]])
    def test_one_thing_is_erased_at_a_time(self, labeled, words):
        assert "Name one of" in run("erase", "s.db", "--yes", *words, code=2)


class TestDemo:
    def test_photographs_and_session_are_made_once(self, here, monkeypatch):
        from labelwidgets import demo

        monkeypatch.setenv("XDG_DATA_HOME", str(here / "data"))
        store = demo.prepare()
        with lw.Session(store, user="ann") as session:
            assert session.progress.total == 13
            assert {field.kind for field in session.schema} == {"boxes", "choice"}
            session.submit(session.next()[0], {"objects": [], "scene": "document", "quality": "good"})
        assert demo.prepare() == store
        with lw.Session(store, user="ann") as session:
            assert session.progress.done == 1

    def test_for_a_team_there_are_two_projects_and_a_link_for_each_person(self, here):
        from labelwidgets import demo

        store, folder, invited = demo.team(here)
        assert [each.id for each in invited] == ["ann", "ben", "mia"]
        assert all("/invite/" in each.link for each in invited)
        assert (folder / "publication.json").is_file()
        ann = lw.Workspace(store, member="ann")
        assert {project.name: project.total for project in ann.projects()} == {
            "photographs": 13,
            "messages": 30,
        }
        with lw.Session.of_member(store, "ann", name="messages") as session:
            suggested = [one.values["things"] for one in session.predictions()]
            assert any(span["label"] == "order" for spans in suggested for span in spans)
        assert "manage" in lw.Workspace(store, member="mia").may

    def test_for_a_team_what_was_done_is_found_again(self, here):
        from labelwidgets import demo
        from labelwidgets.accounts import Accounts
        from labelwidgets.store import open_store

        store, _, invited = demo.team(here)
        kept = open_store(store)
        Accounts(kept).accept(invited[0].link.rpartition("/")[2], "four plain words here")
        kept.close()
        with lw.Session.of_member(store, "ann", name="messages") as session:
            session.submit(session.next()[0], {"things": [], "mood": "glad"})
        again, _, invited = demo.team(here)
        assert again == store
        assert [bool(each.link) for each in invited] == [False, True, True]
        with lw.Session(store, user="mia", name="messages") as session:
            assert len(session.annotations()) == 1

    def test_without_a_browser_to_lead_the_check_says_what_to_install(self, here, monkeypatch):
        import sys

        monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
        assert "run `pip install playwright`" in run("demo", "--check", code=1)

    def test_its_instructions_are_short_and_their_examples_are_right(self, here):
        from labelwidgets import demo

        with lw.Session(demo.prepare(here)) as session:
            told = session.schema.instructions
            assert told.minutes < 5
            assert not told.warning
            assert len(told.examples) == 2
            for example in told.examples:
                extent = session.media.extent(example.data["image"])
                session.schema.check(example.values, extent)


class TestCommands:
    def test_each_explains_itself(self):
        making = "init add clone template archive label demo publish serve"
        looking = "projects report team compare export people"
        people = "invite remove restore assign unassign"
        assert set(cli.main.commands) == set(f"{making} {looking} {people} verify backup erase".split())
        for name in cli.main.commands:
            assert run(name, "--help").startswith("Usage:")

    def test_help_needs_nothing_heavy(self, here):
        code = (
            "import sys; from labelwidgets.cli import main; main(['--help'], standalone_mode=False); "
            "heavy = {'pandas', 'numpy', 'sqlalchemy', 'voila', 'tornado', 'PIL', 'tqdm', 'ipywidgets'}; "
            "print(sorted(heavy & sys.modules.keys()))"
        )
        done = subprocess.run(
            [LABELWIDGETS[0], "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env=environment(here / "home"),
        )
        assert done.stdout.splitlines()[-1] == "[]"
