-- Whoever is free to try waits for nothing. Until now the moment of the last attempt counted as one
-- to wait for, so that of two people behind one address who tried at once, the one whose clock was
-- read first but who came second was sent away for a millisecond.
CREATE OR REPLACE FUNCTION hindsight.attempt(
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
    SELECT k.key, 0, p_now, '-infinity' FROM unnest(keys) AS k (key) ORDER BY k.key
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
           wait_until = CASE WHEN n.tally < n.free THEN '-infinity'
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

-- The moments that are kept already.
UPDATE hindsight.attempt SET wait_until = '-infinity' WHERE wait_until = tried_at;
