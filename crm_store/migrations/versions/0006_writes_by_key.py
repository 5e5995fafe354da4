"""Row-level security that looks a row's account up where a transaction writes, instead of listing every account it sees.

The list is read once per statement, which is right for a report and dear for a write: a manager's has thousands of accounts,
and confirming one proposal takes a dozen statements of a row each. A transaction that writes says so in ``rapport.by_key``.
The setting chooses between two ways to the same answer, so that setting it shows nothing more."""

from alembic import op

revision = "0006"
down_revision = "0005"

BY_ACCOUNT = (
    "campaign_member", "case", "change_line", "chunk", "consent", "contact", "deal", "deal_contact", "deal_line", "document",
    "field_history", "interaction", "merged", "order", "order_line", "participant", "subscription", "survey_response", "task",
)  # fmt: skip
FUNCTIONS = (
    """CREATE FUNCTION rapport_by_key() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT coalesce(current_setting('rapport.by_key', true) = 'on', false) $$""",
    # Its cost is said to be that of a comparison: no other way is open to the planner, and reports never come here.
    """CREATE FUNCTION rapport_sees(account text) RETURNS boolean LANGUAGE plpgsql STABLE COST 1 AS $$
    DECLARE
        found boolean;
    BEGIN
        IF account IS NULL THEN
            RETURN NULL;
        ELSIF account = ANY (rapport_listed('rapport.made')) THEN
            RETURN true;
        END IF;
        PERFORM set_config('rapport.team', 'read', true);
        IF rapport_every_owner() THEN
            found := account = ANY (rapport_listed('rapport.within'))
                AND EXISTS (SELECT 1 FROM account_member WHERE account_id = account);
        ELSE
            found := (rapport_everywhere() OR account = ANY (rapport_listed('rapport.within')))
                AND EXISTS (SELECT 1 FROM account_member
                    WHERE account_id = account AND person_id = ANY (rapport_listed('rapport.owners')));
        END IF;
        PERFORM set_config('rapport.team', '', true);
        RETURN coalesce(found, false);
    END $$""",
)
LISTED = "{0} IN (SELECT rapport_accounts())"
EITHER = "CASE WHEN (SELECT rapport_by_key()) THEN rapport_sees({0}) ELSE {0} IN (SELECT rapport_accounts()) END"
EVERYTHING = "(SELECT rapport_every_owner() AND rapport_everywhere())"
LOOSE = "account_id IS NULL AND (SELECT rapport_everywhere())"
READING_TEAMS = "(SELECT coalesce(current_setting('rapport.team', true) = 'read', false))"
OWN = "owner_id IN (SELECT rapport_owners())"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in FUNCTIONS:
            op.execute(statement)
        _policies(EITHER)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _policies(LISTED)
        op.execute("DROP FUNCTION rapport_sees(text)")
        op.execute("DROP FUNCTION rapport_by_key()")


def _policies(sees: str) -> None:
    """Say the rules of the second migration again, with another way to find what is seen."""
    seen = sees.format("account_id")
    using = f"{EVERYTHING} OR {seen} OR ({LOOSE} AND {OWN})"
    check = f"{EVERYTHING} OR {seen} OR ({LOOSE} AND (owner_id IS NULL OR {OWN}))"
    for table in BY_ACCOUNT:
        _alter("rapport_all", table, using, check)
    account = f"{EVERYTHING} OR {sees.format('id')}"
    _alter("rapport_all", "account", account, account)
    _alter("rapport_all", "account_member", f"{EVERYTHING} OR {READING_TEAMS} OR {seen}", f"{EVERYTHING} OR {seen}")
    searched = f"body @@ rapport_search() AND ({using})"
    _alter("rapport_insert", "chunk_search", "", check)
    _alter("rapport_update", "chunk_search", searched, check)


def _alter(policy: str, table: str, using: str, check: str) -> None:
    clauses = (f" USING ({using})" if using else "") + f" WITH CHECK ({check})"
    op.execute(f'ALTER POLICY {policy} ON "{table}"{clauses}')
