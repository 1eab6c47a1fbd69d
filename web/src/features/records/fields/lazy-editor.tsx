import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { lazyPart } from '@/ui/lazy-part';
import { FieldValue } from './value';

const t = texts('common');

/** A `FieldEditor` where values are mostly only shown: the value stands there until it is loaded. */
export const LazyFieldEditor = lazyPart(() => import('./editor'), 'FieldEditor', {
  waiting: ({ field, value }) => <FieldValue field={field} value={value} compact />,
  // A line of a list has no room for more words.
  failed: ({ autoFocus, onCancel }, _, retry) => (
    <Button
      variant="subtle"
      size="compact-sm"
      autoFocus={autoFocus}
      onClick={retry}
      onBlur={onCancel}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') onCancel();
      }}
    >
      <span role="alert">
        {t('notLoaded')}: {t('tryAgain')}
      </span>
    </Button>
  ),
});

/** Loads what edits values, before somebody needs it. What fails here is told when it is needed. */
export const prepareEditor = LazyFieldEditor.prepare;
