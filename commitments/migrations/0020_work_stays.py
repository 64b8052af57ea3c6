"""Nobody empties what people did at the desk: who wrote what, sets and comments, fetches, imports, answers on
duplicates."""

from django.db import migrations

TABLES = ("edit", "reviewset", "reviewmember", "comment", "fetch", "sketch", "likeness", "import", "importrow")
GUARD = """
CREATE TRIGGER {0}_no_truncate BEFORE TRUNCATE ON commitments_{0} FOR EACH STATEMENT EXECUTE FUNCTION published_stays();
ALTER TABLE commitments_{0} ENABLE ALWAYS TRIGGER {0}_no_truncate;
"""
UNDO = "DROP TRIGGER {0}_no_truncate ON commitments_{0};"


class Migration(migrations.Migration):
    dependencies = [("commitments", "0019_import_groups")]
    operations = [migrations.RunSQL(GUARD.format(table), UNDO.format(table)) for table in TABLES]
