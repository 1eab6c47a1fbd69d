import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { components } from '@/api/schema';
import { answer, api } from '@/lib/api/client';
import { sameMoment } from '@/lib/as-of';
import { texts } from '@/lib/i18n';
import { useMay } from '@/lib/meta';
import { Button, ExplainedButton } from '@/ui/button';
import { EmptyState, ProblemNotice, Skeleton, Tag } from '@/ui/feedback';
import { NativeSelect } from '@/ui/inputs';
import { Group } from '@/ui/layout';
import { Page } from '@/ui/page';
import { Table } from '@/ui/table';
import classes from '../settings.module.css';
import { profileOf, stateOf } from './member-api';
import { NewMemberForm } from './new-member-form';
import { PasswordLink } from './password-link';
import { MEMBER_STATES, PROFILES, type MembersSearch } from './search';

const t = texts('settings');

/** Who belongs to the organization. */
export function MembersPage() {
  const search = useSearch({ from: '/staff/settings/members' });
  const navigate = useNavigate({ from: '/settings/members' });
  const mayCreate = useMay('members:create');
  const mayInvite = useMay('invitations:read');
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<components['schemas']['MadeMember'] | null>(null);
  const set = (changes: Partial<MembersSearch>) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true });
  const shown = (member: components['schemas']['MadeMember']) => {
    setMade(member);
    setMaking(false);
  };
  const actions = (
    <>
      {mayInvite && (
        <Link to="/settings/invitations" search={sameMoment} className={classes.link2 ?? ''}>
          {t('invitations')}
        </Link>
      )}
      {!making && (
        <ExplainedButton variant="default" why={mayCreate ? undefined : t('notYourRole')} onClick={() => setMaking(true)}>
          {t('memberNew')}
        </ExplainedButton>
      )}
    </>
  );
  return (
    <Page title={t('members')} narrow actions={actions}>
      {made && <PasswordLink link={made.link} name={made.display_name} done={() => setMade(null)} />}
      {making && <NewMemberForm made={shown} cancel={() => setMaking(false)} />}
      <Group gap="md" mb="md">
        <NativeSelect label={t('state')} value={search.state ?? ''} onChange={(event) => set({ state: (event.currentTarget.value || undefined) as MembersSearch['state'] })} data={[{ value: '', label: t('statePresent') }, ...MEMBER_STATES.map((state) => ({ value: state, label: stateOf(state).word }))]} />
        <NativeSelect label={t('profileKind')} value={search.profile ?? ''} onChange={(event) => set({ profile: (event.currentTarget.value || undefined) as MembersSearch['profile'] })} data={[{ value: '', label: t('profileAll') }, ...PROFILES.map((profile) => ({ value: profile, label: profileOf(profile) }))]} />
      </Group>
      <MemberTable search={search} />
    </Page>
  );
}

function MemberTable({ search }: { search: MembersSearch }) {
  const query = { ...(search.state ? { state: search.state } : {}), ...(search.profile ? { profile: search.profile } : {}) };
  const members = useInfiniteQuery({
    queryKey: ['settings', 'members', 'list', query],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/members', { signal, params: { query: { ...query, limit: 100, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  if (members.isPending) return <Skeleton height={240} />;
  if (members.isError) return <ProblemNotice error={members.error} retry={() => void members.refetch()} />;
  const rows = members.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <EmptyState kind="noMatch" title={t('membersNoMatch')} />;
  const head = (
    <>
      <th scope="col">{t('name')}</th>
      <th scope="col">{t('state')}</th>
      <th scope="col">{t('roles')}</th>
      <th scope="col">{t('profileKind')}</th>
    </>
  );
  return (
    <>
      <Table label={t('members')} head={head}>
        {rows.map((member) => (
          <tr key={member.id}>
            <td>
              <Link to="/settings/members/$member" params={{ member: member.id }} search={sameMoment} className={classes.link2 ?? ''}>
                {member.display_name || t('memberNameless')}
              </Link>
            </td>
            <td>
              <Tag tone={stateOf(member.state).tone}>{stateOf(member.state).word}</Tag>
            </td>
            <td>{member.roles.map((role) => role.label).join(', ') || t('rolesNone')}</td>
            <td>{profileOf(member.profile)}</td>
          </tr>
        ))}
      </Table>
      {members.hasNextPage && (
        <Button variant="default" mt="md" loading={members.isFetchingNextPage} onClick={() => void members.fetchNextPage()}>
          {t('showMore')}
        </Button>
      )}
    </>
  );
}
