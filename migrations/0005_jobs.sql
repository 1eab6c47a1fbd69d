-- Long-running work: jobs with leases, and the places that processes have reached in the log.
-- Leases go by the database's clock, the one that all processes share.

CREATE TABLE hindsight.job (
    id              uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    kind            text NOT NULL,
    state           text NOT NULL DEFAULT 'queued' CHECK (state IN
                        ('queued', 'running', 'paused', 'cancelling', 'cancelled', 'done', 'failed')),
    params          jsonb NOT NULL,
    created_by      uuid,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at      timestamptz,
    ended_at        timestamptz,
    lease_owner     uuid,
    lease_until     timestamptz,
    -- Not to be claimed before: a pause after an interruption.
    run_after       timestamptz NOT NULL DEFAULT '-infinity',
    -- Claims since the last progress; a job that kills its process is given up.
    attempts        integer NOT NULL DEFAULT 0,
    done            bigint NOT NULL DEFAULT 0,
    total           bigint,
    counts          jsonb NOT NULL DEFAULT '{}',
    cursor          jsonb,
    result          jsonb,
    error           text
) WITH (fillfactor = 50);
CREATE INDEX job_to_claim ON hindsight.job (created_at) WHERE state IN ('queued', 'running', 'cancelling');
CREATE INDEX job_by_organization ON hindsight.job (organization_id, id);

CREATE FUNCTION hindsight.start_job(p_organization uuid, p_id uuid, p_kind text, p_params jsonb, p_by uuid)
RETURNS SETOF hindsight.job LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO hindsight.job (id, organization_id, kind, params, created_by)
    VALUES (p_id, p_organization, p_kind, p_params, p_by) ON CONFLICT DO NOTHING;
    SELECT * FROM hindsight.job j WHERE j.id = p_id AND j.organization_id = p_organization
$$;

CREATE FUNCTION hindsight.read_job(p_organization uuid, p_id uuid)
RETURNS SETOF hindsight.job
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM hindsight.job j WHERE j.id = p_id AND j.organization_id = p_organization
$$;

CREATE FUNCTION hindsight.list_jobs(p_organization uuid, p_before uuid, p_limit integer)
RETURNS SETOF hindsight.job
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM hindsight.job j
     WHERE j.organization_id = p_organization AND (p_before IS NULL OR j.id < p_before)
     ORDER BY j.id DESC LIMIT p_limit
$$;

-- Moves a job to `p_to` if it is in one of the states `p_from`; no row otherwise.
CREATE FUNCTION hindsight.steer_job(p_organization uuid, p_id uuid, p_from text[], p_to text)
RETURNS SETOF hindsight.job LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE hindsight.job j
       SET state = p_to, updated_at = clock_timestamp(), run_after = '-infinity', attempts = 0,
           ended_at = CASE WHEN p_to = 'cancelled' THEN clock_timestamp() END,
           error = CASE WHEN p_to = 'queued' THEN NULL ELSE j.error END
     WHERE j.id = p_id AND j.organization_id = p_organization AND j.state = ANY (p_from)
    RETURNING j.*
$$;

-- Claims the oldest job that nobody holds. What was to be cancelled by a process that is gone is
-- cancelled here; what has been claimed five times without getting on is given up.
CREATE FUNCTION hindsight.claim_job(p_kinds text[], p_owner uuid, p_lease interval)
RETURNS SETOF hindsight.job LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE hindsight.job j
       SET state = CASE j.state WHEN 'cancelling' THEN 'cancelled' ELSE 'failed' END,
           error = CASE j.state WHEN 'cancelling' THEN j.error ELSE 'It was interrupted too often.' END,
           ended_at = clock_timestamp(), updated_at = clock_timestamp(), lease_owner = NULL, lease_until = NULL
     WHERE (j.state = 'cancelling' OR (j.state IN ('queued', 'running') AND j.attempts >= 5))
       AND (j.lease_until IS NULL OR j.lease_until < clock_timestamp());
    UPDATE hindsight.job j
       SET state = 'running', lease_owner = p_owner, lease_until = clock_timestamp() + p_lease,
           attempts = j.attempts + 1, updated_at = clock_timestamp(),
           started_at = coalesce(j.started_at, clock_timestamp()), ended_at = NULL
     WHERE j.id = (SELECT c.id FROM hindsight.job c
                    WHERE c.state IN ('queued', 'running') AND c.kind = ANY (p_kinds)
                      AND (c.lease_until IS NULL OR c.lease_until < clock_timestamp())
                      AND c.run_after < clock_timestamp()
                    ORDER BY c.created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING j.*
$$;

-- Keeps the lease. No row if it is another's now.
CREATE FUNCTION hindsight.renew_job(p_id uuid, p_owner uuid, p_lease interval)
RETURNS SETOF hindsight.job LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE hindsight.job j SET lease_until = clock_timestamp() + p_lease
     WHERE j.id = p_id AND j.lease_owner = p_owner
    RETURNING j.*
$$;

-- Notes progress and keeps the lease. No row if it is another's now.
CREATE FUNCTION hindsight.report_job(
    p_id uuid, p_owner uuid, p_lease interval, p_done bigint, p_total bigint, p_counts jsonb, p_cursor jsonb
) RETURNS SETOF hindsight.job LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE hindsight.job j
       SET done = p_done, total = p_total, counts = p_counts, cursor = p_cursor, attempts = 0,
           lease_until = clock_timestamp() + p_lease, updated_at = clock_timestamp(),
           -- Paused and resumed before this process noticed: it simply goes on.
           state = CASE j.state WHEN 'queued' THEN 'running' ELSE j.state END
     WHERE j.id = p_id AND j.lease_owner = p_owner
    RETURNING j.*
$$;

-- Gives the lease back: ended as `p_state`, or, where that is 'queued', to be taken up again after
-- a while, unless it was to be paused or cancelled meanwhile.
CREATE FUNCTION hindsight.release_job(
    p_id uuid, p_owner uuid, p_state text, p_after interval, p_result jsonb, p_error text
) RETURNS SETOF hindsight.job LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE hindsight.job j
       SET state = s.state, result = coalesce(p_result, j.result), error = p_error,
           run_after = clock_timestamp() + p_after, lease_owner = NULL, lease_until = NULL,
           ended_at = CASE WHEN s.state IN ('done', 'failed', 'cancelled') THEN clock_timestamp() END,
           updated_at = clock_timestamp()
      FROM (SELECT CASE WHEN p_state IN ('done', 'failed') THEN p_state
                        WHEN c.state IN ('cancelling', 'cancelled') THEN 'cancelled'
                        WHEN c.state = 'paused' THEN 'paused'
                        ELSE 'queued' END AS state
              FROM hindsight.job c WHERE c.id = p_id) s
     WHERE j.id = p_id AND j.lease_owner = p_owner
    RETURNING j.*
$$;

-- How far a process has followed the platform's log.
CREATE TABLE hindsight.process (
    name     text PRIMARY KEY,
    position bigint NOT NULL
);

CREATE FUNCTION hindsight.process_position(p_name text)
RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(max(p.position), 0) FROM hindsight.process p WHERE p.name = p_name
$$;

-- Never goes back, whoever comes late.
CREATE FUNCTION hindsight.advance_process(p_name text, p_position bigint)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO hindsight.process AS p (name, position) VALUES (p_name, p_position)
    ON CONFLICT (name) DO UPDATE SET position = greatest(p.position, excluded.position)
$$;

REVOKE ALL ON FUNCTION
    hindsight.start_job, hindsight.read_job, hindsight.list_jobs, hindsight.steer_job,
    hindsight.claim_job, hindsight.renew_job, hindsight.report_job, hindsight.release_job,
    hindsight.process_position, hindsight.advance_process
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    hindsight.start_job, hindsight.read_job, hindsight.list_jobs, hindsight.steer_job,
    hindsight.claim_job, hindsight.renew_job, hindsight.report_job, hindsight.release_job,
    hindsight.process_position, hindsight.advance_process
    TO hindsight_app;
