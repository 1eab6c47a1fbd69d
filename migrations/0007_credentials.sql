-- Credentials beside the password: attempts to get in, recent authentication.

-- How often somebody tried lately, by a keyed hash of who: an address or an account. Nothing is
-- ever locked: after too many attempts each further one must wait longer, up to a bound, and what
-- is refused does not count.
CREATE TABLE hindsight.attempt (
    key        bytea PRIMARY KEY CHECK (octet_length(key) = 32),
    -- Attempts that are not forgotten yet, as of the last one.
    tally      double precision NOT NULL,
    tried_at   timestamptz NOT NULL,
    wait_until timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX attempt_by_time ON hindsight.attempt (tried_at);

-- From where an account was entered with success: there its owner is not kept out by what strangers
-- try elsewhere.
CREATE TABLE hindsight.familiar (
    key     bytea PRIMARY KEY CHECK (octet_length(key) = 32),
    seen_at timestamptz NOT NULL
);
CREATE INDEX familiar_by_time ON hindsight.familiar (seen_at);

-- Counts an attempt under all keys, or none of them: if one of them must wait, says until when.
-- A key is free for `p_free` attempts, of which one is forgotten every `p_refill`; each beyond must
-- wait twice as long as the one before, from `p_base` up to `p_most`. `p_account`, one of the keys,
-- gives way to `p_familiar` if that is known.
CREATE FUNCTION hindsight.attempt(
    p_keys bytea[], p_free double precision[], p_refill interval[], p_base interval[], p_most interval[],
    p_account bytea, p_familiar bytea, p_now timestamptz
) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keys bytea[] := p_keys;
    until timestamptz;
BEGIN
    -- A count lost in a crash is no harm, and a flood of attempts must not wait for the disk.
    PERFORM set_config('synchronous_commit', 'off', true);
    IF EXISTS (SELECT FROM hindsight.familiar f WHERE f.key = p_familiar
                                                  AND f.seen_at > p_now - interval '90 days') THEN
        keys := array_replace(keys, p_account, p_familiar);
    END IF;
    DELETE FROM hindsight.attempt a
     WHERE a.key IN (SELECT o.key FROM hindsight.attempt o
                      WHERE o.tried_at < p_now - interval '2 days'
                      ORDER BY o.tried_at LIMIT 10 FOR UPDATE SKIP LOCKED);
    INSERT INTO hindsight.attempt (key, tally, tried_at, wait_until)
    SELECT k.key, 0, p_now, p_now FROM unnest(keys) AS k (key) ORDER BY k.key
    ON CONFLICT DO NOTHING;
    -- In one order, so that two who share several keys do not wait for each other.
    PERFORM FROM hindsight.attempt a WHERE a.key = ANY (keys) ORDER BY a.key FOR UPDATE;
    SELECT max(a.wait_until) INTO until
      FROM hindsight.attempt a WHERE a.key = ANY (keys) AND a.wait_until > p_now;
    IF until IS NOT NULL THEN
        RETURN until;
    END IF;
    UPDATE hindsight.attempt a
       SET tally = n.tally, tried_at = p_now,
           wait_until = CASE WHEN n.tally < n.free THEN p_now
                             ELSE p_now + least(n.most, n.base * power(2, least(round(n.tally - n.free), 30)))
                        END
      FROM (SELECT l.key, l.free, l.base, l.most,
                   1 + greatest(0, o.tally - extract(epoch FROM p_now - o.tried_at)::double precision
                                             / extract(epoch FROM l.refill)::double precision) AS tally
              FROM unnest(keys, p_free, p_refill, p_base, p_most) AS l (key, free, refill, base, most)
              JOIN hindsight.attempt o ON o.key = l.key) n
     WHERE a.key = n.key;
    RETURN NULL;
END
$$;

-- Whoever tried was right: the account's count begins anew, and the place is familiar from now on.
CREATE FUNCTION hindsight.attempt_succeeded(p_account bytea, p_familiar bytea, p_now timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    DELETE FROM hindsight.attempt a WHERE a.key IN (p_account, p_familiar);
    DELETE FROM hindsight.familiar f
     WHERE f.key IN (SELECT o.key FROM hindsight.familiar o
                      WHERE o.seen_at < p_now - interval '90 days'
                      ORDER BY o.seen_at LIMIT 10 FOR UPDATE SKIP LOCKED);
    INSERT INTO hindsight.familiar AS f (key, seen_at)
    SELECT p_familiar, p_now WHERE p_familiar IS NOT NULL
    ON CONFLICT (key) DO UPDATE SET seen_at = greatest(f.seen_at, excluded.seen_at);
END
$$;

REVOKE ALL ON FUNCTION hindsight.attempt, hindsight.attempt_succeeded FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hindsight.attempt, hindsight.attempt_succeeded TO hindsight_app;
