"""When each participant took part, beside who: "since when has this contact been silent" is then one step into an index.
Three more indexes serve what is asked to suggest what to do next: deals won of late, meetings, and contacts who left.

The time is the interaction's own. Both columns together are the foreign key, so that the database itself refuses a
participant with another time and moves it with the interaction's. SQLite cannot add such a key to a table that is there: the
table is made anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TOGETHER = "fk_participant_interaction_id_at_interaction"
_ALONE = "fk_participant_interaction_id_interaction"
_COLUMNS = "id, interaction_id, contact_id, person_id, name, part, account_id, owner_id"
_OF_BOTH = ("account_id", "interaction_id", "owner_id")


def upgrade() -> None:
    op.create_index("ix_interaction_id_at", "interaction", ["id", "at"], unique=True)
    for who in ("contact", "person"):
        op.drop_index(f"ix_participant_{who}", "participant")
    if op.get_bind().dialect.name == "postgresql":
        _fill()
    else:
        _make_anew(
            sa.Column("at", sa.DateTime(timezone=True), nullable=False),
            sa.ForeignKeyConstraint(
                ["interaction_id", "at"], ["interaction.id", "interaction.at"], name=_TOGETHER, onupdate="CASCADE"
            ),
            filled_with="i.at FROM participant AS p JOIN interaction AS i ON i.id = p.interaction_id",
        )
    for who in ("contact", "person"):
        op.create_index(f"ix_participant_{who}_at", "participant", [f"{who}_id", "at"])
    op.create_index("ix_deal_status_closed", "deal", ["status", "closed_at", "account_id"])
    _partial("ix_interaction_meeting", "interaction", ["owner_id", "at"], "channel = 'meeting'")
    _partial("ix_contact_left", "contact", ["left_on"], "left_on IS NOT NULL")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _fill() -> None:
    for column in _OF_BOTH:  # kept row by row, they would take most of the time
        op.drop_index(f"ix_participant_{column}", "participant")
    op.add_column("participant", sa.Column("at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE participant AS p SET at = i.at FROM interaction AS i WHERE i.id = p.interaction_id")
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come cannot be altered
    op.alter_column("participant", "at", nullable=False)
    op.drop_constraint(_ALONE, "participant", type_="foreignkey")
    op.create_foreign_key(
        _TOGETHER, "participant", "interaction", ["interaction_id", "at"], ["id", "at"], onupdate="CASCADE"
    )
    for column in _OF_BOTH:
        op.create_index(f"ix_participant_{column}", "participant", [column])


def _make_anew(*more: sa.Column[object] | sa.ForeignKeyConstraint, filled_with: str) -> None:
    """The table of the first migration with other columns and keys; an index is dropped with its table."""
    op.create_table(
        "participant_anew",
        sa.Column("interaction_id", sa.String(length=36), nullable=False),
        sa.Column("contact_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("name", sa.String(length=160), nullable=True),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=True),
        sa.Column("owner_id", sa.String(length=36), nullable=True),
        *more,
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_participant_account_id_account"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_participant_contact_id_contact"),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_participant_owner_id_person"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_participant_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_participant"),
    )
    values = ", ".join(f"p.{column.strip()}" for column in _COLUMNS.split(","))
    op.execute(f"INSERT INTO participant_anew ({_COLUMNS}, at) SELECT {values}, {filled_with} ORDER BY p.rowid")
    op.drop_table("participant")
    op.rename_table("participant_anew", "participant")
    for column in _OF_BOTH:
        op.create_index(f"ix_participant_{column}", "participant", [column])


def downgrade() -> None:
    raise RuntimeError("Times of participation are not taken away again; restore a copy of the database instead.")
