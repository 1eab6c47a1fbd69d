import { texts } from '@/lib/i18n';
import { Input, Select, TextInput } from '@/ui/inputs';
import type { MoneyDraft } from './draft';
import type { InputProps } from './editor-input';
import classes from './editor.module.css';

const t = texts('record');
const CURRENCIES = Intl.supportedValuesOf('currency');
const NONE: MoneyDraft = { typed: '', currency: 'EUR' };

/** An amount and its currency. */
export function MoneyInput({ field, draft, onDraft, error, autoFocus, disabled, inline, description }: InputProps) {
  const money = typeof draft === 'object' && draft !== null && 'typed' in draft ? draft : NONE;
  const both = (
    <div className={classes.money} role="group" aria-label={field.label}>
      <TextInput
        className={classes.amount ?? ''}
        aria-label={t('amountOf', { field: field.label })}
        inputMode="decimal"
        value={money.typed}
        onChange={(event) => onDraft({ ...money, typed: event.currentTarget.value })}
        error={Boolean(error)}
        autoFocus={autoFocus}
        data-autofocus={autoFocus || undefined}
        disabled={disabled}
        autoComplete="off"
      />
      <Select
        className={classes.currency ?? ''}
        aria-label={t('currencyOf', { field: field.label })}
        data={CURRENCIES}
        value={money.currency}
        onChange={(currency) => currency && onDraft({ ...money, currency })}
        searchable
        selectFirstOptionOnChange
        allowDeselect={false}
        disabled={disabled}
        maxDropdownHeight={240}
      />
    </div>
  );
  return (
    <Input.Wrapper {...(inline ? {} : { label: field.label, labelElement: 'div' })} description={description} error={error}>
      {both}
    </Input.Wrapper>
  );
}
