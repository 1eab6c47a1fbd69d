-- One-time tokens of the vault; what processes need to follow every log; mails that wait.

-- The token itself is derived from its id with a key that the database does not have; here is only
-- its SHA-256, so that neither the database nor the log lets anybody in.
CREATE TABLE hindsight.one_time_token (
    id              uuid PRIMARY KEY,
    hash            bytea NOT NULL CHECK (octet_length(hash) = 32),
    purpose         text NOT NULL,
    user_id         uuid,
    organization_id uuid,
    -- What it is about, if not the user alone, such as an invitation.
    subject_id      uuid,
    issued_at       timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL CHECK (expires_at > issued_at),
    used_at         timestamptz,
    -- Superseded by a later one, or withdrawn.
    revoked_at      timestamptz
);
CREATE INDEX one_time_token_by_user ON hindsight.one_time_token (user_id, purpose)
    WHERE used_at IS NULL AND revoked_at IS NULL;
CREATE INDEX one_time_token_by_subject ON hindsight.one_time_token (subject_id, purpose)
    WHERE used_at IS NULL AND revoked_at IS NULL;
CREATE INDEX one_time_token_by_expiry ON hindsight.one_time_token (expires_at);

-- Revokes unused tokens of a purpose for the same user and subject, all but `p_but`.
CREATE FUNCTION hindsight.revoke_tokens(
    p_purpose text, p_user uuid, p_subject uuid, p_but uuid, p_now timestamptz
) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH revoked AS (
        UPDATE hindsight.one_time_token t SET revoked_at = p_now
         WHERE t.purpose = p_purpose AND t.used_at IS NULL AND t.revoked_at IS NULL
           AND t.id IS DISTINCT FROM p_but
           AND (CASE WHEN p_user IS NULL THEN t.user_id IS NULL ELSE t.user_id = p_user END)
           AND (CASE WHEN p_subject IS NULL THEN t.subject_id IS NULL ELSE t.subject_id = p_subject END)
        RETURNING 1)
    SELECT count(*) FROM revoked
$$;

-- Issues a token; with `p_supersede`, those of the same purpose, user and subject are good no
-- longer. Issuing the same one again changes nothing.
CREATE FUNCTION hindsight.issue_token(
    p_id uuid, p_hash bytea, p_purpose text, p_user uuid, p_organization uuid, p_subject uuid,
    p_now timestamptz, p_expires_at timestamptz, p_supersede boolean
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Of two that are issued at once, the later must see the earlier.
    IF p_supersede THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(
            concat_ws('/', p_purpose, p_user::text, '-', p_subject::text), 4869748));
    END IF;
    INSERT INTO hindsight.one_time_token
        (id, hash, purpose, user_id, organization_id, subject_id, issued_at, expires_at)
    VALUES (p_id, p_hash, p_purpose, p_user, p_organization, p_subject, p_now, p_expires_at)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF p_supersede THEN
        PERFORM hindsight.revoke_tokens(p_purpose, p_user, p_subject, p_id, p_now);
    END IF;
    DELETE FROM hindsight.one_time_token t
     WHERE t.id IN (SELECT o.id FROM hindsight.one_time_token o
                     WHERE o.expires_at < p_now - interval '30 days'
                     ORDER BY o.expires_at LIMIT 100 FOR UPDATE SKIP LOCKED);
END
$$;

-- The token, if it is good.
CREATE FUNCTION hindsight.look_at_token(p_id uuid, p_hash bytea, p_purpose text, p_now timestamptz)
RETURNS SETOF hindsight.one_time_token
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM hindsight.one_time_token t
     WHERE t.id = p_id AND t.hash = p_hash AND t.purpose = p_purpose
       AND t.used_at IS NULL AND t.revoked_at IS NULL AND t.expires_at > p_now
$$;

-- Uses the token up, if it is good. However many come with it at once, one gets a row.
CREATE FUNCTION hindsight.consume_token(p_id uuid, p_hash bytea, p_purpose text, p_now timestamptz)
RETURNS SETOF hindsight.one_time_token
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE hindsight.one_time_token t SET used_at = p_now
     WHERE t.id = p_id AND t.hash = p_hash AND t.purpose = p_purpose
       AND t.used_at IS NULL AND t.revoked_at IS NULL AND t.expires_at > p_now
    RETURNING t.*
$$;

-- How far a process has followed each log.
CREATE TABLE hindsight.follower (
    name     text NOT NULL,
    log_id   uuid NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (name, log_id)
) WITH (fillfactor = 50);

-- The logs that have moved on since the process was there.
CREATE FUNCTION hindsight.logs_ahead(p_name text, p_limit integer)
RETURNS TABLE (log_id uuid, reached bigint, head bigint, simulated boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT h.log_id, coalesce(f.position, 0), h.position, h.simulated
      FROM hindsight.head h
      LEFT JOIN hindsight.follower f ON f.name = p_name AND f.log_id = h.log_id
     WHERE h.position > coalesce(f.position, 0)
     LIMIT p_limit
$$;

-- Which streams have events of a type in a range of positions. Ids only: what is in the events
-- is for those to read who may open it.
CREATE FUNCTION hindsight.streams_with(p_log uuid, p_after bigint, p_upto bigint, p_type text)
RETURNS TABLE (stream_id uuid, recorded_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.stream_id, e.recorded_at FROM hindsight.event e
     WHERE e.log_id = p_log AND e.position > p_after AND e.position <= p_upto AND e.type = p_type
     ORDER BY e.position
$$;

-- Never goes back, whoever comes late.
CREATE FUNCTION hindsight.advance_follower(p_name text, p_log uuid, p_position bigint)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO hindsight.follower AS f (name, log_id, position) VALUES (p_name, p_log, p_position)
    ON CONFLICT (name, log_id) DO UPDATE SET position = greatest(f.position, excluded.position)
$$;

-- Mails with something left to do. Follows from the log: a row is only a reminder to look.
CREATE TABLE hindsight.mail_outbox (
    log_id  uuid NOT NULL,
    mail_id uuid NOT NULL,
    -- Nobody takes it up before. Claiming sets it to the end of the lease, so that the mail of a
    -- process that died is due again.
    due_at  timestamptz NOT NULL,
    holder  uuid,
    PRIMARY KEY (log_id, mail_id)
) WITH (fillfactor = 50);
CREATE INDEX mail_outbox_by_due ON hindsight.mail_outbox (due_at);

CREATE FUNCTION hindsight.put_mails(p_log uuid, p_mails uuid[], p_due timestamptz[])
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO hindsight.mail_outbox (log_id, mail_id, due_at)
    SELECT p_log, m.id, m.due FROM unnest(p_mails, p_due) AS m (id, due)
    ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION hindsight.claim_mails(
    p_holder uuid, p_now timestamptz, p_until timestamptz, p_limit integer
) RETURNS TABLE (log_id uuid, mail_id uuid)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE hindsight.mail_outbox o SET due_at = p_until, holder = p_holder
      FROM (SELECT c.log_id, c.mail_id FROM hindsight.mail_outbox c
             WHERE c.due_at <= p_now ORDER BY c.due_at LIMIT p_limit FOR UPDATE SKIP LOCKED) due
     WHERE o.log_id = due.log_id AND o.mail_id = due.mail_id
    RETURNING o.log_id, o.mail_id
$$;

-- Gives a claimed mail back, to be taken up again at `p_due`; NULL if there is nothing left to do.
-- What another process has claimed since is left as it is.
CREATE FUNCTION hindsight.release_mail(p_log uuid, p_mail uuid, p_holder uuid, p_due timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM hindsight.mail_outbox o
     WHERE p_due IS NULL AND o.log_id = p_log AND o.mail_id = p_mail AND o.holder = p_holder;
    UPDATE hindsight.mail_outbox o SET due_at = p_due, holder = NULL
     WHERE p_due IS NOT NULL AND o.log_id = p_log AND o.mail_id = p_mail AND o.holder = p_holder
$$;

REVOKE ALL ON FUNCTION
    hindsight.revoke_tokens, hindsight.issue_token, hindsight.look_at_token, hindsight.consume_token,
    hindsight.logs_ahead, hindsight.streams_with, hindsight.advance_follower,
    hindsight.put_mails, hindsight.claim_mails, hindsight.release_mail
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    hindsight.revoke_tokens, hindsight.issue_token, hindsight.look_at_token, hindsight.consume_token,
    hindsight.logs_ahead, hindsight.streams_with, hindsight.advance_follower,
    hindsight.put_mails, hindsight.claim_mails, hindsight.release_mail
    TO hindsight_app;
