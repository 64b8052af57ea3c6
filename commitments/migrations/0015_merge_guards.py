"""What the database holds of merges: the desk says what the ledger says, and guards of the desk know that two rows
may be one thing. In the functions below a name is put through `survivor_of…` where it was compared as it stood."""

from django.db import migrations

SURVIVORS = """
CREATE FUNCTION survivor_of_actor(actor text) RETURNS text LANGUAGE sql STABLE AS
    'SELECT coalesce(merged_into_id, id) FROM commitments_actor WHERE id = actor';
CREATE FUNCTION survivor_of_commitment(commitment text) RETURNS text LANGUAGE sql STABLE AS
    'SELECT coalesce(merged_into_id, id) FROM commitments_commitment WHERE id = commitment';

-- A merge says into what, also where the append is called by hand.
CREATE FUNCTION merge_names_survivor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM commitments_subject
                   WHERE id = convert_from(NEW.body, 'UTF8')::jsonb ->> 'into'
                   AND type = NEW.subject_type AND id <> NEW.subject_id) THEN
        PERFORM refuse('a merge names another published thing of the same noun');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_names_survivor BEFORE INSERT ON commitments_version
    FOR EACH ROW WHEN (NEW.type = 'merge') EXECUTE FUNCTION merge_names_survivor();
ALTER TABLE commitments_version ENABLE ALWAYS TRIGGER version_names_survivor;

-- At commit: the desk shows as merged what the record does. The row is read anew: it may have moved since.
CREATE FUNCTION merged_is_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told text;
    recorded text;
BEGIN
    IF TG_TABLE_NAME = 'commitments_commitment' THEN
        SELECT merged_into_id INTO told FROM commitments_commitment WHERE id = NEW.id;
        SELECT merged_into INTO recorded FROM commitments_commitmentstanding
        WHERE subject_id = NEW.id AND until_seq IS NULL;
    ELSE
        IF TG_TABLE_NAME = 'commitments_actor' THEN
            SELECT merged_into_id INTO told FROM commitments_actor WHERE id = NEW.id;
        ELSE
            SELECT merged_into_id INTO told FROM commitments_source WHERE id = NEW.id;
        END IF;
        SELECT merged_into INTO recorded FROM commitments_plainstanding
        WHERE subject_id = NEW.id AND until_seq IS NULL;
    END IF;
    IF told IS DISTINCT FROM recorded THEN
        PERFORM refuse(NEW.id || ' is merged, and the merge undone, by an entry of the ledger alone');
    END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE
    noun text;
BEGIN
    FOREACH noun IN ARRAY ARRAY['actor', 'source', 'commitment'] LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER %1$s_merged_is_recorded
                        AFTER UPDATE OF merged_into_id ON commitments_%1$s DEFERRABLE INITIALLY DEFERRED
                        FOR EACH ROW EXECUTE FUNCTION merged_is_recorded()', noun);
        EXECUTE format('CREATE CONSTRAINT TRIGGER %1$s_begins_unmerged AFTER INSERT ON commitments_%1$s
                        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL)
                        EXECUTE FUNCTION merged_is_recorded()', noun);
        EXECUTE format('ALTER TABLE commitments_%1$s ENABLE ALWAYS TRIGGER %1$s_merged_is_recorded,
                        ENABLE ALWAYS TRIGGER %1$s_begins_unmerged', noun);
    END LOOP;
    FOREACH noun IN ARRAY ARRAY['merge_names_survivor', 'merged_is_recorded'] LOOP
        EXECUTE format('ALTER FUNCTION %I SET search_path = %I, pg_temp', noun, current_schema());
    END LOOP;
END $$;
"""
UNDO_SURVIVORS = """
DROP FUNCTION merge_names_survivor, merged_is_recorded CASCADE;
DROP FUNCTION survivor_of_actor, survivor_of_commitment;
"""

# As in 0002_guards, but for what stands in braces.
GUARDS = """
CREATE OR REPLACE FUNCTION claim_office_is_claimants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM commitments_office WHERE id = NEW.office_id
                   AND {actor[0]}person_id{actor[1]} = {actor[0]}NEW.claimant_id{actor[1]}) THEN
        PERFORM refuse('the office is not one that the claimant held');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION office_stays_its_holders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM commitments_claim WHERE office_id = NEW.id
               AND {actor[0]}claimant_id{actor[1]} <> {actor[0]}NEW.person_id{actor[1]}) THEN
        PERFORM refuse('claims were made in this office by its holder; record another office for another person');
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION no_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'commitments_actor' THEN
        IF EXISTS (WITH RECURSIVE above AS (
                SELECT {actor[0]}NEW.part_of_id{actor[1]} AS id
                UNION SELECT {actor[0]}a.part_of_id{actor[1]} FROM commitments_actor a JOIN above ON a.id = above.id)
            SELECT 1 FROM above WHERE id = {actor[0]}NEW.id{actor[1]}) THEN
            PERFORM refuse('an actor cannot be part of something that is part of it');
        END IF;
    ELSIF EXISTS (WITH RECURSIVE before AS (
                SELECT {commitment[0]}NEW.target_id{commitment[1]} AS id
                UNION SELECT {commitment[0]}l.target_id{commitment[1]} FROM commitments_lineage l
                      JOIN before ON l.commitment_id = before.id AND l.type = NEW.type)
            SELECT 1 FROM before WHERE id = {commitment[0]}NEW.commitment_id{commitment[1]}) THEN
        PERFORM refuse(format('a commitment cannot come to “%s” itself by way of others', NEW.type));
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION status_rests() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row jsonb := to_jsonb(CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END);
    changes text[];
    change text;
BEGIN
    IF TG_TABLE_NAME = 'commitments_bearing' THEN
        changes := ARRAY(SELECT statuschange_id FROM commitments_statuschange_claims
                         WHERE claim_id = row ->> 'claim_id');
    ELSIF TG_TABLE_NAME = 'commitments_commitment' THEN
        changes := ARRAY(SELECT id FROM commitments_statuschange
                         WHERE commitment_id IN (row ->> 'id', row ->> 'merged_into_id'));
    ELSE
        changes := ARRAY[coalesce(row ->> 'statuschange_id', row ->> 'id')];
    END IF;
    -- One by one: with an array PostgreSQL plans anew at each call, which costs twenty times the look-up.
    FOREACH change IN ARRAY changes LOOP
        IF EXISTS (SELECT 1 FROM commitments_statuschange s
                   WHERE s.id = change AND s.published_at IS NOT NULL AND s.status <> ''
                   AND NOT EXISTS (SELECT 1 FROM commitments_statuschange k
                                   WHERE k.corrects_id = s.id AND k.published_at IS NOT NULL)
                   AND NOT EXISTS (
                       SELECT 1 FROM commitments_statuschange_claims c
                       JOIN commitments_bearing b ON b.claim_id = c.claim_id
                       WHERE c.statuschange_id = s.id AND (b.commitment_id = s.commitment_id{or_merged})
                             AND b.status = s.status)) THEN
            PERFORM refuse('a recorded status needs a cited claim that bears that very status');
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

DO $$
DECLARE
    guard text;
BEGIN
    FOREACH guard IN ARRAY ARRAY['claim_office_is_claimants', 'office_stays_its_holders', 'no_cycle', 'status_rests']
    LOOP
        EXECUTE format('ALTER FUNCTION %I SET search_path = %I, pg_temp', guard, current_schema());
    END LOOP;
END $$;
"""
KNOW_MERGES = GUARDS.format(
    actor=("survivor_of_actor(", ")"),
    commitment=("survivor_of_commitment(", ")"),
    or_merged=" OR survivor_of_commitment(b.commitment_id) = s.commitment_id",
)
AS_BEFORE = GUARDS.format(actor=("", ""), commitment=("", ""), or_merged="")
# The undoing of a merge must not leave a status of the survivor bare.
WATCH_UNDOING = """
CREATE CONSTRAINT TRIGGER commitment_status_rests AFTER UPDATE OF merged_into_id ON commitments_commitment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.merged_into_id IS NOT NULL) EXECUTE FUNCTION status_rests();
ALTER TABLE commitments_commitment ENABLE ALWAYS TRIGGER commitment_status_rests;
"""
UNWATCH = "DROP TRIGGER commitment_status_rests ON commitments_commitment;"


class Migration(migrations.Migration):
    dependencies = [("commitments", "0014_merging")]
    operations = [
        migrations.RunSQL(SURVIVORS, UNDO_SURVIVORS),
        migrations.RunSQL(KNOW_MERGES, AS_BEFORE),
        migrations.RunSQL(WATCH_UNDOING, UNWATCH),
    ]
