import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useRef } from 'react';
import { hasCode } from '@/lib/api/problem';
import { Button } from '@/ui/button';
import { TextInput } from '@/ui/inputs';
import { Stack } from '@/ui/layout';
import { AuthProblem } from './auth-problem';
import { type FieldSpec, firstFault, useFields, type Values } from './fields';
import { PasswordField } from './password-field';

interface Props<N extends string, T> {
  fields: readonly FieldSpec<N>[];
  submit: string;
  send: (values: Values<N>) => Promise<T>;
  done: (answer: T) => void;
  /** Whose password it is, for password managers, where the form does not ask. */
  username?: string | undefined;
  /** What to show in its place if the link that it belongs to is not good any longer. */
  expired?: ReactNode;
  children?: ReactNode;
}

/** A small form of texts. What is wrong stands at the fields; what was typed stays. */
export function AuthForm<N extends string, T>({ fields, submit, send, done, username, expired, children }: Props<N, T>) {
  const form = useRef<HTMLFormElement>(null);
  const focus = (name: N | null) => {
    const control = name === null ? null : form.current?.elements.namedItem(name);
    if (control instanceof HTMLElement) control.focus();
  };
  const sending = useMutation({
    mutationFn: send,
    onSuccess: done,
    onError: (error) => focus(firstFault(fields, error)),
  });
  const { values, faultOf, change, attempt } = useFields(fields, sending.error);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    // Dialogs stand in portals, whose events still reach the form below them.
    event.stopPropagation();
    if (sending.isPending) return;
    const stopped = attempt();
    if (stopped === null) sending.mutate(values);
    else focus(stopped);
  };

  if (expired !== undefined && hasCode(sending.error, 'link_invalid')) return expired;
  return (
    <form ref={form} onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        {sending.isError && <AuthProblem error={sending.error} atFields={fields.map((field) => field.name)} />}
        {children}
        {username !== undefined && <input type="text" hidden readOnly autoComplete="username" value={username} />}
        {fields.map((spec, index) => {
          const props = {
            name: spec.name,
            label: spec.label,
            description: spec.hint,
            autoComplete: spec.autoComplete,
            autoFocus: index === 0,
            value: values[spec.name],
            error: faultOf(spec),
            onChange: (event: { currentTarget: { value: string } }) => change(spec.name, event.currentTarget.value),
          };
          if (spec.kind === 'password') return <PasswordField key={spec.name} {...props} />;
          return <TextInput key={spec.name} type={spec.kind ?? 'text'} {...NOT_PROSE} {...props} />;
        })}
        <Button type="submit" loading={sending.isPending}>
          {submit}
        </Button>
      </Stack>
    </form>
  );
}

/** Names and addresses are nothing to correct. */
const NOT_PROSE = { autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false } as const;
