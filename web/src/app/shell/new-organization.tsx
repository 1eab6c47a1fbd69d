import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api, attempt } from '@/lib/api/client';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { TextInput } from '@/ui/inputs';
import { Group, Stack } from '@/ui/layout';
import { Modal } from '@/ui/overlays';

const t = texts('shell');
const common = texts('common');

/** Founds a further organization, of which one is the owner. */
export function NewOrganization({ close, founded }: { close: () => void; founded: (member: string) => void }) {
  const [name, setName] = useState('');
  const found = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/organizations', { body: { name: name.trim() }, params: { header: attempt() } })),
    onSuccess: (made) => founded(made.member),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    found.mutate();
  };
  return (
    <Modal opened onClose={close} title={t('newOrganization')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          {found.isError && <ProblemNotice error={found.error} />}
          <TextInput label={t('organizationName')} data-autofocus required maxLength={200} value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {common('cancel')}
            </Button>
            <Button type="submit" loading={found.isPending} disabled={name.trim() === ''}>
              {common('create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
