"""Work: the index of somebody's answers holds all that counting them asks for."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index anew, wider."""
    op.drop_index("annotation_annotator", table_name="annotation")
    op.create_index(
        "annotation_annotator",
        "annotation",
        [
            "session_id",
            "annotator",
            "event",
            "task_id",
            "round",
            "version",
            "status",
            "seconds",
            "created_at",
        ],
    )
