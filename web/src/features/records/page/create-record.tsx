import { useState } from 'react';
import { texts } from '@/lib/i18n';
import { type RecordType, useRecordType } from '@/lib/meta';
import type { AnyRecord } from '@/lib/records/types';
import { useMediaQuery } from '@/ui/hooks';
import { Drawer, Modal } from '@/ui/overlays';
import { CreateForm } from './create-form';
import { forget, hasDraft } from './create-draft';

const t = texts('record');

interface CreateRecordProps {
  plural: string;
  opened: boolean;
  onClose: () => void;
  onCreated: (record: AnyRecord) => void;
}

/** Creates a record: in a dialog, on a phone in a drawer. What was typed stays until it is created or thrown away. */
export function CreateRecord({ plural, opened, onClose, onCreated }: CreateRecordProps) {
  const type = useRecordType(plural);
  return type ? <CreateDialog type={type} opened={opened} onClose={onClose} onCreated={onCreated} /> : null;
}

function CreateDialog({ type, opened, onClose, onCreated }: Omit<CreateRecordProps, 'plural'> & { type: RecordType }) {
  const phone = useMediaQuery('(max-width: 640px)', false, { getInitialValueInEffect: false });
  /** Counts the forms, so that starting over makes a new one. */
  const [round, setRound] = useState(0);
  const title = t('newRecord', { type: type.label.toLowerCase() });
  const form = (
    <CreateForm
      key={round}
      type={type}
      resumed={hasDraft(type.plural)}
      onStartOver={() => {
        forget(type.plural);
        setRound(round + 1);
      }}
      onCancel={onClose}
      onCreated={(record) => {
        forget(type.plural);
        setRound(round + 1);
        onCreated(record);
      }}
    />
  );
  return phone ? (
    <Drawer opened={opened} onClose={onClose} position="bottom" size="100%" title={title} closeButtonProps={{ 'aria-label': t('close') }}>
      {form}
    </Drawer>
  ) : (
    <Modal opened={opened} onClose={onClose} size="lg" title={title}>
      {form}
    </Modal>
  );
}
