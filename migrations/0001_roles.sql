-- The runtime roles. None of them owns anything of the durable schema; passwords are set by
-- `hindsight migrate`, derived from the root secret.
--
-- hindsight_app        request handlers: functions of the log, worlds under row-level security
-- hindsight_searcher   finds ids for lists by lookup columns; entered by SET LOCAL ROLE only
-- hindsight_projector  workers: read the log, own the worlds
-- hindsight_loader     bulk import: inserts into the log by COPY
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['hindsight_app', 'hindsight_projector', 'hindsight_loader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', role);
        END IF;
    END LOOP;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hindsight_searcher') THEN
        CREATE ROLE hindsight_searcher NOLOGIN;
    END IF;
END
$$;
GRANT hindsight_searcher TO hindsight_app;

-- Durable tables and functions; and extensions, which must be on every path.
CREATE SCHEMA hindsight;
CREATE SCHEMA ext;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA ext;
CREATE EXTENSION IF NOT EXISTS btree_gin SCHEMA ext;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA hindsight, ext
    TO hindsight_app, hindsight_searcher, hindsight_projector, hindsight_loader;
