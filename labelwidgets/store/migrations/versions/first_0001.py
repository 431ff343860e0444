"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "member",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("member_pk")),
    )
    op.create_table(
        "payload",
        sa.Column("event", NUMBER, autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event", name=op.f("payload_pk")),
    )
    op.create_table(
        "session",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("task_count", sa.BigInteger(), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("session_pk")),
        sa.UniqueConstraint("name", name=op.f("session_name_uq")),
    )
    op.create_table(
        "store",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("boot", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("store_pk")),
    )
    op.create_table(
        "event",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("session_id", NUMBER, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("task_id", NUMBER, nullable=True),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("event_session_id_fk")),
        sa.PrimaryKeyConstraint("number", name=op.f("event_pk")),
    )
    op.create_index(
        "event_content",
        "event",
        ["number"],
        unique=False,
        sqlite_where=sa.text("kind IN ('add', 'change', 'erase')"),
        postgresql_where=sa.text("kind IN ('add', 'change', 'erase')"),
    )
    op.create_index("event_session", "event", ["session_id", "number"], unique=False)
    op.create_index(
        "event_task",
        "event",
        ["task_id", "number"],
        unique=False,
        sqlite_where=sa.text("task_id IS NOT NULL"),
        postgresql_where=sa.text("task_id IS NOT NULL"),
    )
    op.create_table(
        "schema_version",
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("schema", sa.Text(), nullable=False),
        sa.Column("migration", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("schema_version_session_id_fk")),
        sa.PrimaryKeyConstraint("session_id", "version", name=op.f("schema_version_pk")),
    )
    op.create_table(
        "tally",
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("annotator", sa.Text(), nullable=False),
        sa.Column("answered", sa.BigInteger(), nullable=False),
        sa.Column("skipped", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("passed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("tally_session_id_fk")),
        sa.PrimaryKeyConstraint("session_id", "round", "annotator", name=op.f("tally_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "task",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("extent", sa.Text(), nullable=True),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("task_session_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("task_pk")),
        sa.UniqueConstraint("session_id", "key", name=op.f("task_session_id_key_uq")),
        sa.UniqueConstraint("session_id", "number", name=op.f("task_session_id_number_uq")),
    )
    op.create_index(
        "task_changed",
        "task",
        ["session_id"],
        unique=False,
        sqlite_where=sa.text("version > 1"),
        postgresql_where=sa.text("version > 1"),
    )
    op.create_table(
        "ticket",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("kernel_id", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("redeemed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("ticket_session_id_fk")),
        sa.PrimaryKeyConstraint("digest", name=op.f("ticket_pk")),
    )
    op.create_table(
        "annotation",
        sa.Column("event", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("task_id", NUMBER, nullable=False),
        sa.Column("annotator", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Text(), nullable=True),
        sa.Column("shown_at", sa.BigInteger(), nullable=True),
        sa.Column("first_act_at", sa.BigInteger(), nullable=True),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("instructions_version", sa.Integer(), nullable=False),
        sa.Column("task_version", sa.Integer(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("annotation_session_id_fk")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("annotation_task_id_fk")),
        sa.PrimaryKeyConstraint("event", name=op.f("annotation_pk")),
        sa.UniqueConstraint("id", name=op.f("annotation_id_uq")),
        sa.UniqueConstraint(
            "task_id",
            "annotator",
            "round",
            "version",
            name=op.f("annotation_task_id_annotator_round_version_uq"),
        ),
    )
    op.create_index("annotation_annotator", "annotation", ["session_id", "annotator", "event"], unique=False)
    op.create_index("annotation_session", "annotation", ["session_id", "event"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("task_id", NUMBER, nullable=False),
        sa.Column("annotator", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("task_version", sa.Integer(), nullable=False),
        sa.Column("leased", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("assignment_session_id_fk")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("assignment_task_id_fk")),
        sa.PrimaryKeyConstraint("task_id", "annotator", "round", name=op.f("assignment_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "assignment_expiry",
        "assignment",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'leased'"),
        postgresql_where=sa.text("state = 'leased'"),
    )
    op.create_index(
        "assignment_held",
        "assignment",
        ["annotator"],
        unique=False,
        sqlite_where=sa.text("state = 'leased'"),
        postgresql_where=sa.text("state = 'leased'"),
    )
    op.create_table(
        "comment",
        sa.Column("event", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("task_id", NUMBER, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("comment_session_id_fk")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("comment_task_id_fk")),
        sa.PrimaryKeyConstraint("event", name=op.f("comment_pk")),
        sa.UniqueConstraint("id", name=op.f("comment_id_uq")),
    )
    op.create_index("comment_session", "comment", ["session_id", "event"], unique=False)
    op.create_index("comment_task", "comment", ["task_id"], unique=False)
    op.create_table(
        "copy",
        sa.Column("task_id", NUMBER, nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("copy_session_id_fk")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("copy_task_id_fk")),
        sa.PrimaryKeyConstraint("task_id", "nth", name=op.f("copy_pk")),
        sa.UniqueConstraint("session_id", "number", name=op.f("copy_session_id_number_uq")),
    )
    op.create_table(
        "cursor",
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("annotator", sa.Text(), nullable=False),
        sa.Column("rank", sa.Float(), nullable=False),
        sa.Column("position", sa.Float(), nullable=False),
        sa.Column("task_id", NUMBER, nullable=False),
        sa.Column("moved", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("cursor_session_id_fk")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("cursor_task_id_fk")),
        sa.PrimaryKeyConstraint("session_id", "round", "annotator", name=op.f("cursor_pk")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "draft",
        sa.Column("task_id", NUMBER, nullable=False),
        sa.Column("annotator", sa.Text(), nullable=False),
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("draft_session_id_fk")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("draft_task_id_fk")),
        sa.PrimaryKeyConstraint("task_id", "annotator", name=op.f("draft_pk")),
    )
    op.create_table(
        "prediction",
        sa.Column("task_id", NUMBER, nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("prediction_session_id_fk")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("prediction_task_id_fk")),
        sa.PrimaryKeyConstraint("task_id", "model", "version", name=op.f("prediction_pk")),
    )
    op.create_index("prediction_session", "prediction", ["session_id", "task_id"], unique=False)
    op.create_table(
        "queue",
        sa.Column("task_id", NUMBER, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("rank", sa.Float(), nullable=False),
        sa.Column("position", sa.Float(), nullable=False),
        sa.Column("overlap", sa.Integer(), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("skips", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("queue_session_id_fk")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("queue_task_id_fk")),
        sa.PrimaryKeyConstraint("task_id", "round", name=op.f("queue_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "queue_open",
        "queue",
        ["session_id", "round", "rank", "position", "task_id"],
        unique=False,
        sqlite_where=sa.text("slots > 0"),
        postgresql_where=sa.text("slots > 0"),
    )
    op.create_table(
        "returned",
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("annotator", sa.Text(), nullable=False),
        sa.Column("task_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("returned_session_id_fk")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("returned_task_id_fk")),
        sa.PrimaryKeyConstraint("session_id", "round", "annotator", "task_id", name=op.f("returned_pk")),
        sqlite_with_rowid=False,
    )
