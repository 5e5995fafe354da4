"""Indexes for the deals that were made, or closed, after a moment: what changed since Monday, created this month."""

from alembic import op

revision = "0005"
down_revision = "0004"

_COLUMNS = {"ix_deal_created": "created_at", "ix_deal_closed": "closed_at"}


def upgrade() -> None:
    for name, column in _COLUMNS.items():
        op.create_index(name, "deal", [column])


def downgrade() -> None:
    for name in _COLUMNS:
        op.drop_index(name, "deal")
