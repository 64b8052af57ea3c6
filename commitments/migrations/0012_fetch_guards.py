"""What a server answered is kept as it came: no change, no removal, and the digest is of these bytes."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION warc_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF encode(sha256(NEW.data), 'hex') <> NEW.sha256 THEN
        PERFORM refuse('these bytes are not the WARC: their SHA-256 differs');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER warc_fits BEFORE INSERT ON commitments_fetchedwarc
    FOR EACH ROW EXECUTE FUNCTION warc_fits();
CREATE TRIGGER fetchedwarc_no_update BEFORE UPDATE ON commitments_fetchedwarc
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fetchedwarc_no_delete BEFORE DELETE ON commitments_fetchedwarc
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fetchedwarc_no_truncate BEFORE TRUNCATE ON commitments_fetchedwarc
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DO $$
DECLARE
    guard text;
BEGIN
    FOREACH guard IN ARRAY ARRAY['warc_fits', 'fetchedwarc_no_update', 'fetchedwarc_no_delete',
                                 'fetchedwarc_no_truncate'] LOOP
        EXECUTE format('ALTER TABLE commitments_fetchedwarc ENABLE ALWAYS TRIGGER %I', guard);
    END LOOP;
    EXECUTE format('ALTER FUNCTION warc_fits SET search_path = %I, pg_temp', current_schema());
END $$;
"""
UNDO = """
DROP TRIGGER fetchedwarc_no_update ON commitments_fetchedwarc;
DROP TRIGGER fetchedwarc_no_delete ON commitments_fetchedwarc;
DROP TRIGGER fetchedwarc_no_truncate ON commitments_fetchedwarc;
DROP FUNCTION warc_fits CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("commitments", "0011_fetch")]
    operations = [migrations.RunSQL(GUARDS, UNDO)]
