-- Single events by their places in a log: what the audit trail tells of a page of headers.
CREATE FUNCTION hindsight.read_events(p_log uuid, p_positions bigint[])
RETURNS SETOF hindsight.event
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.* FROM unnest(p_positions) AS p (place)
     CROSS JOIN LATERAL (SELECT * FROM hindsight.event e
                          WHERE e.log_id = p_log AND e."position" = p.place LIMIT 1) e
     ORDER BY e."position"
$$;

REVOKE ALL ON FUNCTION hindsight.read_events FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hindsight.read_events TO hindsight_app;
