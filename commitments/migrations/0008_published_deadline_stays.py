"""The first deadline that was published never moves; one that only stands in unpublished edits can be taken back
with them."""

from django.db import migrations

STAYS = """
CREATE OR REPLACE FUNCTION due_first_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL AND NEW.due_first IS DISTINCT FROM OLD.due_first AND EXISTS (
            SELECT 1 FROM commitments_version WHERE subject_id = OLD.id AND until_seq IS NULL
            AND convert_from(body, 'UTF8')::jsonb #>> '{document,due_first,basis}' IS NOT NULL) THEN
        PERFORM refuse('the first deadline of a published commitment never moves');
    END IF;
    RETURN NEW;
END $$;
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION due_first_stays SET search_path = %I, pg_temp', current_schema());
END $$;
"""
STAYED = """
CREATE OR REPLACE FUNCTION due_first_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL AND OLD.due_first IS NOT NULL
       AND NEW.due_first IS DISTINCT FROM OLD.due_first THEN
        PERFORM refuse('the first deadline of a published commitment never moves');
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION due_first_stays RESET search_path;
"""


class Migration(migrations.Migration):
    dependencies = [("commitments", "0007_desk_queues")]
    operations = [migrations.RunSQL(STAYS, STAYED)]
