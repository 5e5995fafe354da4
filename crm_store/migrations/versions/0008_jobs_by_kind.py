"""The jobs of one kind that are due are one step into an index: an idle worker, or one with a hundred thousand texts to index
before it, reads a few rows to find what somebody waits for."""

from alembic import op

revision = "0008"
down_revision = "0007"

_NAME, _TABLE = "ix_job_ready", "job"


def upgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, ["status", "kind", "run_at"])


def downgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, ["status", "run_at"])
