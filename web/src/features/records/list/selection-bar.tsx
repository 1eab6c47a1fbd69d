import type { ReactNode } from 'react';
import { number } from '@/lib/format';
import { texts } from '@/lib/i18n';
import type { Total } from '@/lib/records/types';
import { Button } from '@/ui/button';
import classes from './list-page.module.css';
import { everything, NONE, type Selection } from './model/selection';

const t = texts('list');

export const countText = (total: Total): string => (total.exact ? number(total.value) : `${number(total.value)}+`);

interface SelectionBarProps {
  selection: Selection;
  onSelection: (selection: Selection) => void;
  /** How many are loaded, and how many there are. */
  loaded: number;
  total: Total | null;
  children?: ReactNode;
}

/** What is selected, how to select all that match, and what can be done with it. */
export function SelectionBar({ selection, onSelection, loaded, total, children }: SelectionBarProps) {
  const count = selection.all ? (total?.value ?? loaded) : selection.ids.size;
  const beyond = total !== null && (!total.exact || total.value > loaded);
  const wholePage = !selection.all && (selection.page || selection.ids.size >= loaded) && beyond;
  return (
    <div className={classes.selection} role="region" aria-label={t('selected', { count })}>
      <strong aria-live="polite">
        {selection.all && total ? t('selectedAll', { count: countText(total) }) : t('selected', { count })}
      </strong>
      {wholePage && total && (
        <Button variant="subtle" onClick={() => onSelection(everything())}>
          {t('selectMatching', { count: countText(total) })}
        </Button>
      )}
      {children}
      <Button variant="subtle" onClick={() => onSelection(NONE)}>
        {t('clearSelection')}
      </Button>
    </div>
  );
}
