"""What the role that serves may do, where APP_ROLE names one: it owns no table.

The desk and Django's own tables: everything but TRUNCATE. The ledger and the record: read, and append
through `record_append` and `subject_lock`, which run as their owner.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections

from commitments import models

APPENDED_ONLY = (
    models.Head,
    models.Entry,
    models.Version,
    models.Subject,
    models.Total,
    models.PlainStanding,
    models.ClaimStanding,
    models.CommitmentStanding,
    models.CommitmentSpan,
)
FUNCTIONS = ("record_append(jsonb)", "subject_lock(text[], boolean[])")


def grant_app_role(*, using: str = "default", **_: Any) -> None:
    """Runs after every migrate; the same whenever it is run again."""
    if not settings.APP_ROLE:
        return
    connection = connections[using]
    role = connection.ops.quote_name(settings.APP_ROLE)
    guarded = {model._meta.db_table for model in APPENDED_ONLY}
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        for table in sorted(tables):
            rights = "SELECT" if table in guarded else "SELECT, INSERT, UPDATE, DELETE"
            name = connection.ops.quote_name(table)
            cursor.execute(f"REVOKE ALL ON {name} FROM {role}")
            cursor.execute(f"GRANT {rights} ON {name} TO {role}")
        for function in FUNCTIONS if guarded <= tables else ():
            cursor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {role}")
