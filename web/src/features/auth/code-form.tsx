import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api } from '@/lib/api/client';
import { session } from '@/lib/api/session';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { TextInput } from '@/ui/inputs';
import { Stack } from '@/ui/layout';
import { AuthProblem } from './auth-problem';

const t = texts('auth');

/** Asks for the code of the second factor, or a recovery code. */
export function CodeForm({ challenge, entered, startOver }: { challenge: string; entered: () => void; startOver: () => void }) {
  const [code, setCode] = useState('');
  const verify = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/auth/totp/verify', { body: { challenge, code: code.trim() } })),
    onSuccess: (granted) => {
      session.opened(granted.access_token);
      entered();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    verify.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {verify.isError && <AuthProblem error={verify.error} />}
        <TextInput label={t('code')} description={t('codeHint')} autoComplete="one-time-code" autoFocus required value={code} onChange={(event) => setCode(event.currentTarget.value)} />
        <Button type="submit" loading={verify.isPending}>
          {t('logIn')}
        </Button>
        <Button variant="subtle" onClick={startOver}>
          {t('startOver')}
        </Button>
      </Stack>
    </form>
  );
}
