-- What the runtime of read models must remember. Read models themselves have no migrations: each
-- version and generation of one has a schema of its own, made and dropped by hindsight_projector.

-- Two roles have policies that let everything through; so where we may, we spare them the policies
-- altogether. Where we may not (the owner is no superuser), they are only slower:
-- The searcher, because the planner ignores what it knows about a column where a policy applies,
-- however permissive, and takes every word for a rare one. What it may see are lookup columns.
-- The projector, because COPY is refused under a policy. It owns these tables.
DO $$
BEGIN
    IF (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
        ALTER ROLE hindsight_searcher BYPASSRLS;
        ALTER ROLE hindsight_projector BYPASSRLS;
    END IF;
END
$$;

-- A world says in which schemas a reader finds the read models. `live` shows every organization as
-- it is; an as-of world shows one organization as it was at a position.
CREATE TABLE hindsight.world (
    name         text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_]{0,62}$'),
    log_id       uuid,
    position     bigint CHECK (position >= 0),
    path         text NOT NULL,
    bytes        bigint NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK ((log_id IS NULL) = (position IS NULL))
);
INSERT INTO hindsight.world (name, path) VALUES ('live', 'ext, pg_temp');

-- Never used twice, so that no schema is ever renamed or mistaken for another.
CREATE SEQUENCE hindsight.generation;

-- One row per schema of a read model.
CREATE TABLE hindsight.read_model (
    schema      text PRIMARY KEY CHECK (schema ~ '^[a-z][a-z0-9_]{0,62}$'),
    model       text NOT NULL,
    version     integer NOT NULL,
    -- Hash of the tables and indexes, so that a schema that changed without a new version is noticed.
    fingerprint text NOT NULL,
    generation  bigint NOT NULL,
    state       text NOT NULL CHECK (state IN ('building', 'live', 'retired', 'as_of')),
    world       text REFERENCES hindsight.world ON DELETE CASCADE,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    retired_at  timestamptz,
    CHECK ((state = 'retired') = (retired_at IS NOT NULL)),
    CHECK ((state = 'as_of') = (world IS NOT NULL))
);
CREATE UNIQUE INDEX ON hindsight.read_model (model) WHERE state = 'live';
CREATE UNIQUE INDEX ON hindsight.read_model (model) WHERE state = 'building';

-- How far a group of read models has come in a log. The live ones share the group `live`; a
-- generation in the making is a group by the name of its schema. Locked by the worker that
-- applies: ownership, and fencing, are one and the same.
CREATE TABLE hindsight.checkpoint (
    projection_group text NOT NULL,
    log_id           uuid NOT NULL,
    position         bigint NOT NULL DEFAULT 0 CHECK (position >= 0),
    PRIMARY KEY (projection_group, log_id)
) WITH (fillfactor = 10);

-- What could not be applied. A stream that is parked is skipped by that one schema until a retry
-- succeeds; the nil stream stands for the whole log, for read models that fold several streams.
-- `error` names the fault and never holds values.
CREATE TABLE hindsight.parked (
    schema          text NOT NULL REFERENCES hindsight.read_model ON DELETE CASCADE,
    log_id          uuid NOT NULL,
    stream_id       uuid NOT NULL,
    position        bigint NOT NULL,
    error           text NOT NULL,
    attempts        integer NOT NULL DEFAULT 1,
    parked_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    next_attempt_at timestamptz NOT NULL,
    PRIMARY KEY (schema, log_id, stream_id)
);

-- The first statement of every read: organization, reach and path, for this transaction only. The
-- policies of the read models look at these settings. A caller who can type SQL could change
-- them, which is why only request handlers log in as hindsight_app.
CREATE FUNCTION hindsight.enter(p_world text, p_organization uuid, p_reach text, p_visible text)
RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
    world_path text;
BEGIN
    SELECT w.path INTO world_path FROM hindsight.world w
     WHERE w.name = p_world AND (w.log_id IS NULL OR w.log_id = p_organization);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such world' USING ERRCODE = 'HS200';
    END IF;
    PERFORM pg_catalog.set_config('hindsight.organization', p_organization::text, true),
            pg_catalog.set_config('hindsight.reach', p_reach, true),
            pg_catalog.set_config('hindsight.visible', p_visible, true),
            pg_catalog.set_config('search_path', world_path, true);
END
$$;

-- Keeps the live generations from being switched until the end of the transaction. Does not wait
-- for a switch: a worker would hold a connection that the switch may need.
CREATE FUNCTION hindsight.hold_generations() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_catalog.pg_try_advisory_xact_lock_shared(4869748) THEN
        RAISE EXCEPTION 'generations change places' USING ERRCODE = 'HS201';
    END IF;
END
$$;

REVOKE ALL ON FUNCTION hindsight.enter, hindsight.hold_generations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hindsight.hold_generations TO hindsight_projector;
GRANT EXECUTE ON FUNCTION hindsight.enter TO hindsight_app, hindsight_projector;
GRANT SELECT ON hindsight.world, hindsight.read_model, hindsight.checkpoint, hindsight.parked
    TO hindsight_app;
GRANT SELECT, INSERT, UPDATE, DELETE
    ON hindsight.world, hindsight.read_model, hindsight.checkpoint, hindsight.parked
    TO hindsight_projector;
GRANT USAGE ON SEQUENCE hindsight.generation TO hindsight_projector;
