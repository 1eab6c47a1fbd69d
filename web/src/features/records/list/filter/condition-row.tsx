import { IconX } from '@tabler/icons-react';
import { texts } from '@/lib/i18n';
import type { Field } from '@/lib/meta';
import { IconButton } from '@/ui/button';
import { Select } from '@/ui/inputs';
import { type Condition, takesValue, valueFor } from '../model/filter';
import { firstOperator, operatorLabel, operatorsFor } from './fields';
import classes from './filter.module.css';
import { ValueInput } from './value-input';

const t = texts('list');

interface ConditionRowProps {
  fields: readonly Field[];
  condition: Condition;
  onChange: (condition: Condition) => void;
  onRemove: () => void;
  autoFocus: boolean;
}

const withValue = (field: string, op: string, value: unknown): Condition => (value === undefined ? { field, op } : { field, op, value });

/** Field, operator, value. */
export function ConditionRow({ fields, condition, onChange, onRemove, autoFocus }: ConditionRowProps) {
  const field = fields.find((each) => each.name === condition.field);
  const toField = (name: string | null) => {
    const next = fields.find((each) => each.name === name);
    if (next && next.name !== condition.field) onChange({ field: next.name, op: firstOperator(next) });
  };
  return (
    <div className={classes.condition}>
      <Select
        aria-label={t('field')}
        className={classes.field ?? ''}
        data={fields.map(({ name, label }) => ({ value: name, label }))}
        value={condition.field}
        onChange={toField}
        searchable
        selectFirstOptionOnChange
        allowDeselect={false}
        autoFocus={autoFocus}
        maxDropdownHeight={280}
        onFocus={(event) => event.currentTarget.select()}
      />
      {field && (
        <Select
          aria-label={t('operator')}
          className={classes.operator ?? ''}
          data={operatorsFor(field, condition.op).map((op) => ({ value: op, label: operatorLabel(op, field.kind) }))}
          value={condition.op}
          onChange={(op) => op && onChange(withValue(field.name, op, valueFor(op, condition, field.kind)))}
          allowDeselect={false}
        />
      )}
      {field && takesValue(condition.op) && (
        <ValueInput
          key={`${field.name} ${condition.op}`}
          field={field}
          op={condition.op}
          value={condition.value}
          onValue={(value) => onChange(withValue(field.name, condition.op, value))}
        />
      )}
      <IconButton label={t('removeCondition', { field: field?.label ?? condition.field })} className={classes.remove ?? ''} onClick={onRemove}>
        <IconX size={16} />
      </IconButton>
    </div>
  );
}
