import { useParams, useSearch } from '@tanstack/react-router';
import { texts } from '@/lib/i18n';
import { useRecordType } from '@/lib/meta';
import { EmptyState } from '@/ui/feedback';
import { RecordView } from './record-view';

const t = texts('record');

/** A record on a page of its own. */
export function RecordPage() {
  const { plural, id } = useParams({ from: '/staff/$plural/$id' });
  const { version, against } = useSearch({ from: '/staff/$plural/$id' });
  const type = useRecordType(plural);
  if (!type) return <EmptyState kind="noMatch" title={t('noSuchType')} />;
  if (!type.may['read']) {
    return (
      <EmptyState kind="notAllowed" title={t('notAllowed')}>
        {t('notAllowedAdvice', { type: type.label_plural.toLowerCase() })}
      </EmptyState>
    );
  }
  return <RecordView key={id} type={type} id={id} version={version} against={against} layout="page" />;
}
