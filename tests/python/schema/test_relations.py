"""What may hold between regions, and what becomes of it when the schema changes."""

import pytest

import labelwidgets as lw

TYPES = [
    lw.RelationType("works for", pairs=[("PER", "ORG")]),
    lw.RelationType("married", directed=False, pairs=[("PER", "PER"), ("PER", "ORG")]),
    lw.RelationType("same", chain=True, pairs=[("PER", "PER"), ("ORG", "ORG")]),
    "anything",
]
SCHEMA = lw.Schema(lw.Spans("e", ["PER", "ORG"]), lw.Relations("r", TYPES, between="e"))
ANN, BEN, ACME = (
    lw.Span(0, 1, label="PER", id="ann"),
    lw.Span(1, 2, label="PER", id="ben"),
    lw.Span(2, 3, label="ORG", id="acme"),
)


def check(*relations, schema=SCHEMA, spans=(ANN, BEN, ACME)):
    return schema.check({"e": list(spans), "r": list(relations)})["r"]


def refused(*relations, **said):
    with pytest.raises(lw.LabelError) as caught:
        check(*relations, **said)
    return str(caught.value)


def test_what_may_hold():
    found = check(
        lw.Relation(ANN, ACME, label="works for"),
        lw.Relation(ACME, ANN, label="married"),
        lw.Relation(members=[ANN, BEN], label="same"),
        lw.Relation(ACME, BEN, label="anything"),
        {"members": ["ann", "acme"], "label": "anything"},
    )
    assert [relation.members for relation in found][:2] == [("ann", "acme"), ("acme", "ann")]
    assert len({relation.id for relation in found}) == 5


@pytest.mark.parametrize(
    ("relation", "told"),
    [
        (
            lw.Relation(ACME, ANN, label="works for"),
            "r[0].members: expected 'works for' to join 'PER' to 'ORG', found 'ORG' to 'PER'.",
        ),
        (
            lw.Relation(members=["ann", "ben", "acme"], label="same"),
            "expected 'same' to join 'PER' and 'PER' or 'ORG' and 'ORG', found 'PER' and 'ORG'.",
        ),
        (
            lw.Relation(members=["ann", "ben", "acme"], label="anything"),
            "two members, since 'anything' is no chain",
        ),
        (
            lw.Relation("ann", "zoe", label="anything"),
            "r[0].members: expected ids of regions in 'e', found 'zoe'",
        ),
        (lw.Relation("ann", "ben", label="loves"), "r[0].label: expected one of"),
        (lw.Relation("ann", "ben"), "r[0].label: expected one of"),
    ],
)
def test_what_may_not_hold(relation, told):
    assert told in refused(relation)


def test_nothing_is_said_twice():
    there = lw.Relation(ANN, BEN, label="anything")
    check(there, lw.Relation(BEN, ANN, label="anything"))
    assert "r[1]: expected each relation once, found it at r[0] too" in refused(there, there)
    assert "each relation once" in refused(
        lw.Relation(ANN, BEN, label="married"), lw.Relation(BEN, ANN, label="married")
    )


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            [lw.Relations("r", ["a"], between="e")],
            "joins regions of 'e', which is no field with regions; there are none",
        ),
        (
            [lw.Spans("ents"), lw.Relations("r", ["a"], between="entz")],
            "Did you mean 'ents'",
        ),
        ([lw.Choice("e", ["a"]), lw.Relations("r", ["a"], between="e")], "no field with regions"),
        ([lw.Relations("r", ["a"], between="r")], "no field with regions"),
        (
            [
                lw.Spans("e", ["P"]),
                lw.Relations("r", [lw.RelationType("a", pairs=[("P", "O")])], between="e"),
            ],
            "relation 'a' of field 'r' joins 'O', which is no label of field 'e'",
        ),
    ],
)
def test_there_must_be_something_to_join(fields, told):
    with pytest.raises(lw.SchemaError, match=told):
        lw.Schema(*fields)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"pairs": "ab"}, "must be a list of"),
        ({"pairs": ["ab"]}, "a pair of relation 'x' is"),
        ({"pairs": [("a",)]}, "a pair of relation 'x' is"),
        ({"pairs": [("a", 5)]}, "must be text"),
        ({"directed": 1}, "must be True or False"),
        ({"chain": "yes"}, "must be True or False"),
        ({"hotkey": "X"}, "a hotkey must be"),
    ],
)
def test_what_no_type_may_be(said, told):
    with pytest.raises(lw.SchemaError, match=told):
        lw.RelationType("x", **said)


def test_a_chain_has_no_direction():
    assert not lw.RelationType("x", chain=True).directed


def test_a_field_of_relations_needs_labels_and_what_it_joins():
    with pytest.raises(lw.SchemaError, match="has no labels"):
        lw.Relations("r", [], between="e")
    with pytest.raises(lw.SchemaError, match="needs 'between'"):
        lw.Relations.from_json({"kind": "relations", "name": "r", "labels": [{"name": "a"}]})


def test_types_are_the_same_after_json_and_on_the_wire():
    assert lw.Schema.from_json(SCHEMA.to_json()) == SCHEMA
    sent = SCHEMA.wire()["fields"][1]
    assert sent["between"] == "e"
    assert [
        (label["name"], label["directed"], label["chain"], label["pairs"]) for label in sent["labels"]
    ] == [
        ("works for", True, False, [["PER", "ORG"]]),
        ("married", False, False, [["PER", "PER"], ["PER", "ORG"]]),
        ("same", False, True, [["PER", "PER"], ["ORG", "ORG"]]),
        ("anything", True, False, []),
    ]
    assert [label["hotkey"] for label in sent["labels"]] == ["3", "4", "5", "6"]


# -- changes -------------------------------------------------------------------------------------------------


@pytest.fixture
def session():
    session = lw.Session(None, data=[{"text": "abc"}], item="text", schema=SCHEMA, user="ann")
    (task,) = session.next()
    session.submit(
        task,
        {
            "e": [ANN, BEN, ACME],
            "r": [
                lw.Relation(ANN, ACME, label="works for"),
                lw.Relation(ANN, BEN, label="married"),
                lw.Relation(members=[ANN, BEN], label="same"),
                lw.Relation(ACME, ANN, label="anything"),
            ],
        },
    )
    return session


def said(session, field="r"):
    table = session.regions(field)
    return list(zip(table["label"], table["members"], strict=True))


def test_a_renamed_label_is_renamed_in_the_pairs(session):
    session.migrate(lw.RenameLabel("e", "PER", "PERSON"))
    assert session.schema["r"].labels[0].pairs == (("PERSON", "ORG"),)
    assert len(said(session)) == 4
    (task,) = [session.task(1)]
    assert session.submit(task, session.answer(task).values).version == 2


def test_merged_labels_leave_each_pair_once(session):
    session.migrate(lw.MergeLabels("e", ["ORG"], "PER"))
    assert session.schema["r"].labels[1].pairs == (("PER", "PER"),)
    assert session.schema["r"].labels[2].pairs == (("PER", "PER"),)
    assert len(said(session)) == 4


def test_with_a_removed_label_go_its_spans_and_what_joined_them(session):
    with pytest.raises(
        lw.SchemaError, match="relation 'works for' of field 'r' would have nothing left to join"
    ):
        session.migrate(lw.RemoveLabel("e", "ORG"))
    session.migrate(lw.RemoveLabel("r", "works for"), lw.RemoveLabel("e", "ORG"))
    assert session.regions("e")["region_id"].tolist() == ["ann", "ben"]
    assert said(session) == [("married", '["ann", "ben"]'), ("same", '["ann", "ben"]')]
    assert "acme" not in session.frame()["r"][0]


def test_chains_lose_members_and_live_while_two_are_left():
    schema = lw.Schema(
        lw.Spans("e", ["A", "B"]), lw.Relations("r", [lw.RelationType("same", chain=True)], between="e")
    )
    session = lw.Session(None, data=[{"text": "abcd"}], item="text", schema=schema, user="ann")
    (task,) = session.next()
    spans = [lw.Span(n, n + 1, label=label, id=f"s{n}") for n, label in enumerate("AABB")]
    session.submit(
        task,
        {
            "e": spans,
            "r": [lw.Relation(members=spans[:3], label="same"), lw.Relation(members=spans[1:], label="same")],
        },
    )
    session.migrate(lw.RemoveLabel("e", "B"))
    assert said(session) == [("same", '["s0", "s1"]')]


def test_a_renamed_field_is_still_the_one_that_is_joined(session):
    session.migrate(lw.RenameField("e", "entities"))
    assert session.schema["r"].between == "entities"
    assert len(said(session)) == 4
    session.migrate(lw.RemoveLabel("r", "works for"), lw.RemoveLabel("entities", "ORG"))
    assert len(said(session)) == 2


def test_what_is_joined_can_not_be_removed_alone(session):
    with pytest.raises(lw.SchemaError, match="joins the regions of 'e': remove 'r' first"):
        session.migrate(lw.RemoveField("e"))
    session.migrate(
        lw.AddField(lw.Choice("c", ["x"], required=False)), lw.RemoveField("r"), lw.RemoveField("e")
    )
    assert session.schema.names == ("c",)


def test_types_can_be_renamed_merged_and_added(session):
    session.migrate(
        lw.RenameLabel("r", "married", "spouse"),
        lw.MergeLabels("r", ["anything"], "works for"),
        lw.AddLabel("r", lw.RelationType("owns", pairs=[("PER", "ORG")])),
    )
    assert [label.name for label in session.schema["r"].labels] == ["works for", "spouse", "same", "owns"]
    assert session.schema["r"].labels[1].directed is False
    assert [label for label, _ in said(session)] == ["works for", "spouse", "same", "works for"]
    again = lw.Schema.from_json(session.schema.to_json())
    assert again["r"].labels[3].pairs == (("PER", "ORG"),)


def test_another_field_to_join_is_no_addition():
    new = lw.Schema(
        lw.Spans("e", ["PER", "ORG"]), lw.Spans("f", ["PER", "ORG"]), lw.Relations("r", TYPES, between="f")
    )
    with pytest.raises(
        lw.SchemaError, match="field 'r' was relations between 'e' and is relations between 'f'"
    ):
        lw.schema.difference(SCHEMA, new)


def test_an_example_of_the_instructions_follows_too():
    example = lw.Example({"text": "abc"}, {"e": [ANN, ACME], "r": [lw.Relation(ANN, ACME, label="anything")]})
    schema = SCHEMA.with_instructions(lw.Instructions("", examples=[example]))
    changed = lw.schema.migrated(schema, [lw.RemoveLabel("r", "works for"), lw.RemoveLabel("e", "ORG")])
    assert changed.instructions.examples[0].values["r"] == []
    bad = lw.Example({}, {"e": [ANN], "r": [lw.Relation("ann", "nobody", label="anything")]})
    with pytest.raises(lw.SchemaError, match="example 1 of the instructions: r"):
        SCHEMA.with_instructions(lw.Instructions("", examples=[bad]))
