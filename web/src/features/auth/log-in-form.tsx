import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { answer, api } from '@/lib/api/client';
import { session } from '@/lib/api/session';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { PasswordInput, TextInput } from '@/ui/inputs';
import { Stack } from '@/ui/layout';
import { CodeForm } from './code-form';

const t = texts('auth');

const values = z.object({
  email: z.string().trim().min(1, { error: () => t('emailMissing') }),
  password: z.string().min(1, { error: () => t('passwordMissing') }),
});

/** Asks for address and password, and for a code if there is a second factor. */
export function LogInForm({ entered }: { entered: () => void }) {
  const [challenge, setChallenge] = useState<string | null>(null);
  const form = useForm({ resolver: zodResolver(values), defaultValues: { email: '', password: '' } });
  const logIn = useMutation({
    mutationFn: (body: z.infer<typeof values>) => answer(api.POST('/api/v1/auth/login', { body })),
    onSuccess: (granted) => {
      if ('challenge' in granted) {
        setChallenge(granted.challenge);
        return;
      }
      session.opened(granted.access_token);
      entered();
    },
  });

  if (challenge !== null) {
    return <CodeForm challenge={challenge} entered={entered} startOver={() => setChallenge(null)} />;
  }
  return (
    <form onSubmit={form.handleSubmit((body) => logIn.mutate(body))} noValidate>
      <Stack gap="md">
        {logIn.isError && <ProblemNotice error={logIn.error} />}
        <TextInput label={t('emailOrUsername')} autoComplete="username" autoFocus error={form.formState.errors.email?.message} {...form.register('email')} />
        <PasswordInput label={t('password')} autoComplete="current-password" error={form.formState.errors.password?.message} {...form.register('password')} />
        <Button type="submit" loading={logIn.isPending}>
          {t('logIn')}
        </Button>
      </Stack>
    </form>
  );
}
