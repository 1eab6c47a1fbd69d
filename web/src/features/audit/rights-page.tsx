import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { sameMoment } from '@/lib/as-of';
import { texts } from '@/lib/i18n';
import { useMay, useMeta } from '@/lib/meta';
import { catalogueQuery, permissionLabel } from '@/lib/rights/catalogue';
import { grantChanges } from '@/lib/rights/diff';
import type { Grants, Reach } from '@/lib/rights/types';
import { EmptyState, ProblemNotice, Skeleton, Tag } from '@/ui/feedback';
import { Select, TextInput } from '@/ui/inputs';
import { Page, Section } from '@/ui/page';
import { Table } from '@/ui/table';
import classes from './audit.module.css';
import { pastRightsQuery } from './audit-queries';

const t = texts('audit');

/** What a moment is in the words of a `datetime-local` field, where the reader is. */
function localOf(iso: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Which rights a member had at a moment. */
export function RightsPage() {
  const { member, at } = useSearch({ from: '/staff/audit/rights' });
  const navigate = useNavigate({ from: '/audit/rights' });
  const { members } = useMeta();
  const choose = (changes: { member?: string | undefined; at?: string | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...changes }), replace: true });
  const feed = (
    <Link to="/audit" search={sameMoment} className={classes.link ?? ''}>
      {t('toFeed')}
    </Link>
  );
  return (
    <Page title={t('rightsTitle')} narrow actions={feed}>
      <p className={classes.muted}>{t('rightsAbout')}</p>
      <div className={classes.form}>
        <Select label={t('rightsMember')} searchable data={members.map((each) => ({ value: each.id, label: each.display_name || t('somebody') }))} value={member ?? null} onChange={(id) => choose({ member: id ?? undefined })} />
        <TextInput
          label={t('rightsAt')}
          type="datetime-local"
          max={localOf(new Date().toISOString())}
          value={at ? localOf(at) : ''}
          onChange={(event) => choose({ at: event.currentTarget.value ? new Date(event.currentTarget.value).toISOString() : undefined })}
        />
      </div>
      {member && at ? (
        <Rights member={member} at={at} />
      ) : (
        <EmptyState kind="nothing" title={t('rightsChoose')}>
          {t('rightsChooseAdvice')}
        </EmptyState>
      )}
    </Page>
  );
}

function reachWord(reach: Reach | undefined): string {
  switch (reach) {
    case 'all':
      return t('reachAll');
    case 'team':
      return t('reachTeam');
    case 'own':
      return t('reachOwn');
    case undefined:
      return t('reachNone');
  }
}

/** The minute that it is: what holds now is asked for by the same question. */
const thisMinute = () => new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString();

function Rights({ member, at }: { member: string; at: string }) {
  const { members } = useMeta();
  const then = useQuery(pastRightsQuery(member, at));
  const now = useQuery(pastRightsQuery(member, thisMinute()));
  const { data: catalogue } = useQuery({ ...catalogueQuery, enabled: useMay('roles:read') });
  if (then.isPending) return <Skeleton height={240} />;
  if (then.isError) return <ProblemNotice error={then.error} retry={() => void then.refetch()} />;
  const rights = then.data;
  const nameOf = (id: string) => members.find((each) => each.id === id)?.display_name || t('somebody');
  // The API names reaches here without listing them; they are the same three.
  const held = rights.permissions as Grants;
  const since = now.data?.permissions as Grants | undefined;
  const changes = since && grantChanges(held, since);
  const differs = new Set(changes?.map((change) => change.permission));
  const names = [...new Set([...Object.keys(held), ...differs])].sort();
  return (
    <>
      <dl className={classes.facts}>
        <dt>{t('rightsAt')}</dt>
        <dd>
          <Tag tone={rights.active ? 'ok' : 'warn'}>{rights.active ? t('rightsActive') : t('rightsInactive')}</Tag>
          {rights.owner && <Tag tone="accent">{t('rightsOwner')}</Tag>}
        </dd>
        <dt>{t('rightsRoles')}</dt>
        <dd>{rights.roles.map((role) => (role.deleted ? `${role.name} (${t('rightsRoleGone')})` : role.name)).join(', ') || t('rightsNoRoles')}</dd>
        <dt>{t('rightsTeam')}</dt>
        <dd>{rights.team.map(nameOf).join(', ') || t('rightsNobody')}</dd>
      </dl>
      <Section title={t('rightsPermissions')}>
        {changes && <p className={classes.muted}>{changes.length === 0 ? t('rightsSame') : t('rightsDiffers', { count: changes.length })}</p>}
        {names.length === 0 ? (
          <EmptyState kind="nothing" title={t('rightsNone')} />
        ) : (
          <Table
            label={t('rightsTitle')}
            head={
              <>
                <th scope="col">{t('rightsPermissions')}</th>
                <th scope="col">{t('rightsReach')}</th>
                <th scope="col">{t('rightsNow')}</th>
              </>
            }
          >
            {names.map((name) => {
              const { resource, action } = permissionLabel(catalogue, name);
              return (
                <tr key={name}>
                  <td>{`${resource}: ${action}`}</td>
                  <td>{reachWord(held[name])}</td>
                  <td className={differs.has(name) ? (classes.differs ?? '') : ''}>{since ? reachWord(since[name]) : ''}</td>
                </tr>
              );
            })}
          </Table>
        )}
      </Section>
    </>
  );
}
