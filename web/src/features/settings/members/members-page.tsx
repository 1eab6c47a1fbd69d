import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { texts } from '@/lib/i18n';
import { useMay } from '@/lib/meta';
import { Skeleton, Tag } from '@/ui/feedback';
import { Page, Section } from '@/ui/page';
import { Table } from '@/ui/table';
import classes from '../settings.module.css';
import { rolesQuery } from '../shared/queries';
import { profileOf, stateOf, useMemberDetails, type MemberDetail } from './member-api';

const t = texts('settings');

/** Who belongs to the organization. */
export function MembersPage() {
  const members = useMemberDetails();
  const { data: roles } = useQuery({ ...rolesQuery, enabled: useMay('roles:read') });
  const roleName = (id: string) => roles?.items.find((role) => role.id === id)?.name;
  const present = members.filter((member) => member.detail?.state !== 'removed');
  const gone = members.filter((member) => member.detail?.state === 'removed');
  return (
    <Page title={t('members')} narrow>
      <p className={classes.muted}>{t('membersLong', { count: present.length })}</p>
      <MemberTable label={t('members')} rows={present} roleName={roleName} />
      {gone.length > 0 && (
        <Section title={t('membersGone')} description={t('membersGoneAbout')}>
          <MemberTable label={t('membersGoneTable')} rows={gone} roleName={roleName} />
        </Section>
      )}
    </Page>
  );
}

interface TableProps {
  label: string;
  rows: { id: string; name: string; detail: MemberDetail | undefined }[];
  roleName: (id: string) => string | undefined;
}

function MemberTable({ label, rows, roleName }: TableProps) {
  const head = (
    <>
      <th scope="col">{t('name')}</th>
      <th scope="col">{t('state')}</th>
      <th scope="col">{t('roles')}</th>
      <th scope="col">{t('profileKind')}</th>
    </>
  );
  return (
    <Table label={label} head={head}>
      {rows.map(({ id, name, detail }) => (
        <tr key={id}>
          <td>
            <Link to="/settings/members/$member" params={{ member: id }} className={classes.link2 ?? ''}>
              {name || t('memberNameless')}
            </Link>
          </td>
          <td>{detail ? <Tag tone={stateOf(detail.state).tone}>{stateOf(detail.state).word}</Tag> : <Skeleton height={18} width={64} />}</td>
          <td>{detail ? detail.roles.map((role) => roleName(role) ?? t('roleUnknown')).join(', ') || t('rolesNone') : <Skeleton height={18} width={96} />}</td>
          <td>{detail ? profileOf(detail.profile) : <Skeleton height={18} width={48} />}</td>
        </tr>
      ))}
    </Table>
  );
}
