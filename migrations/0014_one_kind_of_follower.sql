-- Which streams have events of some types in a range of positions, with one look through it. Ids
-- only: what is in the events is for those to read who may open it.
DROP FUNCTION hindsight.streams_with;
CREATE FUNCTION hindsight.streams_with(p_log uuid, p_after bigint, p_upto bigint, p_types text[])
RETURNS TABLE (stream_id uuid, type text, recorded_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.stream_id, e.type, e.recorded_at FROM hindsight.event e
     WHERE e.log_id = p_log AND e.position > p_after AND e.position <= p_upto
       AND e.type = ANY (p_types)
     ORDER BY e.position
$$;

REVOKE ALL ON FUNCTION hindsight.streams_with FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hindsight.streams_with TO hindsight_app;

-- How far the platform's log was followed has its place beside the others.
INSERT INTO hindsight.follower (name, log_id, position)
SELECT p.name, '00000000-0000-0000-0000-000000000000', p.position FROM hindsight.process p;
DROP FUNCTION hindsight.process_position, hindsight.advance_process;
DROP TABLE hindsight.process;
