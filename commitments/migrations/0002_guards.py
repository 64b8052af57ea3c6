"""What must never be false, said by the database: append-only ledger and record, and the desk's invariants.

Every trigger is ENABLE ALWAYS, so that no session setting passes it by. Refusals carry class 23 error codes,
which Django raises as IntegrityError.
"""

from django.db import migrations
from typeid import TypeID

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '23000';
END $$;

-- The one permitted change of a version, standing or span: a null until_seq is filled in.
CREATE FUNCTION refuse_all_but_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.until_seq IS NULL AND NEW.until_seq IS NOT NULL
       AND to_jsonb(OLD) - 'until_seq' = to_jsonb(NEW) - 'until_seq' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: only an open row may be closed', TG_TABLE_NAME USING ERRCODE = '23000';
END $$;

CREATE FUNCTION refuse_all_but_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'commitments_head' THEN
        IF NEW.id = OLD.id AND NEW.log = OLD.log AND NEW.seq > OLD.seq
           AND (OLD.recorded_at IS NULL OR NEW.recorded_at >= OLD.recorded_at) THEN
            RETURN NEW;
        END IF;
    ELSIF TG_TABLE_NAME = 'commitments_total' THEN
        IF NEW.subject_type = OLD.subject_type AND NEW.things > OLD.things THEN
            RETURN NEW;
        END IF;
    ELSIF NEW.id = OLD.id AND NEW.type = OLD.type AND NEW.version = OLD.version + 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% only moves forward', TG_TABLE_NAME USING ERRCODE = '23000';
END $$;

-- Gapless: each entry's predecessor must exist.
ALTER TABLE commitments_entry
    ADD COLUMN prior bigint GENERATED ALWAYS AS (NULLIF(seq - 1, 0)) STORED
        CONSTRAINT entry_is_gapless REFERENCES commitments_entry (seq),
    ADD CONSTRAINT entry_leaf_fits CHECK (leaf = sha256('\\x00'::bytea || core));

-- A row is closed by a later entry than the one that opened it.
ALTER TABLE commitments_version ADD CONSTRAINT version_closed_later CHECK (until_seq > seq);
ALTER TABLE commitments_plainstanding ADD CONSTRAINT plainstanding_closed_later CHECK (until_seq > seq);
ALTER TABLE commitments_claimstanding ADD CONSTRAINT claimstanding_closed_later CHECK (until_seq > seq);
ALTER TABLE commitments_commitmentstanding ADD CONSTRAINT commitmentstanding_closed_later CHECK (until_seq > seq);
ALTER TABLE commitments_commitmentspan ADD CONSTRAINT commitmentspan_closed_later CHECK (until_seq > seq);

-- No status without a claim, nothing said without a passage: also where the append is called by hand.
CREATE FUNCTION version_holds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    document jsonb := convert_from(NEW.body, 'UTF8')::jsonb -> 'document';
    entry commitments_entry;
    core jsonb;
BEGIN
    SELECT * INTO entry FROM commitments_entry WHERE seq = NEW.seq;
    core := convert_from(entry.core, 'UTF8')::jsonb;
    IF (core ->> 'seq', core ->> 'set_last', core ->> 'type', core #>> '{subject,type}', core #>> '{subject,id}',
        core ->> 'version', core ->> 'nature', core ->> 'by')
       IS DISTINCT FROM (entry.seq::text, entry.set_last::text, entry.type::text, entry.subject_type::text,
        entry.subject_id::text, entry.version::text, entry.nature::text, entry."by"::text)
       OR (NEW.subject_id, NEW.n, NEW.type) IS DISTINCT FROM (entry.subject_id, entry.version, entry.type) THEN
        RAISE EXCEPTION 'entry %: its columns are not what its core says', NEW.seq USING ERRCODE = '23514';
    END IF;
    IF (core ->> 'body_digest')
       IS DISTINCT FROM encode(sha256(NEW.salt || NEW.body), 'hex') THEN
        RAISE EXCEPTION 'version %: the body is not the one that entry % digests', NEW.subject_id, NEW.seq
            USING ERRCODE = '23514';
    END IF;
    IF NEW.subject_type IN ('claim', 'office', 'occasion') AND coalesce(jsonb_array_length(document -> 'passages'), 0) = 0 THEN
        RAISE EXCEPTION '% without a passage', NEW.subject_type USING ERRCODE = '23514';
    END IF;
    IF document @? '$.bearings[*] ? (@.passages.size() == 0)' OR document @? '$.participants[*] ? (@.passages.size() == 0)' THEN
        RAISE EXCEPTION 'a bearing or participant without a passage' USING ERRCODE = '23514';
    END IF;
    IF NEW.subject_type = 'status_change' AND document ->> 'status' IS NULL
       AND document ->> 'nature' IS DISTINCT FROM 'correction' THEN
        RAISE EXCEPTION 'only a correction may have no status' USING ERRCODE = '23514';
    END IF;
    IF NEW.subject_type = 'status_change' AND document ->> 'status' IS NOT NULL
       AND coalesce(jsonb_array_length(document -> 'claims'), 0) = 0 THEN
        RAISE EXCEPTION 'status without a claim' USING ERRCODE = '23514';
    END IF;
    IF NEW.subject_type = 'source' AND coalesce(jsonb_array_length(document -> 'captures'), 0) = 0 THEN
        RAISE EXCEPTION 'source without a capture' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_holds BEFORE INSERT ON commitments_version
    FOR EACH ROW EXECUTE FUNCTION version_holds();
ALTER TABLE commitments_version ENABLE ALWAYS TRIGGER version_holds;

DO $$
DECLARE
    guarded text;
    guard text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY['entry', 'version', 'head', 'subject', 'total', 'plainstanding', 'claimstanding',
                                   'commitmentstanding', 'commitmentspan', 'capturebytes'] LOOP
        guard := CASE
            WHEN guarded IN ('entry', 'capturebytes') THEN 'refuse_change'
            WHEN guarded IN ('head', 'subject', 'total') THEN 'refuse_all_but_forward'
            ELSE 'refuse_all_but_closing'
        END;
        EXECUTE format('CREATE TRIGGER %1$s_no_update BEFORE UPDATE ON commitments_%1$s
                        FOR EACH ROW EXECUTE FUNCTION %2$s()', guarded, guard);
        EXECUTE format('CREATE TRIGGER %1$s_no_delete BEFORE DELETE ON commitments_%1$s
                        FOR EACH ROW EXECUTE FUNCTION refuse_change()', guarded);
        EXECUTE format('CREATE TRIGGER %1$s_no_truncate BEFORE TRUNCATE ON commitments_%1$s
                        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', guarded);
        EXECUTE format('ALTER TABLE commitments_%1$s ENABLE ALWAYS TRIGGER %1$s_no_update,
                        ENABLE ALWAYS TRIGGER %1$s_no_delete, ENABLE ALWAYS TRIGGER %1$s_no_truncate', guarded);
    END LOOP;
END $$;
"""

STANDINGS = ("plainstanding", "claimstanding", "commitmentstanding")
# Spelt out for each table: a statement put together at run time is planned anew, under the head row's lock.
OPEN_STANDINGS = """
    UPDATE commitments_{table} AS s SET until_seq = base + x.entry
    FROM jsonb_to_recordset(p -> '{table}') AS x (subject_id text, entry bigint, version int, version_seq bigint)
    WHERE (x.version > 1 OR x.version_seq IS NOT NULL) AND s.subject_id = x.subject_id AND s.until_seq IS NULL;

    INSERT INTO commitments_{table}
    SELECT r.* FROM jsonb_array_elements(p -> '{table}') AS x
    JOIN commitments_entry AS e
        ON e.seq = coalesce((x ->> 'version_seq')::bigint, base + (x ->> 'version_entry')::bigint),
    LATERAL jsonb_populate_record(NULL::commitments_{table}, x || jsonb_build_object(
        'seq', base + (x ->> 'entry')::bigint, 'version_seq', e.seq, 'opened_at', at,
        'record', format('{{"seq":%s,"version":%s,"leaf":"%s","recorded_at":"%s"}}',
            base + (x ->> 'entry')::bigint, e.version, encode(e.leaf, 'hex'),
            to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))) AS r;
"""
APPEND = (
    """
-- Locks published subjects in the order given (callers sort by id): exclusively, or against changes alone.
CREATE FUNCTION subject_lock(ids text[], exclusive boolean[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    FOR i IN 1 .. coalesce(array_length(ids, 1), 0) LOOP
        IF exclusive[i] THEN
            PERFORM 1 FROM commitments_subject WHERE id = ids[i] FOR NO KEY UPDATE;
        ELSE
            PERFORM 1 FROM commitments_subject WHERE id = ids[i] FOR SHARE;
        END IF;
    END LOOP;
END $$;

-- The whole append as one statement: takes the head row last, numbers the entries, completes their cores,
-- opens versions, standings and spans and closes those they replace. `day` (UTC) is the day the caller worked with;
-- where midnight has passed since, it is told to start again.
CREATE FUNCTION record_append(p jsonb) RETURNS TABLE (first_seq bigint, last_seq bigint)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    head commitments_head;
    base bigint;
    last bigint;
    at timestamptz;
    stamp text;
BEGIN
    SELECT * INTO STRICT head FROM commitments_head WHERE id = 1 FOR UPDATE;
    base := head.seq;
    last := base + jsonb_array_length(p -> 'entries');
    at := greatest(clock_timestamp(), head.recorded_at);
    IF last = base THEN
        RAISE EXCEPTION 'nothing to append' USING ERRCODE = '23514';
    END IF;
    IF (at AT TIME ZONE 'UTC')::date IS DISTINCT FROM (p ->> 'day')::date THEN
        RAISE EXCEPTION 'the day has turned' USING ERRCODE = '40001';
    END IF;
    stamp := to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

    INSERT INTO commitments_entry (seq, set_last, type, subject_type, subject_id, version, nature, by,
                                   recorded_at, core, leaf, commitments, actors)
    SELECT base + i, last, e.type, e.subject_type, e.subject_id, e.version, e.nature, e.by, at, core,
           sha256('\\x00'::bytea || core), coalesce(e.commitments, '{}'), coalesce(e.actors, '{}')
    FROM ROWS FROM (jsonb_to_recordset(p -> 'entries') AS (
             type text, subject_type text, subject_id text, version int, nature text, by text,
             core_head text, core_tail text, commitments text[], actors text[])) WITH ORDINALITY
             AS e (type, subject_type, subject_id, version, nature, by, core_head, core_tail, commitments, actors, i),
         LATERAL (SELECT convert_to(
             e.core_head || '"recorded_at":"' || stamp || '","seq":' || base + i
             || ',"set_last":' || last || ',' || e.core_tail, 'UTF8') AS core) AS c;

    -- A first version replaces nothing: there is nothing to look for.
    UPDATE commitments_version AS v SET until_seq = e.seq FROM commitments_entry AS e
    WHERE e.seq > base AND e.version > 1 AND v.subject_id = e.subject_id AND v.until_seq IS NULL;

    INSERT INTO commitments_version (seq, subject_type, subject_id, n, type, body, salt)
    SELECT e.seq, e.subject_type, e.subject_id, e.version, e.type, convert_to(v.body, 'UTF8'), decode(v.salt, 'hex')
    FROM ROWS FROM (jsonb_to_recordset(p -> 'entries') AS (body text, salt text)) WITH ORDINALITY AS v (body, salt, i)
    JOIN commitments_entry AS e ON e.seq = base + i;

    INSERT INTO commitments_subject AS s (id, type, version, leaf)
    SELECT e.subject_id, e.subject_type, e.version, e.leaf FROM commitments_entry AS e WHERE e.seq > base
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, leaf = excluded.leaf;

    INSERT INTO commitments_total AS t (subject_type, things)
    SELECT e.subject_type, count(*) FROM commitments_entry AS e
    WHERE e.seq > base AND e.version = 1 GROUP BY e.subject_type
    ON CONFLICT (subject_type) DO UPDATE SET things = t.things + excluded.things;

"""
    + "".join(OPEN_STANDINGS.format(table=table) for table in STANDINGS)
    + """
    UPDATE commitments_commitmentspan AS h SET until_seq = base + (x ->> 'entry')::bigint
    FROM jsonb_array_elements(p -> 'spans_closed') AS x
    WHERE h.subject_id = x ->> 'subject_id' AND h.from_day = (x ->> 'from_day')::date AND h.until_seq IS NULL;

    INSERT INTO commitments_commitmentspan
    SELECT r.* FROM jsonb_array_elements(p -> 'spans_opened') AS x,
         jsonb_populate_record(NULL::commitments_commitmentspan,
                               x || jsonb_build_object('seq', base + (x ->> 'entry')::bigint)) AS r;

    UPDATE commitments_head SET seq = last, recorded_at = at WHERE id = 1;
    RETURN QUERY SELECT base + 1, last;
END $$;
REVOKE ALL ON FUNCTION record_append(jsonb), subject_lock(text[], boolean[]) FROM PUBLIC;
"""
)

DATES = """
CREATE FUNCTION is_uncertain_date(d jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(
        jsonb_typeof(d) = 'object'
        AND d ?& ARRAY['edtf', 'earliest', 'latest', 'basis', 'note']
        AND d ->> 'earliest' ~ '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$'
        AND d ->> 'latest' ~ '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$'
        AND d ->> 'earliest' <= d ->> 'latest'
        AND d ->> 'basis' IN ('stated', 'dateline', 'weekday_resolved', 'caption', 'file_name', 'known_by',
                              'curator_estimate', 'unknown')
        AND (d ->> 'basis' = 'stated' OR coalesce(d ->> 'note', '') <> '')
        AND (d ->> 'basis' = 'unknown') = (d ->> 'edtf' IS NULL)
        AND (d ->> 'basis' <> 'unknown'
             OR (d ->> 'earliest' = '0001-01-01' AND d ->> 'latest' = '9999-12-31')),
        false)
$$;
ALTER TABLE commitments_office
    ADD CONSTRAINT office_start_is_date CHECK (is_uncertain_date(start)),
    ADD CONSTRAINT office_end_is_date CHECK (is_uncertain_date("end"));
ALTER TABLE commitments_occasion ADD CONSTRAINT occasion_date_is_date CHECK (is_uncertain_date(date));
ALTER TABLE commitments_source ADD CONSTRAINT source_published_is_date CHECK (is_uncertain_date(published));
ALTER TABLE commitments_capture ADD CONSTRAINT capture_captured_is_date CHECK (is_uncertain_date(captured));
ALTER TABLE commitments_claim ADD CONSTRAINT claim_said_on_is_date CHECK (is_uncertain_date(said_on));
ALTER TABLE commitments_commitment
    ADD CONSTRAINT commitment_made_on_is_date CHECK (is_uncertain_date(made_on)),
    ADD CONSTRAINT commitment_due_is_date CHECK (due IS NULL OR is_uncertain_date(due)),
    ADD CONSTRAINT commitment_due_first_is_date CHECK (due_first IS NULL OR is_uncertain_date(due_first));
ALTER TABLE commitments_statuschange
    ADD CONSTRAINT status_change_effective_is_date CHECK (effective IS NULL OR is_uncertain_date(effective));
"""

DESK = """
ALTER TABLE commitments_commitment ADD CONSTRAINT commitment_kind_is_a_kind CHECK (kind_id LIKE 'kind/%');
ALTER TABLE commitments_commitment_places ADD CONSTRAINT place_is_a_place CHECK (term_id LIKE 'place/%');
ALTER TABLE commitments_commitment_topics ADD CONSTRAINT topic_is_a_topic CHECK (term_id LIKE 'topic/%');
ALTER TABLE commitments_occasion ADD CONSTRAINT occasion_place_is_a_place CHECK (place_id LIKE 'place/%');

CREATE FUNCTION refuse(message text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', message USING ERRCODE = '23514';
END $$;

-- Published things are never deleted, unpublished or renumbered.
CREATE FUNCTION published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM refuse(TG_TABLE_NAME || ' cannot be emptied');
    ELSIF TG_OP = 'DELETE' THEN
        IF OLD.published_at IS NOT NULL THEN
            PERFORM refuse(TG_TABLE_NAME || ' ' || OLD.id || ' is published and stays; retract it instead');
        END IF;
        RETURN OLD;
    ELSIF NEW.id <> OLD.id OR (OLD.published_at IS NOT NULL AND NEW.published_at IS NULL) THEN
        PERFORM refuse(TG_TABLE_NAME || ' ' || OLD.id || ' keeps its id, and what is published stays so');
    END IF;
    RETURN NEW;
END $$;
DO $$
DECLARE
    noun text;
BEGIN
    FOREACH noun IN ARRAY ARRAY['term', 'actor', 'office', 'occasion', 'source', 'passage', 'claim',
                                'commitment', 'statuschange'] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_published_stays BEFORE UPDATE OR DELETE ON commitments_%1$s
                        FOR EACH ROW EXECUTE FUNCTION published_stays()', noun);
        EXECUTE format('CREATE TRIGGER %1$s_no_truncate BEFORE TRUNCATE ON commitments_%1$s
                        FOR EACH STATEMENT EXECUTE FUNCTION published_stays()', noun);
        EXECUTE format('ALTER TABLE commitments_%1$s ENABLE ALWAYS TRIGGER %1$s_published_stays,
                        ENABLE ALWAYS TRIGGER %1$s_no_truncate', noun);
    END LOOP;
    FOREACH noun IN ARRAY ARRAY['actorname', 'capture', 'hop', 'bearing', 'participant', 'party', 'lineage',
                                'claim_passages', 'bearing_passages', 'office_passages', 'occasion_passages',
                                'participant_passages', 'lineage_passages', 'commitment_places',
                                'commitment_topics', 'statuschange_claims'] LOOP
        EXECUTE format('CREATE TRIGGER %1$s_no_truncate BEFORE TRUNCATE ON commitments_%1$s
                        FOR EACH STATEMENT EXECUTE FUNCTION published_stays()', noun);
        EXECUTE format('ALTER TABLE commitments_%1$s ENABLE ALWAYS TRIGGER %1$s_no_truncate', noun);
    END LOOP;
END $$;

-- At commit: what is marked as published is in the ledger.
CREATE FUNCTION published_is_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM commitments_subject WHERE id = NEW.id) THEN
        PERFORM refuse(NEW.id || ' is not in the ledger: only an action publishes');
    END IF;
    RETURN NULL;
END $$;

-- No world date but a deadline and an office's end may end after today (UTC). Today is spelt out: a cast to text
-- would follow the session's DateStyle.
CREATE FUNCTION date_has_come() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse(format('%s ends after today; write the interval up to today', TG_ARGV[0]));
    RETURN NULL;
END $$;
DO $$
DECLARE
    dated text;
    noun text;
BEGIN
    FOREACH dated IN ARRAY ARRAY['office.start', 'occasion.date', 'source.published', 'capture.captured',
                                 'claim.said_on', 'commitment.made_on', 'statuschange.effective'] LOOP
        noun := split_part(dated, '.', 1);
        EXECUTE format('CREATE TRIGGER %1$s_date_has_come BEFORE INSERT OR UPDATE ON commitments_%1$s
                        FOR EACH ROW WHEN (NEW.%2$I ->> ''edtf'' IS NOT NULL AND NEW.%2$I ->> ''latest''
                                           > to_char(now() AT TIME ZONE ''UTC'', ''YYYY-MM-DD''))
                        EXECUTE FUNCTION date_has_come(%2$L)', noun, split_part(dated, '.', 2));
        EXECUTE format('ALTER TABLE commitments_%1$s ENABLE ALWAYS TRIGGER %1$s_date_has_come', noun);
    END LOOP;
    FOREACH noun IN ARRAY ARRAY['term', 'actor', 'office', 'occasion', 'source', 'passage', 'claim',
                                'commitment', 'statuschange'] LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER %1$s_published_is_recorded
                        AFTER INSERT OR UPDATE OF published_at ON commitments_%1$s DEFERRABLE INITIALLY DEFERRED
                        FOR EACH ROW WHEN (NEW.published_at IS NOT NULL)
                        EXECUTE FUNCTION published_is_recorded()', noun);
        EXECUTE format('ALTER TABLE commitments_%1$s ENABLE ALWAYS TRIGGER %1$s_published_is_recorded', noun);
    END LOOP;
END $$;

CREATE FUNCTION capture_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM commitments_source WHERE id = OLD.source_id AND published_at IS NOT NULL) THEN
        PERFORM refuse('a capture of a published source is never edited or removed; add another capture');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER capture_stays BEFORE UPDATE OR DELETE ON commitments_capture
    FOR EACH ROW EXECUTE FUNCTION capture_stays();

CREATE FUNCTION bytes_fit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    capture commitments_capture;
BEGIN
    SELECT * INTO capture FROM commitments_capture WHERE id = NEW.capture_id;
    IF encode(sha256(NEW.data), 'hex') <> capture.sha256 OR length(NEW.data) <> capture.size THEN
        PERFORM refuse('these bytes are not the capture: their SHA-256 or size differs');
    END IF;
    IF encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') <> capture.text_sha256
       OR char_length(NEW.text) <> capture.characters THEN
        PERFORM refuse('this text is not the capture''s: its SHA-256 or number of characters differs');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bytes_fit BEFORE INSERT ON commitments_capturebytes
    FOR EACH ROW EXECUTE FUNCTION bytes_fit();

-- A passage fits its capture; where the text is held the words stand there, or a recheck of the same place
-- said that they do not. No-break spaces part words too: whether \\s has them differs between locales.
CREATE FUNCTION passage_holds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    capture commitments_capture;
    source_rights text;
    held_text text;
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
    END IF;
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
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER passage_holds BEFORE INSERT OR UPDATE ON commitments_passage
    FOR EACH ROW EXECUTE FUNCTION passage_holds();

CREATE FUNCTION source_rights_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.rights = 'quote_only' AND OLD.rights <> 'quote_only' AND EXISTS (
        SELECT 1 FROM commitments_passage p JOIN commitments_capture c ON c.id = p.capture_id
        WHERE c.source_id = NEW.id AND (p.prefix <> '' OR p.suffix <> '' OR p.voice <> 'quoted'
              AND array_length(regexp_split_to_array(btrim(p.exact), '[\\s\u00a0\u2007\u202f]+'), 1) > 5)) THEN
        PERFORM refuse('passages of this source show more than may be quoted; shorten those first');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER source_rights_hold BEFORE UPDATE OF rights ON commitments_source
    FOR EACH ROW EXECUTE FUNCTION source_rights_hold();

CREATE FUNCTION claim_office_is_claimants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM commitments_office WHERE id = NEW.office_id AND person_id = NEW.claimant_id) THEN
        PERFORM refuse('the office is not one that the claimant held');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_office_is_claimants BEFORE INSERT OR UPDATE ON commitments_claim
    FOR EACH ROW WHEN (NEW.office_id IS NOT NULL) EXECUTE FUNCTION claim_office_is_claimants();

CREATE FUNCTION office_stays_its_holders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM commitments_claim WHERE office_id = NEW.id AND claimant_id <> NEW.person_id) THEN
        PERFORM refuse('claims were made in this office by its holder; record another office for another person');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER office_stays_its_holders BEFORE UPDATE OF person_id ON commitments_office
    FOR EACH ROW EXECUTE FUNCTION office_stays_its_holders();

CREATE FUNCTION due_first_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL AND OLD.due_first IS NOT NULL
       AND NEW.due_first IS DISTINCT FROM OLD.due_first THEN
        PERFORM refuse('the first deadline of a published commitment never moves');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER due_first_stays BEFORE UPDATE ON commitments_commitment
    FOR EACH ROW EXECUTE FUNCTION due_first_stays();

CREATE FUNCTION no_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'commitments_actor' THEN
        IF EXISTS (WITH RECURSIVE above AS (
                SELECT part_of_id AS id FROM commitments_actor WHERE id = NEW.part_of_id
                UNION SELECT a.part_of_id FROM commitments_actor a JOIN above ON a.id = above.id)
            SELECT 1 FROM above WHERE id = NEW.id) THEN
            PERFORM refuse('an actor cannot be part of something that is part of it');
        END IF;
    ELSIF EXISTS (WITH RECURSIVE before AS (
                SELECT NEW.target_id AS id
                UNION SELECT l.target_id FROM commitments_lineage l
                      JOIN before ON l.commitment_id = before.id AND l.type = NEW.type)
            SELECT 1 FROM before WHERE id = NEW.commitment_id) THEN
        PERFORM refuse(format('a commitment cannot come to “%s” itself by way of others', NEW.type));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER actor_no_cycle BEFORE INSERT OR UPDATE ON commitments_actor
    FOR EACH ROW EXECUTE FUNCTION no_cycle();
CREATE TRIGGER lineage_no_cycle BEFORE INSERT OR UPDATE ON commitments_lineage
    FOR EACH ROW EXECUTE FUNCTION no_cycle();

-- A recorded status change is never edited: it is corrected by another one.
CREATE FUNCTION status_change_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'commitments_statuschange_claims' THEN
        IF EXISTS (SELECT 1 FROM commitments_statuschange WHERE published_at IS NOT NULL
                   AND id IN (OLD.statuschange_id, CASE WHEN TG_OP <> 'DELETE' THEN NEW.statuschange_id END)) THEN
            PERFORM refuse('the claims of a recorded status change stay; correct the change instead');
        END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF to_jsonb(OLD) - ARRAY['edited_at', 'published_at'] <> to_jsonb(NEW) - ARRAY['edited_at', 'published_at'] THEN
        PERFORM refuse('a recorded status change is never edited; correct it instead');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER status_change_stays BEFORE UPDATE ON commitments_statuschange
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION status_change_stays();
CREATE TRIGGER status_change_claims_stay BEFORE INSERT OR UPDATE OR DELETE ON commitments_statuschange_claims
    FOR EACH ROW EXECUTE FUNCTION status_change_stays();

CREATE FUNCTION correction_of_same_commitment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM commitments_statuschange
        WHERE id = NEW.corrects_id AND commitment_id = NEW.commitment_id) THEN
        PERFORM refuse('a correction names a status change of the same commitment');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER correction_of_same_commitment BEFORE INSERT OR UPDATE ON commitments_statuschange
    FOR EACH ROW WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION correction_of_same_commitment();

-- At commit: what is published rests on something. What moves must not leave its old place bare either.
CREATE FUNCTION published_rests() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row jsonb;
    subject text;
BEGIN
    FOREACH row IN ARRAY ARRAY[to_jsonb(OLD), to_jsonb(NEW)] LOOP
        CONTINUE WHEN row IS NULL;
        IF TG_TABLE_NAME IN ('commitments_claim', 'commitments_claim_passages', 'commitments_bearing') THEN
            subject := coalesce(row ->> 'claim_id', row ->> 'id');
            IF EXISTS (SELECT 1 FROM commitments_claim WHERE id = subject AND published_at IS NOT NULL)
               AND NOT EXISTS (SELECT 1 FROM commitments_claim_passages WHERE claim_id = subject)
               AND NOT EXISTS (SELECT 1 FROM commitments_bearing b JOIN commitments_bearing_passages p
                               ON p.bearing_id = b.id WHERE b.claim_id = subject) THEN
                PERFORM refuse('a published claim needs a passage');
            END IF;
        ELSIF TG_TABLE_NAME IN ('commitments_office', 'commitments_office_passages') THEN
            subject := coalesce(row ->> 'office_id', row ->> 'id');
            IF EXISTS (SELECT 1 FROM commitments_office WHERE id = subject AND published_at IS NOT NULL)
               AND NOT EXISTS (SELECT 1 FROM commitments_office_passages WHERE office_id = subject) THEN
                PERFORM refuse('a published office needs a passage');
            END IF;
        ELSIF TG_TABLE_NAME IN ('commitments_occasion', 'commitments_occasion_passages',
                                'commitments_participant', 'commitments_participant_passages') THEN
            subject := coalesce(row ->> 'occasion_id', (SELECT occasion_id FROM commitments_participant
                                                        WHERE id = (row ->> 'participant_id')::bigint), row ->> 'id');
            IF EXISTS (SELECT 1 FROM commitments_occasion o WHERE o.id = subject AND o.published_at IS NOT NULL AND (
                   NOT EXISTS (SELECT 1 FROM commitments_occasion_passages WHERE occasion_id = o.id)
                   OR EXISTS (SELECT 1 FROM commitments_participant t WHERE t.occasion_id = o.id AND NOT EXISTS (
                       SELECT 1 FROM commitments_participant_passages WHERE participant_id = t.id)))) THEN
                PERFORM refuse('a published occasion and each of its participants need a passage');
            END IF;
        END IF;
        IF TG_TABLE_NAME IN ('commitments_lineage', 'commitments_lineage_passages') THEN
            subject := coalesce(row ->> 'lineage_id', row ->> 'id');
            IF EXISTS (SELECT 1 FROM commitments_lineage l JOIN commitments_commitment c ON c.id = l.commitment_id
                       WHERE l.id = subject::bigint AND c.published_at IS NOT NULL AND l.reading <> 'inference'
                       AND NOT EXISTS (SELECT 1 FROM commitments_lineage_passages WHERE lineage_id = l.id)) THEN
                PERFORM refuse('published lineage that is not our inference needs a passage');
            END IF;
        END IF;
        IF TG_TABLE_NAME IN ('commitments_bearing', 'commitments_bearing_passages') THEN
            subject := coalesce(row ->> 'bearing_id', row ->> 'id');
            IF EXISTS (SELECT 1 FROM commitments_bearing b JOIN commitments_claim c ON c.id = b.claim_id
                       WHERE b.id = subject::bigint AND c.published_at IS NOT NULL AND NOT EXISTS (
                           SELECT 1 FROM commitments_bearing_passages WHERE bearing_id = b.id)) THEN
                PERFORM refuse('each bearing of a published claim needs a passage');
            END IF;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- At commit: a recorded status that counts has its claim, also after that claim's bearings changed.
CREATE FUNCTION status_rests() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row jsonb := to_jsonb(CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END);
    changes text[];
    change text;
BEGIN
    IF TG_TABLE_NAME = 'commitments_bearing' THEN
        changes := ARRAY(SELECT statuschange_id FROM commitments_statuschange_claims
                         WHERE claim_id = row ->> 'claim_id');
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
                       WHERE c.statuschange_id = s.id AND b.commitment_id = s.commitment_id
                             AND b.status = s.status)) THEN
            PERFORM refuse('a recorded status needs a cited claim that bears that very status');
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
DO $$
DECLARE
    watched text;
    told text;
    published text;
BEGIN
    -- Only what can leave something bare is queued: no draft, which is looked at when it is published, and no new
    -- citation. A set of 500 commitments would queue ten thousand more.
    FOR watched, told, published IN VALUES
        ('claim', 'INSERT OR UPDATE', 'WHEN (NEW.published_at IS NOT NULL)'),
        ('office', 'INSERT OR UPDATE', 'WHEN (NEW.published_at IS NOT NULL)'),
        ('occasion', 'INSERT OR UPDATE', 'WHEN (NEW.published_at IS NOT NULL)'),
        ('bearing', 'INSERT OR UPDATE OR DELETE', ''),
        ('participant', 'INSERT OR UPDATE OR DELETE', ''),
        ('lineage', 'INSERT OR UPDATE OR DELETE', ''),
        ('claim_passages', 'UPDATE OR DELETE', ''),
        ('bearing_passages', 'UPDATE OR DELETE', ''),
        ('office_passages', 'UPDATE OR DELETE', ''),
        ('occasion_passages', 'UPDATE OR DELETE', ''),
        ('participant_passages', 'UPDATE OR DELETE', ''),
        ('lineage_passages', 'UPDATE OR DELETE', '')
    LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER %1$s_published_rests AFTER %2$s
                        ON commitments_%1$s DEFERRABLE INITIALLY DEFERRED
                        FOR EACH ROW %3$s EXECUTE FUNCTION published_rests()', watched, told, published);
        EXECUTE format('ALTER TABLE commitments_%1$s ENABLE ALWAYS TRIGGER %1$s_published_rests', watched);
    END LOOP;
    FOR watched, told, published IN VALUES
        ('statuschange', 'INSERT OR UPDATE', 'WHEN (NEW.published_at IS NOT NULL)'),
        ('statuschange_claims', 'UPDATE OR DELETE', ''),
        ('bearing', 'UPDATE OR DELETE', '')
    LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER %1$s_status_rests AFTER %2$s ON commitments_%1$s
                        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW %3$s EXECUTE FUNCTION status_rests()',
                       watched, told, published);
        EXECUTE format('ALTER TABLE commitments_%1$s ENABLE ALWAYS TRIGGER %1$s_status_rests', watched);
    END LOOP;
    FOREACH watched IN ARRAY ARRAY['capture.capture_stays', 'capturebytes.bytes_fit', 'passage.passage_holds',
        'source.source_rights_hold', 'claim.claim_office_is_claimants', 'office.office_stays_its_holders', 'commitment.due_first_stays',
        'actor.actor_no_cycle', 'lineage.lineage_no_cycle', 'statuschange.status_change_stays',
        'statuschange_claims.status_change_claims_stay', 'statuschange.correction_of_same_commitment'] LOOP
        EXECUTE format('ALTER TABLE commitments_%s ENABLE ALWAYS TRIGGER %s',
                       split_part(watched, '.', 1), split_part(watched, '.', 2));
    END LOOP;
END $$;

-- A session's temporary table of the same name would come first otherwise: in what the guards look up, and,
-- with a trigger of its own, in what runs as the owner.
DO $$
DECLARE
    guard text;
BEGIN
    FOREACH guard IN ARRAY ARRAY['record_append', 'subject_lock', 'version_holds', 'capture_stays', 'bytes_fit',
        'published_is_recorded', 'passage_holds', 'source_rights_hold', 'claim_office_is_claimants',
        'office_stays_its_holders', 'no_cycle', 'status_change_stays',
        'correction_of_same_commitment', 'published_rests', 'status_rests'] LOOP
        EXECUTE format('ALTER FUNCTION %I SET search_path = %I, pg_temp', guard, current_schema());
    END LOOP;
END $$;
"""

UNDO = """
DROP FUNCTION refuse_change, refuse_all_but_closing, refuse_all_but_forward, version_holds, published_stays,
    capture_stays, bytes_fit, passage_holds, source_rights_hold, claim_office_is_claimants, due_first_stays,
    published_is_recorded, date_has_come, office_stays_its_holders, no_cycle, status_change_stays, correction_of_same_commitment, published_rests, status_rests, is_uncertain_date CASCADE;
DROP FUNCTION subject_lock, record_append, refuse;
ALTER TABLE commitments_commitment DROP CONSTRAINT commitment_kind_is_a_kind;
ALTER TABLE commitments_commitment_places DROP CONSTRAINT place_is_a_place;
ALTER TABLE commitments_commitment_topics DROP CONSTRAINT topic_is_a_topic;
ALTER TABLE commitments_occasion DROP CONSTRAINT occasion_place_is_a_place;
ALTER TABLE commitments_entry DROP COLUMN prior, DROP CONSTRAINT entry_leaf_fits;
ALTER TABLE commitments_version DROP CONSTRAINT version_closed_later;
ALTER TABLE commitments_plainstanding DROP CONSTRAINT plainstanding_closed_later;
ALTER TABLE commitments_claimstanding DROP CONSTRAINT claimstanding_closed_later;
ALTER TABLE commitments_commitmentstanding DROP CONSTRAINT commitmentstanding_closed_later;
ALTER TABLE commitments_commitmentspan DROP CONSTRAINT commitmentspan_closed_later;
"""


def open_log(apps, schema_editor):
    """The one head row, with this installation's log id; an older one (reversed, applied again) stays."""
    apps.get_model("commitments", "Head").objects.get_or_create(id=1, defaults={"log": str(TypeID(prefix="log"))})


class Migration(migrations.Migration):
    dependencies = [("commitments", "0001_initial")]
    operations = [
        migrations.RunPython(open_log, migrations.RunPython.noop),
        migrations.RunSQL(APPEND_ONLY + APPEND + DATES + DESK, UNDO),
    ]
