import { getRouteApi } from '@tanstack/react-router';
import { texts } from '@/lib/i18n';
import { useRecordType } from '@/lib/meta';
import { EmptyState } from '@/ui/feedback';
import { RecordList } from './record-list';

const t = texts('list');
const route = getRouteApi('/staff/$plural');

/** The list of the records of one type. */
export function ListPage() {
  const { plural } = route.useParams();
  const type = useRecordType(plural);
  if (!type) return <EmptyState page kind="noMatch" title={t('unknownType')} />;
  if (!type.may['read']) {
    return (
      <EmptyState page kind="notAllowed" title={t('notAllowed')}>
        {t('notAllowedAdvice', { type: type.label_plural.toLowerCase() })}
      </EmptyState>
    );
  }
  // Another type is another list: selection, focus and edits begin anew.
  return <RecordList key={plural} type={type} />;
}
