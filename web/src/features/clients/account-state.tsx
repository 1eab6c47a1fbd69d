import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { sameMoment } from '@/lib/as-of';
import { moment } from '@/lib/format';
import { texts } from '@/lib/i18n';
import { useMay } from '@/lib/meta';
import type { PartProps } from '@/lib/records/parts';
import type { AnyRecord } from '@/lib/records/types';
import { ExplainedButton } from '@/ui/button';
import { ProblemNotice, Tag, type Tone } from '@/ui/feedback';
import { Group } from '@/ui/layout';
import { LinkOnce } from '@/ui/link-once';
import { toast } from '@/ui/toast';
import { type Account, type Act, type ClientLink, useAccountAct } from './account-api';
import { Asking } from './asking';
import classes from './portal-account.module.css';

const t = texts('clients');

/** How an account stands, in words. */
function inWords(status: string | undefined, name: string): { word: string; tone: Tone; about: string } {
  switch (status) {
    case 'offered':
      return { word: t('offered'), tone: 'accent', about: t('offeredAbout', { name }) };
    case 'active':
      return { word: t('active'), tone: 'ok', about: t('activeAbout', { name }) };
    case 'deactivated':
      return { word: t('deactivated'), tone: 'warn', about: t('deactivatedAbout', { name }) };
    default:
      return { word: t('none'), tone: 'neutral', about: t('noneAbout', { name }) };
  }
}

/** Why something cannot be done to the account: on this page, to this contact, or by this person. */
function useWhyNot(record: AnyRecord, frozen: string | undefined): (permission: string) => string | undefined {
  const may: Record<string, boolean> = { create: useMay('members:create'), update: useMay('members:update'), delete: useMay('members:delete') };
  return (permission) => {
    if (frozen) return frozen;
    if (record.deleted) return t('inBin');
    if (!record.allowed?.edit) return t('notThisRecord');
    return may[permission] ? undefined : t('notYourRole');
  };
}

/** The account of a contact as it is, and what can be done about it. */
export function AccountState({ record, frozen, account }: PartProps & { account: Account | null }) {
  const act = useAccountAct(record.id);
  const why = useWhyNot(record, frozen);
  const mayOpen = useMay('members:read');
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<ClientLink | null>(null);
  const name = record.label;
  const status = account?.status;
  const state = inWords(status, name);
  const email = typeof record['email'] === 'string' ? record['email'] : '';
  const offering = account === null || status === 'offered';

  const run = (what: Act) => {
    setMade(null);
    act.mutate(what, {
      onSuccess: (link) => {
        setAsking(false);
        setMade(link);
        if (what === 'takeAway') toast.done(t(status === 'offered' ? 'withdrawn' : 'takenAway', { name }));
      },
    });
  };
  const button = (label: string, permission: string, onClick: () => void) => (
    <ExplainedButton variant="default" why={why(permission)} disabled={act.isPending} onClick={onClick}>
      {label}
    </ExplainedButton>
  );

  return (
    <>
      <p className={classes.state} role="status">
        <Tag tone={state.tone}>{state.word}</Tag>
        {state.about}
        {account?.member && mayOpen && (
          <Link to="/settings/members/$member" params={{ member: account.member }} search={sameMoment} className={classes.link ?? ''}>
            {t('member')}
          </Link>
        )}
      </p>
      {frozen && <p className={classes.quiet}>{t('shownNow')}</p>}
      {act.error && <ProblemNotice error={act.error} />}
      {made && !made.mailed && made.link && (
        <LinkOnce about={t('linkOnce', { name, until: moment(made.expires_at) })} label={t('link')} link={made.link} done={() => setMade(null)} />
      )}
      <p className={classes.quiet} role="status">
        {made?.mailed && t('offeredMail', { name, until: moment(made.expires_at) })}
      </p>
      {asking && <Asking warning={t('takeAwayWarning', { name })} label={t('takeAwayDo', { name })} pending={act.isPending} onYes={() => run('takeAway')} onNo={() => setAsking(false)} />}
      {!asking && offering && (
        <>
          <p className={classes.quiet}>
            {email ? t('byMail', { email }) : t('byHand')} {account && t('againAbout')}
          </p>
          <Group gap="sm">
            {button(account === null ? t('offer') : email ? t('offerAgainMail') : t('offerAgainHand'), 'create', () => run('offer'))}
            {/* Withdrawing is made good by offering again, which sends a mail: no undo does that unasked. */}
            {account && button(t('withdraw'), 'delete', () => run('takeAway'))}
          </Group>
        </>
      )}
      {!asking && !offering && (
        <>
          {status === 'active' && <p className={classes.quiet}>{t('resetAbout', { name })}</p>}
          <Group gap="sm">
            {status === 'active' && button(t('reset'), 'update', () => run('reset'))}
            {button(t('takeAway'), 'delete', () => setAsking(true))}
          </Group>
        </>
      )}
    </>
  );
}
