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

-- The logs that have moved on since the process was there: the platform's, those of organizations,
-- or all whose times are not made up. The others are none of its business and get no place.
DROP FUNCTION hindsight.logs_ahead;
CREATE FUNCTION hindsight.logs_ahead(p_name text, p_logs text, p_limit integer)
RETURNS TABLE (log_id uuid, reached bigint, head bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT h.log_id, coalesce(f.position, 0), h.position
      FROM hindsight.head h
      LEFT JOIN hindsight.follower f ON f.name = p_name AND f.log_id = h.log_id
     WHERE h.position > coalesce(f.position, 0)
       AND CASE p_logs
               WHEN 'platform' THEN h.log_id = '00000000-0000-0000-0000-000000000000'
               WHEN 'organizations' THEN h.log_id <> '00000000-0000-0000-0000-000000000000'
               WHEN 'real' THEN NOT h.simulated
           END
     LIMIT p_limit
$$;

REVOKE ALL ON FUNCTION hindsight.streams_with, hindsight.logs_ahead FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hindsight.streams_with, hindsight.logs_ahead TO hindsight_app;

-- How far the platform's log was followed has its place beside the others.
INSERT INTO hindsight.follower (name, log_id, position)
SELECT p.name, '00000000-0000-0000-0000-000000000000', p.position FROM hindsight.process p;
DROP FUNCTION hindsight.process_position, hindsight.advance_process;
DROP TABLE hindsight.process;
