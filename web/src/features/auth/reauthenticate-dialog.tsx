import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api } from '@/lib/api/client';
import { reauthentication } from '@/lib/api/reauthentication';
import { texts } from '@/lib/i18n';
import { useMe } from '@/lib/meta';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { PasswordInput, TextInput } from '@/ui/inputs';
import { Group, Stack } from '@/ui/layout';
import { Modal } from '@/ui/overlays';

const t = texts('auth');
const common = texts('common');

/** Asks who sits there. Stands once in the shell. */
export function ReauthenticateDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={t('stillYou')} zIndex={1000}>
      <ProofForm />
    </Modal>
  );
}

/** A password, or a code of the second factor for whom that is nearer at hand. */
function ProofForm() {
  const me = useMe();
  const [by, setBy] = useState<'password' | 'code'>('password');
  const [typed, setTyped] = useState('');
  const show = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/auth/reauthenticate', { body: by === 'password' ? { password: typed } : { code: typed.trim() } })),
    onSuccess: reauthentication.shown,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Dialogs stand in portals, whose events still reach the form that caused the question.
    event.stopPropagation();
    if (typed) show.mutate();
  };
  const other = () => {
    setBy(by === 'password' ? 'code' : 'password');
    setTyped('');
    show.reset();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <span>{t('stillYouWhy')}</span>
        {show.isError && <ProblemNotice error={show.error} />}
        {/* Password managers want to know whose password it is. */}
        <input type="text" hidden readOnly autoComplete="username" value={me.email ?? ''} />
        {by === 'password' ? (
          <PasswordInput label={t('password')} autoComplete="current-password" data-autofocus value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        ) : (
          <TextInput label={t('code')} description={t('codeHint')} autoComplete="one-time-code" data-autofocus value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        )}
        <Group gap="sm">
          <Button type="submit" loading={show.isPending}>
            {t('goOn')}
          </Button>
          <Button variant="default" onClick={reauthentication.declined}>
            {common('cancel')}
          </Button>
          <Button variant="subtle" onClick={other}>
            {by === 'password' ? t('byCode') : t('byPassword')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
