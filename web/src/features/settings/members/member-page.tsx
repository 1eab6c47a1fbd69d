import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { sameMoment } from '@/lib/as-of';
import { texts } from '@/lib/i18n';
import { useMay, useMe } from '@/lib/meta';
import { Tag } from '@/ui/feedback';
import { Page, Section } from '@/ui/page';
import classes from '../settings.module.css';
import { OneField } from '../shared/one-field';
import { memberQuery } from '../shared/queries';
import { MemberAccess } from './member-access';
import { profileOf, renameMember, SHOWN_IN, stateOf } from './member-api';
import { MemberPassword } from './member-password';
import { MemberRoles } from './member-roles';

const t = texts('settings');

/** One member: what they are called, what they may do, whether they may enter. */
export function MemberPage() {
  const { member: id } = useParams({ from: '/staff/settings/members/$member' });
  const { data: member } = useSuspenseQuery(memberQuery(id));
  const me = useMe();
  const mayChange = useMay('members:update');
  const mayAudit = useMay('audit:read');
  const self = me.member === id;
  const gone = member.state === 'removed';
  const state = stateOf(member.state);
  const name = member.display_name || t('memberNameless');
  return (
    <Page title={name} narrow>
      <div className={classes.facts}>
        <Tag tone={state.tone}>{state.word}</Tag>
        <Tag>{profileOf(member.profile)}</Tag>
        {member.second_factor === true && <Tag tone="ok">{t('secondFactor')}</Tag>}
        {self && <Tag tone="accent">{t('you')}</Tag>}
        {mayAudit && (
          <>
            <Link to="/audit" search={(before) => ({ ...sameMoment(before), actor: id })} className={classes.link2 ?? ''}>
              {t('whatTheyDid')}
            </Link>
            <Link to="/audit/rights" search={(before) => ({ ...sameMoment(before), member: id })} className={classes.link2 ?? ''}>
              {t('rightsThen')}
            </Link>
          </>
        )}
      </div>
      {!gone && (mayChange || self) && (
        <Section title={t('displayName')}>
          <OneField
            label={t('name')}
            value={member.display_name}
            member="display_name"
            act={(typed) => ({
              call: () => renameMember(id, typed),
              done: t('renamedTo', { name: typed }),
              undo: () => renameMember(id, member.display_name),
              refresh: SHOWN_IN,
            })}
          />
        </Section>
      )}
      {member.profile === 'staff' && !gone && (
        <Section title={t('roles')} description={t('memberRolesAbout')}>
          <MemberRoles key={member.roles.map((role) => role.id).join()} member={member} />
        </Section>
      )}
      {!gone && !self && mayChange && <MemberPassword member={member} />}
      {!gone && <MemberAccess member={member} self={self} />}
    </Page>
  );
}
