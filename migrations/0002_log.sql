-- The append-only log. See docs/architecture.md, "The log".

-- The end of each log. Whoever appends locks this row until commit, so that commit order is
-- position order and there are no gaps.
CREATE TABLE hindsight.head (
    log_id     uuid PRIMARY KEY,
    position   bigint NOT NULL DEFAULT 0 CHECK (position >= 0),
    clock      timestamptz NOT NULL DEFAULT '-infinity',
    simulated  boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 10);

CREATE TABLE hindsight.event (
    log_id         uuid NOT NULL,
    stream_id      uuid NOT NULL,
    position       bigint NOT NULL CHECK (position > 0),
    recorded_at    timestamptz NOT NULL,
    -- The greatest recorded_at up to here: what as-of looks at. Any verifier can derive it.
    clock          timestamptz NOT NULL,
    version        integer NOT NULL CHECK (version > 0),
    schema_version smallint NOT NULL,
    type           text NOT NULL,
    payload        bytea NOT NULL,
    sealed         bytea NOT NULL,
    meta           bytea NOT NULL,
    leaf           bytea NOT NULL CHECK (octet_length(leaf) = 32),
    PRIMARY KEY (log_id, position),
    -- Also says at which version a stream is: a table of streams would be a second truth, and its
    -- upkeep costs as much as the event itself.
    UNIQUE (log_id, stream_id, version)
);
-- Ciphertext does not compress; trying costs time on every append.
ALTER TABLE hindsight.event ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- Commands that somebody may send again (with an idempotency key, or a derived id), so that each
-- is carried out once.
CREATE TABLE hindsight.command (
    log_id      uuid NOT NULL,
    command_id  uuid NOT NULL,
    first       bigint NOT NULL,
    last        bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    fingerprint bytea CHECK (octet_length(fingerprint) = 16),
    PRIMARY KEY (log_id, command_id)
);

-- One secret per person and log, from which their sealing key is derived together with the root
-- secret. A destroyed secret leaves its row, so that nobody seals for an erased person again.
CREATE TABLE hindsight.subject_key (
    log_id       uuid NOT NULL,
    subject_id   uuid NOT NULL,
    secret       bytea CHECK (octet_length(secret) = 32),
    destroyed_at timestamptz,
    PRIMARY KEY (log_id, subject_id),
    CHECK ((secret IS NULL) = (destroyed_at IS NOT NULL))
);

-- Nothing that happened is ever changed; not by us, not by the owner by accident.
CREATE FUNCTION hindsight.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'HS100';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hindsight.event
    FOR EACH STATEMENT EXECUTE FUNCTION hindsight.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hindsight.command
    FOR EACH STATEMENT EXECUTE FUNCTION hindsight.refuse_change();
ALTER TABLE hindsight.event ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE hindsight.command ENABLE ALWAYS TRIGGER append_only;

-- Appends one command to one stream. Verdicts: 0 appended, 1 carried out before, 2 conflict,
-- 3 a subject's key exists already (seal again with it), 4 no such log.
--
-- A command without an id is recognised, when a writer repeats it after a broken connection, by
-- its first event's leaf standing where it would be put.
CREATE FUNCTION hindsight.append_one(
    p_log uuid, p_command uuid, p_fingerprint bytea, p_stream uuid, p_expected integer,
    p_type text[], p_schema_version smallint[], p_recorded_at timestamptz,
    p_payload bytea[], p_sealed bytea[], p_meta bytea[], p_leaf bytea[],
    p_subject uuid[], p_secret bytea[],
    OUT verdict smallint, OUT first bigint, OUT last bigint, OUT actual integer, OUT fingerprint bytea
) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    n integer := cardinality(p_type);
    base bigint;
    base_clock timestamptz;
BEGIN
    -- Takes the head's lock and the positions at once; given back below if nothing is appended.
    UPDATE hindsight.head h
       SET position = h.position + n, clock = greatest(h.clock, p_recorded_at)
     WHERE h.log_id = p_log
    RETURNING h.position - n, h.clock INTO base, base_clock;
    IF NOT FOUND THEN
        verdict := 4;
        RETURN;
    END IF;
    -- Times from the future would push the log's clock ahead of everybody's. Servers' clocks may
    -- differ a little.
    IF p_recorded_at > clock_timestamp() + interval '5 minutes' THEN
        RAISE EXCEPTION 'recorded_at lies in the future' USING ERRCODE = 'HS003';
    END IF;

    -- From here on a fresh snapshot sees whatever the previous holder of the lock committed.
    IF p_command IS NOT NULL THEN
        SELECT 1, c.first, c.last, c.fingerprint INTO verdict, first, last, fingerprint
          FROM hindsight.command c WHERE c.log_id = p_log AND c.command_id = p_command;
    END IF;
    IF verdict IS NULL THEN
        SELECT e.version INTO actual FROM hindsight.event e
         WHERE e.log_id = p_log AND e.stream_id = p_stream ORDER BY e.version DESC LIMIT 1;
        actual := coalesce(actual, 0);
        IF actual <> p_expected THEN
            SELECT 1, e.position, e.position + n - 1 INTO verdict, first, last
              FROM hindsight.event e
             WHERE e.log_id = p_log AND e.stream_id = p_stream AND e.version = p_expected + 1
               AND e.leaf = p_leaf[1];
            verdict := coalesce(verdict, 2);
        END IF;
    END IF;
    IF verdict IS NOT NULL THEN
        -- The clock may stay ahead: later events only have to be later than it.
        UPDATE hindsight.head h SET position = base WHERE h.log_id = p_log;
        RETURN;
    END IF;

    IF n = 1 THEN
        INSERT INTO hindsight.event (log_id, position, stream_id, version, type, schema_version,
                                     recorded_at, clock, payload, sealed, meta, leaf)
        VALUES (p_log, base + 1, p_stream, p_expected + 1, p_type[1], p_schema_version[1],
                p_recorded_at, base_clock, p_payload[1], p_sealed[1], p_meta[1], p_leaf[1]);
    ELSE
        INSERT INTO hindsight.event (log_id, position, stream_id, version, type, schema_version,
                                     recorded_at, clock, payload, sealed, meta, leaf)
        SELECT p_log, base + e.ord, p_stream, p_expected + e.ord::integer, e.type, e.schema_version,
               p_recorded_at, base_clock, e.payload, e.sealed, e.meta, e.leaf
          FROM unnest(p_type, p_schema_version, p_payload, p_sealed, p_meta, p_leaf) WITH ORDINALITY
               AS e (type, schema_version, payload, sealed, meta, leaf, ord);
    END IF;
    FOR k IN 1 .. cardinality(p_subject) LOOP
        INSERT INTO hindsight.subject_key (log_id, subject_id, secret)
        VALUES (p_log, p_subject[k], p_secret[k]) ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a subject has a key already' USING ERRCODE = 'HS002';
        END IF;
    END LOOP;
    IF p_command IS NOT NULL THEN
        INSERT INTO hindsight.command (log_id, command_id, first, last, recorded_at, fingerprint)
        VALUES (p_log, p_command, base + 1, base + n, p_recorded_at, p_fingerprint);
    END IF;
    verdict := 0;
    first := base + 1;
    last := base + n;
    fingerprint := p_fingerprint;
END
$$;

-- Appends many commands, each over one or more streams, in the order given: all of them, or none.
-- Answers one row with command 0 and the first position if all were appended; else a row for each
-- command that cannot be (verdicts as in append_one), and the caller sends the others again. So a
-- loser costs a second call, and winning costs no judging of each.
--
-- Arrays c_* are per command, s_* per stream of a command, e_* per event, k_* per new key;
-- s_command, e_stream and k_command are the index (from 1) of what a member belongs to, s_first
-- the index of a stream's first event, e_clock the greatest recorded_at so far. No stream, subject
-- or command id may occur twice.
CREATE FUNCTION hindsight.append_batch(
    p_log uuid,
    c_id uuid[], c_fingerprint bytea[], c_first integer[], c_events integer[],
    s_command integer[], s_stream uuid[], s_expected integer[], s_first integer[],
    e_stream integer[], e_ordinal integer[], e_type text[], e_schema_version smallint[],
    e_recorded_at timestamptz[], e_clock timestamptz[],
    e_payload bytea[], e_sealed bytea[], e_meta bytea[], e_leaf bytea[],
    k_command integer[], k_subject uuid[], k_secret bytea[]
) RETURNS TABLE (command integer, verdict smallint, first bigint, last bigint,
                 conflict_stream uuid, actual integer, fingerprint bytea)
LANGUAGE plpgsql SECURITY DEFINER
-- Planning anew for each batch takes longer than carrying it out.
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    n integer := cardinality(e_type);
    latest timestamptz := e_clock[cardinality(e_type)];
    base bigint;
    base_clock timestamptz;
BEGIN
    SELECT h.position, h.clock INTO base, base_clock
      FROM hindsight.head h WHERE h.log_id = p_log FOR UPDATE;
    IF NOT FOUND THEN
        RETURN QUERY SELECT c, 4::smallint, NULL::bigint, NULL::bigint, NULL::uuid, NULL::integer, NULL::bytea
                       FROM generate_subscripts(c_id, 1) c;
        RETURN;
    END IF;
    IF latest > clock_timestamp() + interval '5 minutes' THEN
        RAISE EXCEPTION 'recorded_at lies in the future' USING ERRCODE = 'HS003';
    END IF;

    -- A new statement, hence a fresh snapshot: it sees all that was committed before the lock.
    -- LATERAL with LIMIT pins each look-up to its key, whatever the statistics say.
    RETURN QUERY
    SELECT DISTINCT ON (l.command) l.* FROM (
        SELECT c.ord::integer AS command, 1::smallint AS verdict, d.first, d.last,
               NULL::uuid, NULL::integer, d.fingerprint
          FROM unnest(c_id) WITH ORDINALITY AS c (id, ord)
         CROSS JOIN LATERAL (SELECT t.first, t.last, t.fingerprint FROM hindsight.command t
                              WHERE t.log_id = p_log AND t.command_id = c.id LIMIT 1) d
        UNION ALL
        SELECT s.command, (CASE WHEN y.position IS NULL THEN 2 ELSE 1 END)::smallint,
               y.position, y.position + c_events[s.command] - 1, s.stream, coalesce(x.version, 0), NULL
          FROM unnest(s_command, s_stream, s_expected, s_first) AS s (command, stream, expected, first)
          LEFT JOIN LATERAL (SELECT t.version FROM hindsight.event t
                              WHERE t.log_id = p_log AND t.stream_id = s.stream
                              ORDER BY t.version DESC LIMIT 1) x ON true
          LEFT JOIN LATERAL (SELECT t.position FROM hindsight.event t
                              WHERE coalesce(x.version, 0) > s.expected
                                AND t.log_id = p_log AND t.stream_id = s.stream
                                AND t.version = s.expected + 1 AND t.leaf = e_leaf[s.first]
                                AND s.first = c_first[s.command] LIMIT 1) y ON true
         WHERE coalesce(x.version, 0) <> s.expected
        UNION ALL
        SELECT k.command, 3::smallint, NULL, NULL, NULL, NULL, NULL
          FROM unnest(k_command, k_subject) AS k (command, subject)
         CROSS JOIN LATERAL (SELECT FROM hindsight.subject_key t
                              WHERE t.log_id = p_log AND t.subject_id = k.subject LIMIT 1) x
    ) AS l (command, verdict, first, last, conflict_stream, actual, fingerprint)
    ORDER BY l.command, l.verdict;
    IF FOUND THEN
        RETURN;
    END IF;

    INSERT INTO hindsight.event (log_id, position, stream_id, version, type, schema_version,
                                 recorded_at, clock, payload, sealed, meta, leaf)
    SELECT p_log, base + e.ord, s_stream[e.stream], s_expected[e.stream] + e.ordinal, e.type,
           e.schema_version, e.recorded_at, greatest(base_clock, e.clock),
           e.payload, e.sealed, e.meta, e.leaf
      FROM unnest(e_stream, e_ordinal, e_type, e_schema_version, e_recorded_at, e_clock,
                  e_payload, e_sealed, e_meta, e_leaf) WITH ORDINALITY
           AS e (stream, ordinal, type, schema_version, recorded_at, clock, payload, sealed, meta, leaf, ord);
    IF cardinality(k_subject) > 0 THEN
        INSERT INTO hindsight.subject_key (log_id, subject_id, secret)
        SELECT p_log, k.subject, k.secret FROM unnest(k_subject, k_secret) AS k (subject, secret);
    END IF;
    INSERT INTO hindsight.command (log_id, command_id, first, last, recorded_at, fingerprint)
    SELECT p_log, c.id, base + c.first, base + c.first + c.events - 1, latest, c.fingerprint
      FROM unnest(c_id, c_first, c_events, c_fingerprint) AS c (id, first, events, fingerprint)
     WHERE c.id IS NOT NULL;
    UPDATE hindsight.head h SET position = base + n, clock = greatest(base_clock, latest)
     WHERE h.log_id = p_log;
    RETURN QUERY SELECT 0, 0::smallint, base + 1, base + n, NULL::uuid, NULL::integer, NULL::bytea;
END
$$;

CREATE FUNCTION hindsight.create_log(p_log uuid, p_simulated boolean)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO hindsight.head (log_id, simulated) VALUES (p_log, p_simulated) ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION hindsight.read_head(p_log uuid)
RETURNS TABLE ("position" bigint, clock timestamptz, simulated boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT h.position, h.clock, h.simulated FROM hindsight.head h WHERE h.log_id = p_log
$$;

CREATE FUNCTION hindsight.find_command(p_log uuid, p_command uuid)
RETURNS TABLE (first bigint, last bigint, fingerprint bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.first, c.last, c.fingerprint FROM hindsight.command c
     WHERE c.log_id = p_log AND c.command_id = p_command
$$;

CREATE FUNCTION hindsight.read_stream(p_log uuid, p_stream uuid, p_after integer, p_limit integer)
RETURNS SETOF hindsight.event
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM hindsight.event e
     WHERE e.log_id = p_log AND e.stream_id = p_stream AND e.version > p_after
     ORDER BY e.version LIMIT p_limit
$$;

CREATE FUNCTION hindsight.read_subject_keys(p_log uuid, p_subjects uuid[])
RETURNS TABLE (subject_id uuid, secret bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.subject_id, k.secret FROM unnest(p_subjects) AS p (subject)
     CROSS JOIN LATERAL (SELECT * FROM hindsight.subject_key k
                          WHERE k.log_id = p_log AND k.subject_id = p.subject LIMIT 1) k
$$;

-- The last position whose clock is at most p_time. Asking raises the log's clock to p_time, so
-- that the answer never changes. NULL for a time in the future.
CREATE FUNCTION hindsight.position_at(p_log uuid, p_time timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    low bigint := 0;
    high bigint;
    middle bigint;
    head_clock timestamptz;
BEGIN
    IF p_time > clock_timestamp() THEN
        RETURN NULL;
    END IF;
    SELECT h.position, h.clock INTO high, head_clock FROM hindsight.head h WHERE h.log_id = p_log;
    IF p_time >= head_clock THEN
        -- Equality needs the lock too: an event recorded at just this time may be on its way.
        UPDATE hindsight.head h SET clock = greatest(h.clock, p_time + interval '1 microsecond')
         WHERE h.log_id = p_log
        RETURNING h.position INTO high;
    END IF;
    -- Clocks rise with positions: the greatest position with clock <= p_time, by bisection.
    WHILE low < high LOOP
        middle := (low + high + 1) / 2;
        SELECT e.clock INTO head_clock FROM hindsight.event e
         WHERE e.log_id = p_log AND e.position = middle;
        IF head_clock <= p_time THEN
            low := middle;
        ELSE
            high := middle - 1;
        END IF;
    END LOOP;
    RETURN low;
END
$$;

-- Functions are for PUBLIC by default; here they are for the roles that need them.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hindsight FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    hindsight.append_one, hindsight.append_batch, hindsight.create_log, hindsight.read_head,
    hindsight.find_command, hindsight.read_stream,
    hindsight.read_subject_keys, hindsight.position_at
    TO hindsight_app;
GRANT EXECUTE ON FUNCTION hindsight.position_at, hindsight.read_head TO hindsight_projector;
GRANT SELECT ON hindsight.head, hindsight.event, hindsight.subject_key
    TO hindsight_projector;
GRANT INSERT ON hindsight.event, hindsight.command, hindsight.subject_key
    TO hindsight_loader;
GRANT SELECT ON hindsight.head, hindsight.command, hindsight.subject_key
    TO hindsight_loader;
GRANT UPDATE (position, clock) ON hindsight.head TO hindsight_loader;
