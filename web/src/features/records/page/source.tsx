import { IconFileImport } from '@tabler/icons-react';
import { texts } from '@/lib/i18n';
import type { HistoryEntry } from '@/lib/records/types';
import classes from './record.module.css';

const t = texts('record');

/** The file and row that a change came from. */
export function Source({ entry: { source } }: { entry: HistoryEntry }) {
  if (!source) return null;
  return (
    <p className={classes.quiet}>
      <IconFileImport size={14} aria-hidden /> {t('fromFile', { file: source.file_name || t('fileErased'), row: source.row })}
    </p>
  );
}
