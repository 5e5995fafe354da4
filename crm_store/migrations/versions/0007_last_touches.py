"""The last touch of a deal is one step into an index that says also who may see it: asked of every deal, it reads no
interaction. Two indexes that were the beginning of others are dropped, so that writing an interaction costs no more."""

from alembic import op

revision = "0007"
down_revision = "0006"

_WIDER = {
    "ix_interaction_deal_at": (["deal_id", "at"], ["direction", "account_id", "owner_id"]),
    "ix_interaction_account_deal_at": (["account_id", "deal_id", "at"], ["direction", "owner_id"]),
}
_SAID_TWICE = {"ix_interaction_account_id": "account_id", "ix_interaction_owner_id": "owner_id"}


def upgrade() -> None:
    for name in (*_WIDER, *_SAID_TWICE):
        op.drop_index(name, "interaction")
    for name, (before, more) in _WIDER.items():
        op.create_index(name, "interaction", [*before, *more])


def downgrade() -> None:
    for name, (before, _) in _WIDER.items():
        op.drop_index(name, "interaction")
        op.create_index(name, "interaction", before)
    for name, column in _SAID_TWICE.items():
        op.create_index(name, "interaction", [column])
