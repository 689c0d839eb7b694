"""The database's own refusal to edit the log: for the migration, in each database's words."""

from __future__ import annotations

from typing import Any

# Shredding may blank what names people, and nothing else may change.
POSTGRESQL = """
CREATE FUNCTION workflow_fact_refuse() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.personal_salt = '' AND NEW.personal IS NULL AND NEW.reason = ''
       AND NEW.actor_label = '' AND NEW.on_behalf_of = ''
       AND (NEW.id, NEW.content_type_id, NEW.object_id, NEW.seq, NEW.name, NEW.at, NEW.verb, NEW.from_state,
            NEW.to_state, NEW.data::text, NEW.personal_digest, NEW.prev_hash, NEW.hash)
         = (OLD.id, OLD.content_type_id, OLD.object_id, OLD.seq, OLD.name, OLD.at, OLD.verb, OLD.from_state,
            OLD.to_state, OLD.data::text, OLD.personal_digest, OLD.prev_hash, OLD.hash)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The log is append-only.';
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER workflow_fact_append_only BEFORE UPDATE OR DELETE ON workflow_fact
    FOR EACH ROW EXECUTE FUNCTION workflow_fact_refuse();
"""
POSTGRESQL_UNDO = """
DROP TRIGGER workflow_fact_append_only ON workflow_fact;
DROP FUNCTION workflow_fact_refuse();
"""
SQLITE = (
    """
CREATE TRIGGER workflow_fact_no_update BEFORE UPDATE ON workflow_fact
WHEN NOT (NEW.personal_salt = '' AND NEW.personal IS NULL AND NEW.reason = '' AND NEW.actor_label = ''
     AND NEW.on_behalf_of = '' AND NEW.id = OLD.id AND NEW.seq = OLD.seq AND NEW.name = OLD.name AND NEW.at = OLD.at
     AND NEW.object_id = OLD.object_id AND NEW.data = OLD.data AND NEW.verb = OLD.verb
     AND NEW.from_state = OLD.from_state AND NEW.to_state = OLD.to_state
     AND NEW.personal_digest = OLD.personal_digest AND NEW.prev_hash = OLD.prev_hash AND NEW.hash = OLD.hash)
BEGIN SELECT RAISE(ABORT, 'The log is append-only.'); END
""",
    """
CREATE TRIGGER workflow_fact_no_delete BEFORE DELETE ON workflow_fact
BEGIN SELECT RAISE(ABORT, 'The log is append-only.'); END
""",
)


def forbid_changes(apps: Any, schema_editor: Any) -> None:
    for statement in (POSTGRESQL,) if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def allow_changes(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_UNDO)
    else:
        schema_editor.execute("DROP TRIGGER workflow_fact_no_update")
        schema_editor.execute("DROP TRIGGER workflow_fact_no_delete")
