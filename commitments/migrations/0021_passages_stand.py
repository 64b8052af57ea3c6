"""Whether passages stand in the held text is asked once a statement: an import writes thousands into one text, and
finding a place in it by its characters reads the text from its start."""

from django.db import migrations

STAND = """
-- Blocks of the text are cut out once, and the passages that begin in a block are looked up there.
CREATE FUNCTION passages_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    placed_ones refcursor;
    passage record;
    held_in text := '';
    held_text text;
    block text;
    first_place integer;
    last_place integer;
BEGIN
    IF TG_OP = 'INSERT' THEN
        OPEN placed_ones FOR SELECT capture_id, start, "end", exact_sha256 FROM placed ORDER BY capture_id, start;
    ELSE
        -- A recheck of the same place may say that the words do not stand there.
        OPEN placed_ones FOR SELECT p.capture_id, p.start, p."end", p.exact_sha256
            FROM placed p LEFT JOIN replaced r ON r.id = p.id
            WHERE p.anchor NOT IN ('ambiguous', 'orphaned') OR (p.capture_id, p.start, p."end", p.exact_sha256)
                  IS DISTINCT FROM (r.capture_id, r.start, r."end", r.exact_sha256)
            ORDER BY p.capture_id, p.start;
    END IF;
    LOOP
        FETCH placed_ones INTO passage;
        EXIT WHEN NOT FOUND;
        IF passage.capture_id <> held_in THEN
            held_in := passage.capture_id;
            -- Joined to nothing, it is unpacked once.
            held_text := (SELECT text || '' FROM commitments_capturebytes WHERE capture_id = held_in);
            last_place := 0;
        END IF;
        CONTINUE WHEN held_text IS NULL;
        IF passage."end" > last_place THEN
            first_place := passage.start;
            last_place := greatest(passage."end", first_place + 10000);
            block := substr(held_text, first_place + 1, last_place - first_place);
        END IF;
        IF encode(sha256(convert_to(substr(block, passage.start - first_place + 1, passage."end" - passage.start),
                                    'UTF8')), 'hex') <> passage.exact_sha256 THEN
            PERFORM refuse(format('the words do not stand at %s to %s of the held text',
                                  passage.start, passage."end"));
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER passages_stand AFTER INSERT ON commitments_passage
    REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION passages_stand();
CREATE TRIGGER passages_still_stand AFTER UPDATE ON commitments_passage
    REFERENCING OLD TABLE AS replaced NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION passages_stand();
ALTER TABLE commitments_passage ENABLE ALWAYS TRIGGER passages_stand, ENABLE ALWAYS TRIGGER passages_still_stand;
"""
UNDO_STAND = "DROP FUNCTION passages_stand CASCADE;"

# As in 0002_guards, but for what stands in braces.
HOLDS = """
CREATE OR REPLACE FUNCTION passage_holds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    capture commitments_capture;
    source_rights text;{and_declared}
BEGIN
    SELECT * INTO capture FROM commitments_capture WHERE id = NEW.capture_id;
    IF capture.id IS NULL THEN
        RETURN NEW;  -- the foreign key refuses it
    END IF;
    SELECT rights INTO source_rights FROM commitments_source WHERE id = capture.source_id;
    IF NEW."end" > capture.characters THEN
        PERFORM refuse(format('the passage ends at %s, after the text''s %s characters',
                              NEW."end", capture.characters));
    END IF;
    IF NEW.exact <> '' AND (char_length(NEW.exact) <> NEW."end" - NEW.start
                            OR encode(sha256(convert_to(NEW.exact, 'UTF8')), 'hex') <> NEW.exact_sha256) THEN
        PERFORM refuse('the exact words do not fit their positions and digest');
    END IF;
    IF source_rights = 'quote_only' AND (NEW.prefix <> '' OR NEW.suffix <> ''
            OR NEW.voice <> 'quoted' AND array_length(regexp_split_to_array(btrim(NEW.exact), '[\\s\u00a0\u2007\u202f]+'), 1) > 5) THEN
        PERFORM refuse('of a source that may only be quoted, no more than five of the outlet''s own words '
                       'in a row may be shown, and no context');
    END IF;{and_asked}
    RETURN NEW;
END $$;
"""
ASKED_BEFORE = """
    SELECT text INTO held_text FROM commitments_capturebytes WHERE capture_id = capture.id;
    IF held_text IS NOT NULL AND (
           NEW.anchor NOT IN ('ambiguous', 'orphaned') OR TG_OP = 'INSERT'
           OR (NEW.capture_id, NEW.start, NEW."end", NEW.exact_sha256)
              IS DISTINCT FROM (OLD.capture_id, OLD.start, OLD."end", OLD.exact_sha256)) THEN
        IF encode(sha256(convert_to(substr(held_text, NEW.start + 1, NEW."end" - NEW.start), 'UTF8')), 'hex')
           <> NEW.exact_sha256 THEN
            PERFORM refuse(format('the words do not stand at %s to %s of the held text',
                                  NEW.start, NEW."end"));
        END IF;
    END IF;"""
# A function that is written anew forgets where it may look.
SEARCH = """
DO $$
DECLARE
    guard text;
BEGIN
    FOREACH guard IN ARRAY ARRAY[{guards}] LOOP
        EXECUTE format('ALTER FUNCTION %I SET search_path = %I, pg_temp', guard, current_schema());
    END LOOP;
END $$;
"""
NOW = HOLDS.format(and_declared="", and_asked="") + SEARCH.format(guards="'passage_holds', 'passages_stand'")
AS_BEFORE = HOLDS.format(and_declared="\n    held_text text;", and_asked=ASKED_BEFORE)
AS_BEFORE += SEARCH.format(guards="'passage_holds'")


class Migration(migrations.Migration):
    dependencies = [("commitments", "0020_work_stays")]
    operations = [migrations.RunSQL(STAND, UNDO_STAND), migrations.RunSQL(NOW, AS_BEFORE)]
