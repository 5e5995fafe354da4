"""The company's own documents and their passages, which everyone in the company may read and only the service writes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = ("own_document", "own_passage")
SOMEBODY = "(SELECT coalesce(current_setting('rapport.owners', true), '') <> '')"
EVERYTHING = "(SELECT rapport_every_owner() AND rapport_everywhere())"


def upgrade() -> None:
    op.create_table(
        "own_document",
        sa.Column("folder", sa.String(length=120), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_own_document"),
        sa.UniqueConstraint("folder", "path", name="uq_own_document_folder_path"),
    )
    op.create_table(
        "own_passage",
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["own_document.id"], name="fk_own_passage_document_id_own_document", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_own_passage"),
    )
    op.create_index("ix_own_passage_document", "own_passage", ["document_id", "ordinal"], unique=True)
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in TABLES:
        op.execute(f"CREATE POLICY rapport_select ON {table} FOR SELECT USING ({SOMEBODY})")
        op.execute(f"CREATE POLICY rapport_all ON {table} FOR ALL USING ({EVERYTHING}) WITH CHECK ({EVERYTHING})")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
