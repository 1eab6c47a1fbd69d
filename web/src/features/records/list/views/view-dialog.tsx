import { type FormEvent, useState } from 'react';
import { hasCode } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { type RecordType, useMay } from '@/lib/meta';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { Checkbox, TextInput } from '@/ui/inputs';
import { Group, Stack } from '@/ui/layout';
import { Modal } from '@/ui/overlays';
import { toast } from '@/ui/toast';
import type { contentFields } from './content';
import { useViewCommand, type View } from './queries';

const t = texts('list');
const common = texts('common');

interface ViewDialogProps {
  type: RecordType;
  content: ReturnType<typeof contentFields>;
  /** The view to give another name; a new one is saved without it. */
  renamed: View | undefined;
  onClose: () => void;
  onSaved: (view: View) => void;
}

/** Names a view: a new one with what the list shows, or one that there is. */
export function ViewDialog({ type, content, renamed, onClose, onSaved }: ViewDialogProps) {
  const [name, setName] = useState(renamed?.name ?? '');
  const [share, setShare] = useState(false);
  const mayShare = useMay('views:share');
  const command = useViewCommand(type.plural);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (!wanted) return;
    command.mutate(
      renamed
        ? { do: 'change', id: renamed.id, version: renamed.version, changes: { name: wanted } }
        : { do: 'create', view: { ...content, record_type: type.plural, name: wanted, visibility: share ? 'shared' : 'private' } },
      {
        onSuccess: (view) => {
          onSaved(view);
          toast.done(t('viewSaved', { name: view.name }));
          onClose();
        },
      },
    );
  };
  const nameFault = hasCode(command.error, 'invalid') ? command.error.faultOf('name') : undefined;
  return (
    <Modal opened onClose={onClose} title={renamed ? t('renameView') : t('saveAs')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput label={t('viewName')} required maxLength={100} data-autofocus value={name} onChange={(event) => setName(event.currentTarget.value)} error={nameFault} />
          {!renamed && (
            <Checkbox
              label={t('shareView')}
              checked={share}
              disabled={!mayShare}
              description={mayShare ? undefined : t('mayNotShare')}
              onChange={(event) => setShare(event.currentTarget.checked)}
            />
          )}
          {command.error && !nameFault && <ProblemNotice error={command.error} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {common('cancel')}
            </Button>
            <Button type="submit" loading={command.isPending} disabled={!name.trim()}>
              {common('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
