"""Row-level security on PostgreSQL: what the session filters, the database filters again.

A transaction says whom it works for in settings that end with it (:mod:`crm_store.row_security`): whose records it may
see, and in which accounts. Without them nothing is seen and nothing written. The policies say what
:mod:`crm_store.access` says: an account is seen by its team, a row of an account by whoever sees the account, a row
without one by its owner, and what belongs to a person by that person. They are forced, so that they hold for the owner of
the tables too; only superusers and roles with BYPASSRLS escape them. Columns cannot be told apart by a policy: what only a
manager sees of a row is kept by the session alone.

Jobs, received events and imports belong to the service: a person's transaction may leave a job behind, and reads none.

The accounts that a transaction sees are read once per statement: an uncorrelated subquery becomes a hashed one. The team
table is read by a function that is let through the team table's own policy, which would ask itself otherwise.

Full text needs a door of its own. ``tsvector @@ tsquery`` is not leakproof, so PostgreSQL uses no index for it below a
policy. The words therefore live in a table whose policy itself contains the search: it shows only what matches the
search that the transaction has set, and of that only what it may see. An index serves a policy's own conditions.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

BY_ACCOUNT = (
    "campaign_member", "case", "change_line", "chunk", "consent", "contact", "deal", "deal_contact", "deal_line", "document",
    "field_history", "interaction", "merged", "order", "order_line", "participant", "subscription", "survey_response", "task",
)  # fmt: skip
BY_PERSON = ("change", "conversation_turn", "proposal", "proposal_item", "quota", "suggestion_event")
OF_THE_SERVICE = ("import_batch", "import_run", "inbound_event", "job")

FUNCTIONS = (
    """CREATE FUNCTION rapport_listed(setting text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT string_to_array(nullif(current_setting(setting, true), ''), ',') $$""",
    """CREATE FUNCTION rapport_every_owner() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT coalesce(current_setting('rapport.owners', true) = '*', false) $$""",
    """CREATE FUNCTION rapport_everywhere() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT coalesce(current_setting('rapport.within', true) = '*', false) $$""",
    """CREATE FUNCTION rapport_owners() RETURNS SETOF text LANGUAGE sql STABLE PARALLEL SAFE ROWS 10 AS
    $$ SELECT unnest(rapport_listed('rapport.owners')) $$""",
    # Only a superuser may give a function a setting of its own, so it is set and taken back by hand.
    """CREATE FUNCTION rapport_accounts() RETURNS SETOF text LANGUAGE plpgsql STABLE ROWS 500 AS $$
    BEGIN
        PERFORM set_config('rapport.team', 'read', true);
        RETURN QUERY SELECT unnest(rapport_listed('rapport.made'));
        IF rapport_every_owner() THEN
            RETURN QUERY SELECT account_id::text FROM account_member
                WHERE account_id = ANY (rapport_listed('rapport.within'));
        ELSIF rapport_everywhere() THEN
            RETURN QUERY SELECT account_id::text FROM account_member
                WHERE person_id = ANY (rapport_listed('rapport.owners'));
        ELSE
            RETURN QUERY SELECT account_id::text FROM account_member
                WHERE person_id = ANY (rapport_listed('rapport.owners'))
                AND account_id = ANY (rapport_listed('rapport.within'));
        END IF;
        PERFORM set_config('rapport.team', '', true);
    END $$""",
    """CREATE FUNCTION rapport_search() RETURNS tsquery LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT websearch_to_tsquery('english', nullif(current_setting('rapport.search', true), '')) $$""",
)
EVERYTHING = "(SELECT rapport_every_owner() AND rapport_everywhere())"
SEEN = "account_id IN (SELECT rapport_accounts())"
LOOSE = "account_id IS NULL AND (SELECT rapport_everywhere())"
ACCOUNT_RULE = f"{EVERYTHING} OR {SEEN} OR ({LOOSE} AND owner_id IN (SELECT rapport_owners()))"
ACCOUNT_WRITE = f"{EVERYTHING} OR {SEEN} OR ({LOOSE} AND (owner_id IS NULL OR owner_id IN (SELECT rapport_owners())))"
PERSON_RULE = "(SELECT rapport_every_owner()) OR person_id IN (SELECT rapport_owners())"
READING_TEAMS = "(SELECT coalesce(current_setting('rapport.team', true) = 'read', false))"
SOMEBODY = "(SELECT coalesce(current_setting('rapport.owners', true), '') <> '')"

SEARCH = (
    "DROP INDEX ix_chunk_body",
    "ALTER TABLE chunk DROP COLUMN body",
    """CREATE TABLE chunk_search (
        chunk_id varchar(48) PRIMARY KEY REFERENCES chunk (id) ON DELETE CASCADE ON UPDATE CASCADE,
        account_id varchar(36), owner_id varchar(36), body tsvector NOT NULL)""",
    """INSERT INTO chunk_search SELECT id, account_id, owner_id, to_tsvector('english', header || ' ' || text)
    FROM chunk""",
    "CREATE INDEX ix_chunk_search_body ON chunk_search USING gin (body)",
    """CREATE FUNCTION rapport_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO chunk_search VALUES
            (NEW.id, NEW.account_id, NEW.owner_id, to_tsvector('english', NEW.header || ' ' || NEW.text));
        RETURN NULL;
    END $$""",
    # The policy shows only what matches the search, so the line is looked up by a search that everything matches.
    """CREATE FUNCTION rapport_move_words() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        before text := coalesce(current_setting('rapport.search', true), '');
    BEGIN
        PERFORM set_config('rapport.search', '-xqzwkvjh', true);
        UPDATE chunk_search SET account_id = NEW.account_id, owner_id = NEW.owner_id,
            body = to_tsvector('english', NEW.header || ' ' || NEW.text)
        WHERE chunk_id = NEW.id;
        PERFORM set_config('rapport.search', before, true);
        RETURN NULL;
    END $$""",
    "CREATE TRIGGER chunk_words_kept AFTER INSERT ON chunk FOR EACH ROW EXECUTE FUNCTION rapport_keep_words()",
    """CREATE TRIGGER chunk_words_moved AFTER UPDATE OF header, text, account_id, owner_id ON chunk FOR EACH ROW
    WHEN ((OLD.header, OLD.text, OLD.account_id, OLD.owner_id) IS DISTINCT FROM
          (NEW.header, NEW.text, NEW.account_id, NEW.owner_id))
    EXECUTE FUNCTION rapport_move_words()""",
)


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return  # SQLite has no such thing: there the session alone decides
    for statement in (*SEARCH, *FUNCTIONS):
        op.execute(statement)
    for table in BY_ACCOUNT:
        _policy(table, "ALL", ACCOUNT_RULE, ACCOUNT_WRITE)
    for table in BY_PERSON:
        _policy(table, "ALL", PERSON_RULE, PERSON_RULE)
    seen_account = f"{EVERYTHING} OR id IN (SELECT rapport_accounts())"
    _policy("account", "ALL", seen_account, seen_account)
    _policy("account_member", "ALL", f"{EVERYTHING} OR {READING_TEAMS} OR {SEEN}", f"{EVERYTHING} OR {SEEN}")
    for table in OF_THE_SERVICE:
        _policy(table, "ALL", EVERYTHING, EVERYTHING)
    _policy("job", "INSERT", "", SOMEBODY)
    searched = f"body @@ rapport_search() AND ({ACCOUNT_RULE})"
    _policy("chunk_search", "SELECT", searched, "")
    _policy("chunk_search", "INSERT", "", ACCOUNT_WRITE)
    _policy("chunk_search", "UPDATE", searched, ACCOUNT_WRITE)
    _policy("chunk_search", "DELETE", searched, "")
    for table in (*BY_ACCOUNT, *BY_PERSON, *OF_THE_SERVICE, "account", "account_member", "chunk_search"):
        op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


def _policy(table: str, command: str, using: str, check: str) -> None:
    clauses = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
    op.execute(f'CREATE POLICY rapport_{command.lower()} ON "{table}" FOR {command}{clauses}')


def downgrade() -> None:
    raise RuntimeError("Row-level security is not taken away again; restore a copy of the database instead.")
