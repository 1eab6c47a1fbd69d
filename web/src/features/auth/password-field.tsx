import { type ComponentProps, type KeyboardEvent, useState } from 'react';
import { texts } from '@/lib/i18n';
import { PasswordInput } from '@/ui/inputs';

const t = texts('auth');

/** A password, which can be shown; says when caps lock is on. */
export function PasswordField({ description, ...rest }: ComponentProps<typeof PasswordInput>) {
  const [capsLock, setCapsLock] = useState(false);
  const look = (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'));
  return (
    <PasswordInput
      {...rest}
      aria-invalid={rest.error ? true : undefined}
      description={
        <>
          {description}
          <span role="status">{capsLock && ` ${t('capsLock')}`}</span>
        </>
      }
      onKeyDown={look}
      onKeyUp={look}
      onBlur={() => setCapsLock(false)}
      visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
    />
  );
}
