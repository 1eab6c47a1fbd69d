import { useState } from 'react';
import { answer, api } from '@/lib/api/client';
import { texts } from '@/lib/i18n';
import type { Me } from '@/lib/meta';
import { AuthForm } from '@/features/auth/auth-form';
import { Page } from '@/ui/page';
import { toast } from '@/ui/toast';
import classes from './portal.module.css';

const t = texts('portal');

export function PasswordPage({ me }: { me: Me }) {
  // Another form each time, so that nothing typed stays behind.
  const [times, setTimes] = useState(0);
  return (
    <Page title={t('passwordTitle')} narrow>
      <div className={classes.form}>
        <AuthForm
          key={times}
          fields={[
            { name: 'current_password', label: t('passwordNow'), kind: 'password', autoComplete: 'current-password', missing: t('passwordNowMissing') },
            { name: 'password', label: t('passwordNew'), kind: 'password', autoComplete: 'new-password', hint: t('passwordRule'), missing: t('passwordNewMissing') },
          ]}
          submit={t('passwordChange')}
          username={me.email ?? undefined}
          send={(body) => answer(api.POST('/api/v1/auth/password/change', { body }))}
          done={() => {
            setTimes(times + 1);
            toast.done(t('passwordChanged'));
          }}
        />
      </div>
    </Page>
  );
}
