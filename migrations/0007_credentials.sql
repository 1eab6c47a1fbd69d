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

-- When the session's user last showed who they are, by more than a token.
ALTER TABLE hindsight.session ADD COLUMN authenticated_at timestamptz;

CREATE OR REPLACE FUNCTION hindsight.open_session(
    p_id uuid, p_user uuid, p_organization uuid, p_member uuid, p_token bytea, p_now timestamptz,
    p_idle_until timestamptz, p_absolute_until timestamptz, p_ip text, p_user_agent text
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM hindsight.session s WHERE s.user_id = p_user AND s.absolute_until < p_now;
    INSERT INTO hindsight.session (id, user_id, organization_id, member_id, created_at, last_seen_at,
                                   idle_until, absolute_until, ip, user_agent, authenticated_at)
    VALUES (p_id, p_user, p_organization, p_member, p_now, p_now,
            p_idle_until, p_absolute_until, p_ip, p_user_agent, p_now);
    INSERT INTO hindsight.refresh_token (hash, session_id, issued_at) VALUES (p_token, p_id, p_now)
$$;

CREATE FUNCTION hindsight.session_authenticated(p_id uuid, p_user uuid, p_now timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE hindsight.session s SET authenticated_at = p_now WHERE s.id = p_id AND s.user_id = p_user
$$;

CREATE FUNCTION hindsight.session_authenticated_at(p_id uuid)
RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.authenticated_at FROM hindsight.session s WHERE s.id = p_id
$$;

-- Ends all sessions of a user but one; says which were open.
CREATE FUNCTION hindsight.revoke_other_sessions(p_user uuid, p_but uuid, p_now timestamptz)
RETURNS SETOF uuid LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE hindsight.session s SET revoked_at = p_now
     WHERE s.user_id = p_user AND s.id <> p_but
       AND s.revoked_at IS NULL AND s.idle_until > p_now AND s.absolute_until > p_now
    RETURNING s.id
$$;

-- Passwords of those who signed up and have not shown yet that the address is theirs.
CREATE TABLE hindsight.waiting_credential (
    user_id       uuid PRIMARY KEY,
    password_hash text NOT NULL,
    expires_at    timestamptz NOT NULL
);
CREATE INDEX waiting_credential_by_expiry ON hindsight.waiting_credential (expires_at);

CREATE FUNCTION hindsight.hold_password(
    p_user uuid, p_hash text, p_now timestamptz, p_expires_at timestamptz
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM hindsight.waiting_credential w
     WHERE w.user_id IN (SELECT o.user_id FROM hindsight.waiting_credential o
                          WHERE o.expires_at < p_now
                          ORDER BY o.expires_at LIMIT 10 FOR UPDATE SKIP LOCKED);
    INSERT INTO hindsight.waiting_credential (user_id, password_hash, expires_at)
    VALUES (p_user, p_hash, p_expires_at)
$$;

CREATE FUNCTION hindsight.held_password(p_user uuid)
RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT w.password_hash FROM hindsight.waiting_credential w WHERE w.user_id = p_user
$$;

-- The password that was held is the user's from now on.
CREATE FUNCTION hindsight.take_held_password(p_user uuid, p_now timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH taken AS (DELETE FROM hindsight.waiting_credential w WHERE w.user_id = p_user
                   RETURNING w.user_id, w.password_hash)
    INSERT INTO hindsight.credential (user_id, password_hash, set_at)
    SELECT t.user_id, t.password_hash, p_now FROM taken t
    ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, set_at = excluded.set_at
$$;

-- Second factors. The seed is sealed with a key that the database does not have; of recovery codes
-- there are keyed hashes only.
CREATE TABLE hindsight.totp (
    user_id    uuid PRIMARY KEY,
    seed       bytea NOT NULL,
    enabled_at timestamptz,
    -- The last time step whose code was used: that code, and all before, are good no longer.
    last_step  bigint
);
CREATE TABLE hindsight.recovery_code (
    user_id uuid NOT NULL,
    hash    bytea NOT NULL CHECK (octet_length(hash) = 32),
    used_at timestamptz,
    PRIMARY KEY (user_id, hash)
);

-- Keeps a seed to be confirmed by a code; false if a confirmed one is there.
CREATE FUNCTION hindsight.offer_totp(p_user uuid, p_seed bytea)
RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH offered AS (
        INSERT INTO hindsight.totp AS t (user_id, seed) VALUES (p_user, p_seed)
        ON CONFLICT (user_id) DO UPDATE SET seed = excluded.seed, last_step = NULL
        WHERE t.enabled_at IS NULL
        RETURNING 1)
    SELECT EXISTS (SELECT FROM offered)
$$;

CREATE FUNCTION hindsight.find_totp(p_user uuid)
RETURNS TABLE (seed bytea, enabled boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.seed, t.enabled_at IS NOT NULL FROM hindsight.totp t WHERE t.user_id = p_user
$$;

-- Uses up a time step; of any number who come with its code at once, one succeeds.
CREATE FUNCTION hindsight.use_totp_step(p_user uuid, p_seed bytea, p_step bigint)
RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH used AS (
        UPDATE hindsight.totp t SET last_step = p_step
         WHERE t.user_id = p_user AND t.seed = p_seed
           AND (t.last_step IS NULL OR t.last_step < p_step)
        RETURNING 1)
    SELECT EXISTS (SELECT FROM used)
$$;

CREATE FUNCTION hindsight.set_recovery_codes(p_user uuid, p_hashes bytea[])
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM hindsight.recovery_code r WHERE r.user_id = p_user;
    INSERT INTO hindsight.recovery_code (user_id, hash) SELECT p_user, h FROM unnest(p_hashes) AS h
$$;

CREATE FUNCTION hindsight.enable_totp(p_user uuid, p_hashes bytea[], p_now timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE hindsight.totp t SET enabled_at = p_now WHERE t.user_id = p_user AND t.enabled_at IS NULL;
    SELECT hindsight.set_recovery_codes(p_user, p_hashes)
$$;

CREATE FUNCTION hindsight.disable_totp(p_user uuid)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM hindsight.recovery_code r WHERE r.user_id = p_user;
    DELETE FROM hindsight.totp t WHERE t.user_id = p_user
$$;

CREATE FUNCTION hindsight.use_recovery_code(p_user uuid, p_hash bytea, p_now timestamptz)
RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH used AS (
        UPDATE hindsight.recovery_code r SET used_at = p_now
         WHERE r.user_id = p_user AND r.hash = p_hash AND r.used_at IS NULL
        RETURNING 1)
    SELECT EXISTS (SELECT FROM used)
$$;

CREATE FUNCTION hindsight.recovery_codes_left(p_user uuid)
RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FROM hindsight.recovery_code r WHERE r.user_id = p_user AND r.used_at IS NULL
$$;

-- Log-ins that failed, to be told to the log by a worker once their minute is over.
CREATE TABLE hindsight.failed_log_in (
    -- The stream of the log-in address that was tried.
    stream_id uuid NOT NULL,
    minute    bigint NOT NULL,
    ip        text NOT NULL,
    count     integer NOT NULL,
    PRIMARY KEY (minute, stream_id, ip)
);

CREATE FUNCTION hindsight.log_in_failed(p_stream uuid, p_minute bigint, p_ip text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO hindsight.failed_log_in AS f (stream_id, minute, ip, count) VALUES (p_stream, p_minute, p_ip, 1)
    ON CONFLICT (minute, stream_id, ip) DO UPDATE SET count = f.count + 1;
END
$$;

CREATE FUNCTION hindsight.failed_log_ins(p_before bigint, p_limit integer)
RETURNS TABLE (stream_id uuid, minute bigint, ip text, count integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.stream_id, f.minute, f.ip, f.count FROM hindsight.failed_log_in f
     WHERE f.minute < p_before ORDER BY f.minute, f.stream_id, f.ip LIMIT p_limit
$$;

CREATE FUNCTION hindsight.forget_failed_log_in(p_stream uuid, p_minute bigint, p_ip text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM hindsight.failed_log_in f WHERE f.stream_id = p_stream AND f.minute = p_minute AND f.ip = p_ip
$$;

-- Requests that were refused to a member, to be told to the organization's log by a worker once
-- their minute is over.
CREATE TABLE hindsight.denial (
    organization_id uuid NOT NULL,
    member_id       uuid NOT NULL,
    minute          bigint NOT NULL,
    route           text NOT NULL,
    count           integer NOT NULL,
    PRIMARY KEY (minute, organization_id, member_id, route)
);

CREATE FUNCTION hindsight.access_denied(p_organization uuid, p_member uuid, p_minute bigint, p_route text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO hindsight.denial AS d (organization_id, member_id, minute, route, count)
    VALUES (p_organization, p_member, p_minute, p_route, 1)
    ON CONFLICT (minute, organization_id, member_id, route) DO UPDATE SET count = d.count + 1;
END
$$;

CREATE FUNCTION hindsight.counted_denials(p_before bigint, p_limit integer)
RETURNS SETOF hindsight.denial
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM hindsight.denial d
     WHERE d.minute < p_before ORDER BY d.minute, d.organization_id, d.member_id, d.route LIMIT p_limit
$$;

CREATE FUNCTION hindsight.forget_denials(p_organization uuid, p_member uuid, p_minute bigint, p_route text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM hindsight.denial d
     WHERE d.minute = p_minute AND d.organization_id = p_organization AND d.member_id = p_member
       AND d.route = p_route
$$;

CREATE TABLE hindsight.api_key (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    user_id         uuid NOT NULL,
    member_id       uuid NOT NULL,
    hash            bytea NOT NULL CHECK (octet_length(hash) = 32),
    expires_at      timestamptz NOT NULL,
    revoked_at      timestamptz
);
CREATE INDEX api_key_by_organization ON hindsight.api_key (organization_id, id) WHERE revoked_at IS NULL;

CREATE FUNCTION hindsight.add_api_key(
    p_id uuid, p_organization uuid, p_user uuid, p_member uuid, p_hash bytea, p_expires_at timestamptz
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO hindsight.api_key (id, organization_id, user_id, member_id, hash, expires_at)
    VALUES (p_id, p_organization, p_user, p_member, p_hash, p_expires_at)
$$;

CREATE FUNCTION hindsight.find_api_key(p_id uuid, p_hash bytea, p_now timestamptz)
RETURNS TABLE (organization_id uuid, user_id uuid, member_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.organization_id, k.user_id, k.member_id FROM hindsight.api_key k
     WHERE k.id = p_id AND k.hash = p_hash AND k.revoked_at IS NULL AND k.expires_at > p_now
$$;

CREATE FUNCTION hindsight.revoke_api_key(p_organization uuid, p_id uuid, p_now timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE hindsight.api_key k SET revoked_at = p_now
     WHERE k.id = p_id AND k.organization_id = p_organization AND k.revoked_at IS NULL
$$;

CREATE FUNCTION hindsight.list_api_keys(p_organization uuid, p_member uuid)
RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.id FROM hindsight.api_key k
     WHERE k.organization_id = p_organization AND k.revoked_at IS NULL
       AND (p_member IS NULL OR k.member_id = p_member)
     ORDER BY k.id DESC LIMIT 200
$$;

REVOKE ALL ON FUNCTION
    hindsight.attempt, hindsight.attempt_succeeded, hindsight.session_authenticated,
    hindsight.session_authenticated_at, hindsight.revoke_other_sessions, hindsight.hold_password,
    hindsight.held_password, hindsight.take_held_password, hindsight.offer_totp, hindsight.find_totp,
    hindsight.use_totp_step, hindsight.set_recovery_codes, hindsight.enable_totp,
    hindsight.disable_totp, hindsight.use_recovery_code, hindsight.recovery_codes_left,
    hindsight.log_in_failed, hindsight.failed_log_ins, hindsight.forget_failed_log_in,
    hindsight.add_api_key, hindsight.find_api_key, hindsight.revoke_api_key, hindsight.list_api_keys,
    hindsight.access_denied, hindsight.counted_denials, hindsight.forget_denials
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    hindsight.attempt, hindsight.attempt_succeeded, hindsight.session_authenticated,
    hindsight.session_authenticated_at, hindsight.revoke_other_sessions, hindsight.hold_password,
    hindsight.held_password, hindsight.take_held_password, hindsight.offer_totp, hindsight.find_totp,
    hindsight.use_totp_step, hindsight.set_recovery_codes, hindsight.enable_totp,
    hindsight.disable_totp, hindsight.use_recovery_code, hindsight.recovery_codes_left,
    hindsight.log_in_failed, hindsight.failed_log_ins, hindsight.forget_failed_log_in,
    hindsight.add_api_key, hindsight.find_api_key, hindsight.revoke_api_key, hindsight.list_api_keys,
    hindsight.access_denied, hindsight.counted_denials, hindsight.forget_denials
    TO hindsight_app;
