"""People: groups, memberships and the tasks they are limited to, passwords, invitations, sign-ins, tickets."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what is kept of people; the table of tickets, which nothing wrote so far, is made anew."""
    op.add_column("member", sa.Column("team", sa.Text(), nullable=False, server_default="internal"))
    op.add_column("cursor", sa.Column("scopes", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "member_group",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["member.id"], name=op.f("member_group_user_id_fk")),
        sa.PrimaryKeyConstraint("user_id", "name", name=op.f("member_group_pk")),
        sqlite_with_rowid=False,
    )
    _scopes()
    op.create_table(
        "membership",
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scope_id", NUMBER, nullable=True),
        sa.Column("goal", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("membership_session_id_fk")),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("membership_scope_id_fk")),
        sa.PrimaryKeyConstraint("session_id", "kind", "subject", name=op.f("membership_pk")),
    )
    op.create_table(
        "secret",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["member.id"], name=op.f("secret_user_id_fk")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("secret_pk")),
    )
    op.drop_table("ticket")
    redeemed = sa.Column("redeemed_at", sa.BigInteger(), nullable=True)
    made = sa.Column("made_at", sa.BigInteger(), nullable=False)
    _words("invite", made, redeemed=redeemed)
    _words("sign_in", sa.Column("made_at", sa.BigInteger(), nullable=False))
    kernel = sa.Column("kernel_id", sa.Text(), nullable=False)
    _words("ticket", kernel, redeemed=sa.Column("redeemed_at", sa.BigInteger(), nullable=True))


def _scopes() -> None:
    op.create_table(
        "scope",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("task_count", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("passed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("scope_session_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("scope_pk")),
        sa.UniqueConstraint("session_id", "body", name=op.f("scope_session_id_body_uq")),
    )
    op.create_table(
        "share",
        sa.Column("scope_id", NUMBER, nullable=False),
        sa.Column("rank", sa.Float(), nullable=False),
        sa.Column("position", sa.Float(), nullable=False),
        sa.Column("task_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("share_scope_id_fk")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("share_task_id_fk")),
        sa.PrimaryKeyConstraint("scope_id", "rank", "position", "task_id", name=op.f("share_pk")),
        sqlite_with_rowid=False,
    )
    op.create_index("share_task", "share", ["task_id"], unique=False)


def _words(name: str, *more: sa.Column[Any], redeemed: sa.Column[Any] | None = None) -> None:
    """Make a table of digests of words that open something for somebody."""
    op.create_table(
        name,
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        *more,
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        *([] if redeemed is None else [redeemed]),
        sa.ForeignKeyConstraint(["user_id"], ["member.id"], name=op.f(f"{name}_user_id_fk")),
        sa.PrimaryKeyConstraint("digest", name=op.f(f"{name}_pk")),
    )
    op.create_index(f"{name}_user", name, ["user_id"], unique=False)
