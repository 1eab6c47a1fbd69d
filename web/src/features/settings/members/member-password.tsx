import { useState } from 'react';
import type { components } from '@/api/schema';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { Section } from '@/ui/page';
import { useAct } from '../shared/use-act';
import { resetMemberPassword, type MemberDetail } from './member-api';
import { PasswordLink } from './password-link';

const t = texts('settings');

/** Helps somebody who has lost their password: by mail, or by a link to be handed over. */
export function MemberPassword({ member }: { member: MemberDetail }) {
  const [link, setLink] = useState<components['schemas']['PasswordLink'] | null>(null);
  const [sent, setSent] = useState(false);
  const act = useAct();
  const reset = () =>
    void act.run({
      call: () => resetMemberPassword(member.id),
      refresh: [],
      // Without a body, the link went by mail.
      after: (made) => (made && 'link' in made ? setLink(made.link) : setSent(true)),
    });
  return (
    <Section title={t('password')} description={member.reached_by_mail === false ? t('resetByHandAbout') : t('resetByMailAbout')}>
      {link ? (
        <PasswordLink link={link} name={member.display_name} done={() => setLink(null)} />
      ) : (
        <Button variant="default" loading={act.busy} onClick={reset}>
          {member.reached_by_mail === false ? t('resetByHand') : t('resetByMail')}
        </Button>
      )}
      <p role="status">{sent && t('resetSent', { name: member.display_name })}</p>
    </Section>
  );
}
