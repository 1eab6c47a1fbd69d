-- Refusals name the API key that was used; the nil id is none, so that it can be part of the key.
ALTER TABLE hindsight.denial
    ADD COLUMN key_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    DROP CONSTRAINT denial_pkey,
    ADD PRIMARY KEY (minute, organization_id, member_id, route, key_id);

-- A process of the build before, which names no key, calls the same functions.
DROP FUNCTION hindsight.access_denied(uuid, uuid, bigint, text);
CREATE FUNCTION hindsight.access_denied(
    p_organization uuid, p_member uuid, p_minute bigint, p_route text,
    p_key uuid DEFAULT '00000000-0000-0000-0000-000000000000'
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO hindsight.denial AS d (organization_id, member_id, minute, route, key_id, count)
    VALUES (p_organization, p_member, p_minute, p_route, p_key, 1)
    ON CONFLICT (minute, organization_id, member_id, route, key_id) DO UPDATE SET count = d.count + 1;
END
$$;

DROP FUNCTION hindsight.forget_denials(uuid, uuid, bigint, text);
CREATE FUNCTION hindsight.forget_denials(
    p_organization uuid, p_member uuid, p_minute bigint, p_route text,
    p_key uuid DEFAULT '00000000-0000-0000-0000-000000000000'
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM hindsight.denial d
     WHERE d.minute = p_minute AND d.organization_id = p_organization AND d.member_id = p_member
       AND d.route = p_route AND d.key_id = p_key
$$;

CREATE OR REPLACE FUNCTION hindsight.counted_denials(p_before bigint, p_limit integer)
RETURNS SETOF hindsight.denial
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM hindsight.denial d
     WHERE d.minute < p_before
     ORDER BY d.minute, d.organization_id, d.member_id, d.route, d.key_id LIMIT p_limit
$$;

REVOKE ALL ON FUNCTION hindsight.access_denied, hindsight.forget_denials FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hindsight.access_denied, hindsight.forget_denials TO hindsight_app;
