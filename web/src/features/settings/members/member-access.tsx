import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { session } from '@/lib/api/session';
import { texts } from '@/lib/i18n';
import { useMay } from '@/lib/meta';
import { Button, ExplainedButton } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { Group } from '@/ui/layout';
import { Section } from '@/ui/page';
import classes from '../settings.module.css';
import { staffQuery } from '../shared/queries';
import { useAct } from '../shared/use-act';
import { deactivateMember, reactivateMember, removeMember, SHOWN_IN, type MemberDetail } from './member-api';

const t = texts('settings');
const common = texts('common');

/** Whether nobody else who may enter owns the organization. */
function useLastOwner(member: MemberDetail): boolean {
  const { data: staff } = useQuery({ ...staffQuery, enabled: member.owner });
  return member.owner && staff !== undefined && !staff.next_cursor && !staff.items.some((each) => each.id !== member.id && each.owner);
}

/** Whether a member may enter. Keeping them out is undone at once; removing them is not. */
export function MemberAccess({ member, self }: { member: MemberDetail; self: boolean }) {
  const mayChange = useMay('members:update');
  const mayRemove = useMay('members:delete');
  const lastOwner = useLastOwner(member);
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const act = useAct();
  const removal = useAct();
  const name = member.display_name;
  const active = member.state === 'active';
  const owner = lastOwner ? t('lastOwner') : undefined;
  const toggle = () =>
    void act.run({
      call: () => (active ? deactivateMember(member.id) : reactivateMember(member.id)),
      done: active ? t('deactivated', { name }) : t('reactivated', { name }),
      undo: () => (active ? reactivateMember(member.id) : deactivateMember(member.id)),
      refresh: SHOWN_IN,
    });
  const remove = () =>
    void removal.run(
      {
        call: () => removeMember(member.id),
        done: self ? t('left') : t('removed', { name }),
        refresh: self ? [] : SHOWN_IN,
        after: () => {
          if (self) session.closed();
          void navigate(self ? { to: '/login' } : { to: '/settings/members' });
        },
      },
      { inPlace: true },
    );
  return (
    <Section title={t('access')} description={t('accessAbout')}>
      {removal.error && <ProblemNotice error={removal.error} />}
      {asking ? (
        <div className={classes.panel} role="group" aria-label={self ? t('leave') : t('removeNamed', { name })}>
          <p>{self ? t('leaveWarning') : t('removeWarning', { name })}</p>
          <Group gap="sm">
            <Button color="red.9" loading={removal.busy} onClick={remove}>
              {self ? t('leave') : t('removeNamed', { name })}
            </Button>
            <Button variant="default" onClick={() => setAsking(false)}>
              {common('cancel')}
            </Button>
          </Group>
        </div>
      ) : (
        <Group gap="sm">
          {!self && (
            <ExplainedButton variant="default" loading={act.busy} why={mayChange ? (active ? owner : undefined) : t('notYourRole')} onClick={toggle}>
              {active ? t('deactivate') : t('reactivate')}
            </ExplainedButton>
          )}
          <ExplainedButton variant="default" why={mayRemove || self ? owner : t('notYourRole')} onClick={() => setAsking(true)}>
            {self ? `${t('leave')}…` : `${common('remove')}…`}
          </ExplainedButton>
        </Group>
      )}
    </Section>
  );
}
