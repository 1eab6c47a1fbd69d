import { type ReactNode, useState } from 'react';
import type { components } from '@/api/schema';
import { session } from '@/lib/api/session';
import { AuthForm } from './auth-form';
import { CodeForm } from './code-form';
import type { FieldSpec, Values } from './fields';

type Schemas = components['schemas'];

interface Props<N extends string> {
  fields: readonly FieldSpec<N>[];
  submit: string;
  /** Nothing is answered where one is not let in by it. */
  send: (values: Values<N>) => Promise<Schemas['Granted'] | Schemas['SecondFactorAsked'] | undefined>;
  entered: () => void;
  /** It is done, but one is not in. */
  notEntered?: () => void;
  username?: string | undefined;
  expired?: ReactNode;
  children?: ReactNode;
}

/** A form that leads in, by way of the second factor for whoever has one. */
export function EnterForm<N extends string>({ entered, notEntered, ...form }: Props<N>) {
  const [challenge, setChallenge] = useState<string | null>(null);
  if (challenge !== null) {
    return <CodeForm challenge={challenge} entered={entered} startOver={() => setChallenge(null)} />;
  }
  return (
    <AuthForm
      {...form}
      done={(granted) => {
        if (granted === undefined) {
          notEntered?.();
        } else if ('challenge' in granted) {
          setChallenge(granted.challenge);
        } else {
          session.opened(granted.access_token);
          entered();
        }
      }}
    />
  );
}
