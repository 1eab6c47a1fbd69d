import { useState, type FormEvent } from 'react';
import { Problem } from '@/lib/api/problem';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { ProblemNotice } from '@/ui/feedback';
import { TextInput } from '@/ui/inputs';
import { Group } from '@/ui/layout';
import classes from './one-field.module.css';
import { useAct, type Act } from './use-act';

const common = texts('common');

interface Props<T> {
  label: string;
  value: string;
  /** What it is called in the body, for the server's word on it. */
  member: string;
  act: (typed: string) => Act<T>;
  submit?: string;
  type?: 'text' | 'email';
  autoComplete?: string;
  /** Whether nothing is a value too. */
  optional?: boolean;
  /** Where there is something to give up instead, such as renaming. */
  cancel?: () => void;
}

/** A form of one text. What was typed stays until the server has taken it. */
export function OneField<T>({ label, value, member, act, submit, type = 'text', autoComplete = 'off', optional = false, cancel }: Props<T>) {
  const [typed, setTyped] = useState<string | null>(null);
  const doing = useAct();
  const text = typed ?? value;
  const wanted = text.trim();
  const fault = doing.error instanceof Problem ? doing.error.faultOf(member) : undefined;
  const ready = optional ? typed !== null : wanted !== '' && wanted !== value;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const what = act(wanted);
    void doing.run(
      {
        ...what,
        after: (answered) => {
          setTyped(null);
          what.after?.(answered);
        },
      },
      { inPlace: true },
    );
  };
  return (
    <form onSubmit={onSubmit} className={classes.form}>
      {doing.error && !fault && <ProblemNotice error={doing.error} />}
      <div className={classes.line}>
        <TextInput className={classes.field ?? ''} label={label} type={type} autoComplete={autoComplete} autoFocus={cancel !== undefined} value={text} error={fault} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Group gap="sm" wrap="nowrap">
          <Button type="submit" disabled={!ready} loading={doing.busy}>
            {submit ?? common('save')}
          </Button>
          {cancel && (
            <Button variant="default" onClick={cancel}>
              {common('cancel')}
            </Button>
          )}
        </Group>
      </div>
    </form>
  );
}
