-- The vault: secrets and sessions, which must never be in the log. The runtime role reaches them
-- by these functions only; none lists users, and none returns a refresh token.

CREATE TABLE hindsight.credential (
    user_id       uuid PRIMARY KEY,
    password_hash text NOT NULL,
    set_at        timestamptz NOT NULL
);

-- A session is also the family of its refresh tokens: revoking it revokes them all.
CREATE TABLE hindsight.session (
    id              uuid PRIMARY KEY,
    user_id         uuid NOT NULL,
    organization_id uuid NOT NULL,
    member_id       uuid NOT NULL,
    created_at      timestamptz NOT NULL,
    last_seen_at    timestamptz NOT NULL,
    idle_until      timestamptz NOT NULL,
    absolute_until  timestamptz NOT NULL,
    revoked_at      timestamptz,
    ip              text,
    user_agent      text
);
CREATE INDEX session_by_user ON hindsight.session (user_id, created_at);

-- Refresh tokens by their hash. A used one keeps the seed from which its successor follows (with a
-- key that the database does not have), so that a lost answer can be given again.
CREATE TABLE hindsight.refresh_token (
    hash       bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
    session_id uuid NOT NULL REFERENCES hindsight.session ON DELETE CASCADE,
    issued_at  timestamptz NOT NULL,
    used_at    timestamptz,
    seed       bytea CHECK (octet_length(seed) = 32),
    successor  bytea CHECK (octet_length(successor) = 32),
    CHECK ((used_at IS NULL) = (seed IS NULL) AND (used_at IS NULL) = (successor IS NULL))
);
CREATE INDEX refresh_token_by_session ON hindsight.refresh_token (session_id);

CREATE FUNCTION hindsight.set_password(p_user uuid, p_hash text, p_now timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO hindsight.credential (user_id, password_hash, set_at) VALUES (p_user, p_hash, p_now)
    ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, set_at = excluded.set_at
$$;

CREATE FUNCTION hindsight.password_hash(p_user uuid)
RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.password_hash FROM hindsight.credential c WHERE c.user_id = p_user
$$;

CREATE FUNCTION hindsight.drop_password(p_user uuid)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM hindsight.credential c WHERE c.user_id = p_user
$$;

-- Opens a session with its first refresh token, and clears away the user's expired ones.
CREATE FUNCTION hindsight.open_session(
    p_id uuid, p_user uuid, p_organization uuid, p_member uuid, p_token bytea, p_now timestamptz,
    p_idle_until timestamptz, p_absolute_until timestamptz, p_ip text, p_user_agent text
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM hindsight.session s WHERE s.user_id = p_user AND s.absolute_until < p_now;
    INSERT INTO hindsight.session (id, user_id, organization_id, member_id, created_at, last_seen_at,
                                   idle_until, absolute_until, ip, user_agent)
    VALUES (p_id, p_user, p_organization, p_member, p_now, p_now,
            p_idle_until, p_absolute_until, p_ip, p_user_agent);
    INSERT INTO hindsight.refresh_token (hash, session_id, issued_at) VALUES (p_token, p_id, p_now)
$$;

-- Trades a refresh token for its successor. Verdicts: 0 traded; 1 traded a moment ago, and the
-- successor was never used: here is its seed again; 2 used before: the session is ended now, if it
-- was not; 3 unknown, expired or revoked.
CREATE FUNCTION hindsight.refresh_session(
    p_token bytea, p_seed bytea, p_successor bytea, p_now timestamptz, p_grace interval,
    p_idle_until timestamptz,
    OUT verdict smallint, OUT id uuid, OUT user_id uuid, OUT organization_id uuid, OUT member_id uuid,
    OUT idle_until timestamptz, OUT seed bytea
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    used timestamptz;
    unused_successor boolean;
    live boolean;
BEGIN
    -- However many come with the same token, one gets past this statement.
    UPDATE hindsight.refresh_token t SET used_at = p_now, seed = p_seed, successor = p_successor
      FROM hindsight.session s
     WHERE t.hash = p_token AND t.used_at IS NULL AND s.id = t.session_id
       AND s.revoked_at IS NULL AND s.idle_until > p_now AND s.absolute_until > p_now
    RETURNING t.session_id INTO id;
    IF FOUND THEN
        verdict := 0;
        seed := p_seed;
        INSERT INTO hindsight.refresh_token (hash, session_id, issued_at) VALUES (p_successor, id, p_now);
        UPDATE hindsight.session s
           SET last_seen_at = p_now, idle_until = least(p_idle_until, s.absolute_until)
         WHERE s.id = refresh_session.id
        RETURNING s.user_id, s.organization_id, s.member_id, s.idle_until
             INTO user_id, organization_id, member_id, idle_until;
        RETURN;
    END IF;

    SELECT s.id, s.user_id, s.organization_id, s.member_id, s.idle_until, t.used_at, t.seed,
           n.used_at IS NULL,
           s.revoked_at IS NULL AND s.idle_until > p_now AND s.absolute_until > p_now
      INTO id, user_id, organization_id, member_id, idle_until, used, seed, unused_successor, live
      FROM hindsight.refresh_token t
      JOIN hindsight.session s ON s.id = t.session_id
      LEFT JOIN hindsight.refresh_token n ON n.hash = t.successor
     WHERE t.hash = p_token;
    IF used IS NULL THEN
        verdict := 3;
    ELSIF used > p_now - p_grace AND unused_successor THEN
        verdict := CASE WHEN live THEN 1 ELSE 3 END;
    ELSE
        verdict := 2;
        UPDATE hindsight.session s SET revoked_at = p_now
         WHERE s.id = refresh_session.id AND s.revoked_at IS NULL;
    END IF;
END
$$;

CREATE FUNCTION hindsight.find_session(p_id uuid, p_now timestamptz)
RETURNS TABLE (user_id uuid, organization_id uuid, member_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.user_id, s.organization_id, s.member_id FROM hindsight.session s
     WHERE s.id = p_id AND s.revoked_at IS NULL AND s.idle_until > p_now AND s.absolute_until > p_now
$$;

CREATE FUNCTION hindsight.list_sessions(p_user uuid, p_now timestamptz)
RETURNS SETOF hindsight.session
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM hindsight.session s
     WHERE s.user_id = p_user AND s.revoked_at IS NULL AND s.idle_until > p_now AND s.absolute_until > p_now
     ORDER BY s.created_at DESC, s.id DESC LIMIT 200
$$;

-- Ends one session of a user, or all of them; says which were open.
CREATE FUNCTION hindsight.revoke_sessions(p_user uuid, p_id uuid, p_now timestamptz)
RETURNS SETOF uuid LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE hindsight.session s SET revoked_at = p_now
     WHERE s.user_id = p_user AND (p_id IS NULL OR s.id = p_id)
       AND s.revoked_at IS NULL AND s.idle_until > p_now AND s.absolute_until > p_now
    RETURNING s.id
$$;

REVOKE ALL ON FUNCTION
    hindsight.set_password, hindsight.password_hash, hindsight.drop_password, hindsight.open_session,
    hindsight.refresh_session, hindsight.find_session, hindsight.list_sessions, hindsight.revoke_sessions
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    hindsight.set_password, hindsight.password_hash, hindsight.drop_password, hindsight.open_session,
    hindsight.refresh_session, hindsight.find_session, hindsight.list_sessions, hindsight.revoke_sessions
    TO hindsight_app;
