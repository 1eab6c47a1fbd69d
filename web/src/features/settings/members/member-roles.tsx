import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { sameMoment } from '@/lib/as-of';
import { texts } from '@/lib/i18n';
import { useMay } from '@/lib/meta';
import { Button } from '@/ui/button';
import { ProblemNotice, Skeleton } from '@/ui/feedback';
import { Checkbox } from '@/ui/inputs';
import { Group, Stack } from '@/ui/layout';
import classes from '../settings.module.css';
import { rolesQuery } from '../shared/queries';
import { useAct } from '../shared/use-act';
import { setMemberRoles, SHOWN_IN, type MemberDetail } from './member-api';

const t = texts('settings');
const common = texts('common');

/** The roles of a member, all set at once. */
export function MemberRoles({ member }: { member: MemberDetail }) {
  const roles = useQuery({ ...rolesQuery, enabled: useMay('roles:read') });
  const mayAssign = useMay('roles:assign');
  const held = member.roles.map((role) => role.id);
  const [chosen, setChosen] = useState(held);
  const act = useAct();
  if (roles.isError) return <ProblemNotice error={roles.error} retry={() => void roles.refetch()} />;
  if (!roles.data) return <Skeleton height={96} />;
  const offered = roles.data.items.filter((role) => !role.deleted || held.includes(role.id));
  const dirty = chosen.length !== held.length || chosen.some((id) => !held.includes(id));
  const save = () =>
    void act.run(
      {
        call: () => setMemberRoles(member.id, chosen),
        done: t('memberRolesChanged', { name: member.display_name }),
        undo: () => setMemberRoles(member.id, held),
        refresh: SHOWN_IN,
      },
      { inPlace: true },
    );
  return (
    <Stack gap="sm">
      {act.error && <ProblemNotice error={act.error} />}
      <Checkbox.Group aria-label={t('roles')} value={chosen} onChange={setChosen}>
        <ul className={classes.list}>
          {offered.map((role) => {
            const why = mayAssign ? (role.allowed.assign ? undefined : t('roleWider')) : t('notYourRole');
            return (
              <li key={role.id} className={classes.row}>
                <Checkbox value={role.id} label={role.name} description={why ?? role.description} disabled={why !== undefined} />
                <Link to="/settings/roles/$role" params={{ role: role.id }} search={sameMoment} className={classes.link2 ?? ''} aria-label={t('roleShow', { role: role.name })}>
                  {t('whatItGrants')}
                </Link>
              </li>
            );
          })}
        </ul>
      </Checkbox.Group>
      {dirty && (
        <Group gap="sm">
          <Button loading={act.busy} onClick={save}>
            {common('save')}
          </Button>
          <Button variant="default" onClick={() => setChosen(held)}>
            {common('discard')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
