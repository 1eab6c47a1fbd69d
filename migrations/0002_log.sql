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

CREATE TABLE hindsight.stream (
    log_id    uuid NOT NULL,
    stream_id uuid NOT NULL,
    version   integer NOT NULL CHECK (version > 0),
    kind      text NOT NULL,
    PRIMARY KEY (log_id, stream_id)
) WITH (fillfactor = 80);

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
    UNIQUE (log_id, stream_id, version)
);
-- Ciphertext does not compress; trying costs time on every append.
ALTER TABLE hindsight.event ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- Commands that were carried out, so that each is carried out once.
CREATE TABLE hindsight.command (
    log_id      uuid NOT NULL,
    command_id  uuid NOT NULL,
    stream_id   uuid NOT NULL,
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

-- Times from the future would push the log's clock ahead of everybody's.
CREATE FUNCTION hindsight.check_time(p_simulated boolean, p_recorded timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Servers' clocks may differ a little; a simulated log takes its times from one place.
    IF p_recorded > clock_timestamp() + (CASE WHEN p_simulated THEN interval '0' ELSE interval '5 minutes' END) THEN
        RAISE EXCEPTION 'recorded_at lies in the future' USING ERRCODE = 'HS003';
    END IF;
END
$$;

-- Appends one command to one stream. Verdicts: 0 appended, 1 carried out before, 2 conflict,
-- 3 a subject's key exists already (seal again with it), 4 no such log.
CREATE FUNCTION hindsight.append_one(
    p_log uuid, p_command uuid, p_fingerprint bytea,
    p_stream uuid, p_kind text, p_expected integer,
    p_type text[], p_schema_version smallint[], p_recorded_at timestamptz,
    p_payload bytea[], p_sealed bytea[], p_meta bytea[], p_leaf bytea[],
    p_subject uuid[], p_secret bytea[],
    OUT verdict smallint, OUT first bigint, OUT last bigint, OUT actual integer, OUT fingerprint bytea
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    n integer := cardinality(p_type);
    base bigint;
    base_clock timestamptz;
    is_simulated boolean;
BEGIN
    -- Takes the head's lock and the positions at once; given back below if nothing is appended.
    UPDATE hindsight.head h
       SET position = h.position + n, clock = greatest(h.clock, p_recorded_at)
     WHERE h.log_id = p_log
    RETURNING h.position - n, h.clock, h.simulated INTO base, base_clock, is_simulated;
    IF NOT FOUND THEN
        verdict := 4;
        RETURN;
    END IF;
    PERFORM hindsight.check_time(is_simulated, p_recorded_at);

    -- From here on a fresh snapshot sees whatever the previous holder of the lock committed.
    SELECT 1, c.first, c.last, c.fingerprint INTO verdict, first, last, fingerprint
      FROM hindsight.command c WHERE c.log_id = p_log AND c.command_id = p_command;
    IF NOT FOUND THEN
        IF p_expected = 0 THEN
            INSERT INTO hindsight.stream (log_id, stream_id, version, kind)
            VALUES (p_log, p_stream, n, p_kind) ON CONFLICT DO NOTHING;
        ELSE
            UPDATE hindsight.stream s SET version = p_expected + n
             WHERE s.log_id = p_log AND s.stream_id = p_stream AND s.version = p_expected;
        END IF;
        IF NOT FOUND THEN
            verdict := 2;
            SELECT coalesce(max(s.version), 0) INTO actual
              FROM hindsight.stream s WHERE s.log_id = p_log AND s.stream_id = p_stream;
        END IF;
    END IF;
    IF verdict IS NOT NULL THEN
        -- The clock may stay ahead: later events only have to be later than it.
        UPDATE hindsight.head h SET position = base WHERE h.log_id = p_log;
        RETURN;
    END IF;

    IF cardinality(p_subject) > 0 THEN
        INSERT INTO hindsight.subject_key (log_id, subject_id, secret)
        SELECT p_log, k.subject, k.secret FROM unnest(p_subject, p_secret) AS k (subject, secret)
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS actual = ROW_COUNT;
        IF actual <> cardinality(p_subject) THEN
            RAISE EXCEPTION 'a subject has a key already' USING ERRCODE = 'HS002';
        END IF;
        actual := NULL;
    END IF;
    INSERT INTO hindsight.command (log_id, command_id, stream_id, first, last, recorded_at, fingerprint)
    VALUES (p_log, p_command, p_stream, base + 1, base + n, p_recorded_at, p_fingerprint);
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
    verdict := 0;
    first := base + 1;
    last := base + n;
    fingerprint := p_fingerprint;
END
$$;

-- Appends many commands, each over one or more streams, in the order given. Arrays c_* are per
-- command, s_* per stream of a command, e_* per event, k_* per new key; the first member of s_*,
-- e_* and k_* is the index (from 1) of what it belongs to. No stream and no command id may occur
-- twice. One command's verdict never touches another's. Verdicts as in append_one.
CREATE FUNCTION hindsight.append_batch(
    p_log uuid,
    c_id uuid[], c_fingerprint bytea[],
    s_command integer[], s_stream uuid[], s_kind text[], s_expected integer[], s_events integer[],
    e_stream integer[], e_ordinal integer[], e_type text[], e_schema_version smallint[],
    e_recorded_at timestamptz[], e_payload bytea[], e_sealed bytea[], e_meta bytea[], e_leaf bytea[],
    k_command integer[], k_subject uuid[], k_secret bytea[]
) RETURNS TABLE (verdict smallint, first bigint, last bigint, conflict_stream uuid,
                 actual integer, fingerprint bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    base bigint;
    base_clock timestamptz;
    is_simulated boolean;
    verdicts smallint[];
    firsts bigint[];
    lasts bigint[];
    streams uuid[];
    actuals integer[];
    prints bytea[];
    total bigint;
BEGIN
    SELECT h.position, h.clock, h.simulated INTO base, base_clock, is_simulated
      FROM hindsight.head h WHERE h.log_id = p_log FOR UPDATE;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 4::smallint, NULL::bigint, NULL::bigint, NULL::uuid, NULL::integer, NULL::bytea
                       FROM unnest(c_id);
        RETURN;
    END IF;
    PERFORM hindsight.check_time(is_simulated, max(t)) FROM unnest(e_recorded_at) t;

    -- A new statement, hence a fresh snapshot: it sees all that was committed before the lock.
    -- LATERAL with LIMIT pins each look-up to the primary key, whatever the statistics say.
    WITH bad_stream AS (
        SELECT DISTINCT ON (s.command) s.command, s.stream, coalesce(x.version, 0) AS version
          FROM unnest(s_command, s_stream, s_expected) AS s (command, stream, expected)
          LEFT JOIN LATERAL (SELECT t.version FROM hindsight.stream t
                              WHERE t.log_id = p_log AND t.stream_id = s.stream LIMIT 1) x ON true
         WHERE coalesce(x.version, 0) <> s.expected
    ), bad_key AS (
        SELECT DISTINCT k.command
          FROM unnest(k_command, k_subject) AS k (command, subject)
         CROSS JOIN LATERAL (SELECT FROM hindsight.subject_key t
                              WHERE t.log_id = p_log AND t.subject_id = k.subject LIMIT 1) x
    ), size AS (
        SELECT s.command, sum(s.events) AS events
          FROM unnest(s_command, s_events) AS s (command, events) GROUP BY s.command
    ), judged AS (
        SELECT c.ord,
               CASE WHEN d.first IS NOT NULL THEN 1 WHEN b.command IS NOT NULL THEN 2
                    WHEN k.command IS NOT NULL THEN 3 ELSE 0 END AS verdict,
               d.first, d.last, d.fingerprint, b.stream, b.version, z.events
          FROM unnest(c_id) WITH ORDINALITY AS c (id, ord)
          JOIN size z ON z.command = c.ord
          LEFT JOIN LATERAL (SELECT t.first, t.last, t.fingerprint FROM hindsight.command t
                              WHERE t.log_id = p_log AND t.command_id = c.id LIMIT 1) d ON true
          LEFT JOIN bad_stream b ON b.command = c.ord
          LEFT JOIN bad_key k ON k.command = c.ord
    ), placed AS (
        SELECT j.*, base + sum(CASE WHEN j.verdict = 0 THEN j.events ELSE 0 END)
                           OVER (ORDER BY j.ord) AS upto
          FROM judged j
    )
    SELECT array_agg(p.verdict::smallint ORDER BY p.ord),
           array_agg(CASE p.verdict WHEN 0 THEN p.upto - p.events + 1 WHEN 1 THEN p.first END ORDER BY p.ord),
           array_agg(CASE p.verdict WHEN 0 THEN p.upto WHEN 1 THEN p.last END ORDER BY p.ord),
           array_agg(CASE p.verdict WHEN 2 THEN p.stream END ORDER BY p.ord),
           array_agg(CASE p.verdict WHEN 2 THEN p.version END ORDER BY p.ord),
           array_agg(CASE p.verdict WHEN 0 THEN c_fingerprint[p.ord] WHEN 1 THEN p.fingerprint END ORDER BY p.ord),
           max(p.upto) - base
      INTO verdicts, firsts, lasts, streams, actuals, prints, total
      FROM placed p;

    IF total > 0 THEN
        INSERT INTO hindsight.event (log_id, position, stream_id, version, type, schema_version,
                                     recorded_at, clock, payload, sealed, meta, leaf)
        SELECT p_log, base + row_number() OVER w, s_stream[e.stream],
               s_expected[e.stream] + e.ordinal, e.type, e.schema_version, e.recorded_at,
               greatest(base_clock, max(e.recorded_at) OVER w), e.payload, e.sealed, e.meta, e.leaf
          FROM unnest(e_stream, e_ordinal, e_type, e_schema_version, e_recorded_at, e_payload,
                      e_sealed, e_meta, e_leaf) WITH ORDINALITY
               AS e (stream, ordinal, type, schema_version, recorded_at, payload, sealed, meta, leaf, ord)
         WHERE verdicts[s_command[e.stream]] = 0
        WINDOW w AS (ORDER BY e.ord);

        INSERT INTO hindsight.stream AS t (log_id, stream_id, version, kind)
        SELECT p_log, s.stream, s.expected + s.events, s.kind
          FROM unnest(s_command, s_stream, s_expected, s_events, s_kind)
               AS s (command, stream, expected, events, kind)
         WHERE verdicts[s.command] = 0
        ON CONFLICT (log_id, stream_id) DO UPDATE SET version = excluded.version;

        INSERT INTO hindsight.subject_key (log_id, subject_id, secret)
        SELECT p_log, k.subject, k.secret
          FROM unnest(k_command, k_subject, k_secret) AS k (command, subject, secret)
         WHERE verdicts[k.command] = 0;

        INSERT INTO hindsight.command (log_id, command_id, stream_id, first, last, recorded_at, fingerprint)
        SELECT p_log, c.id, s.stream, firsts[c.ord], lasts[c.ord], clock_timestamp(), c.fingerprint
          FROM unnest(c_id, c_fingerprint) WITH ORDINALITY AS c (id, fingerprint, ord)
          JOIN (SELECT DISTINCT ON (u.command) u.command, u.stream
                  FROM unnest(s_command, s_stream) AS u (command, stream)) s ON s.command = c.ord
         WHERE verdicts[c.ord] = 0;

        UPDATE hindsight.head h
           SET position = base + total,
               clock = greatest(base_clock, (SELECT max(u.t) FROM unnest(e_recorded_at) AS u (t)))
         WHERE h.log_id = p_log;
    END IF;

    RETURN QUERY SELECT * FROM unnest(verdicts, firsts, lasts, streams, actuals, prints);
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

CREATE FUNCTION hindsight.read_events(p_log uuid, p_positions bigint[])
RETURNS SETOF hindsight.event
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.* FROM unnest(p_positions) AS p (position)
     CROSS JOIN LATERAL (SELECT * FROM hindsight.event e
                          WHERE e.log_id = p_log AND e.position = p.position LIMIT 1) e
     ORDER BY e.position
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
    hindsight.find_command, hindsight.read_stream, hindsight.read_events,
    hindsight.read_subject_keys, hindsight.position_at
    TO hindsight_app;
GRANT EXECUTE ON FUNCTION hindsight.position_at, hindsight.read_head TO hindsight_projector;
GRANT SELECT ON hindsight.head, hindsight.event, hindsight.stream, hindsight.subject_key
    TO hindsight_projector;
GRANT INSERT ON hindsight.event, hindsight.stream, hindsight.command, hindsight.subject_key
    TO hindsight_loader;
GRANT SELECT ON hindsight.head, hindsight.command, hindsight.stream, hindsight.subject_key
    TO hindsight_loader;
GRANT UPDATE (position, clock) ON hindsight.head TO hindsight_loader;
