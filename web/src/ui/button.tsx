import { ActionIcon, type ActionIconProps, Button, Tooltip } from '@mantine/core';
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';

export { Button, UnstyledButton } from '@mantine/core';
export type { ButtonProps } from '@mantine/core';

interface IconButtonProps
  extends ActionIconProps, Omit<ButtonHTMLAttributes<HTMLButtonElement>, keyof ActionIconProps> {
  /** What it does: its name for everybody, and its tooltip. */
  label: string;
  /** The keys that do the same, shown in the tooltip. */
  shortcut?: string;
  /** Why it cannot be used; it can if this is absent. */
  why?: string | undefined;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

/** A button with a picture; never without a name. */
export function IconButton({ label, shortcut, why, children, ...rest }: IconButtonProps) {
  if (why) {
    return (
      <Tooltip label={why}>
        <ActionIcon aria-label={label} {...rest} aria-disabled data-disabled aria-description={why} onClick={(event) => event.preventDefault()}>
          {children}
        </ActionIcon>
      </Tooltip>
    );
  }
  return (
    <Tooltip label={shortcut ? `${label} (${shortcut})` : label}>
      <ActionIcon aria-label={label} {...rest}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

interface ExplainedButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Why it cannot be used; it can if this is absent. */
  why?: string | undefined;
  variant?: 'filled' | 'default' | 'subtle' | 'light';
  color?: string;
  loading?: boolean;
  leftSection?: ReactNode;
}

/** A button that says why it cannot be used, to eyes and to screen readers, and can still be reached. */
export function ExplainedButton({ why, onClick, children, ...rest }: ExplainedButtonProps) {
  if (!why) {
    return (
      <Button onClick={onClick} {...rest}>
        {children}
      </Button>
    );
  }
  return (
    <Tooltip label={why}>
      <Button {...rest} aria-disabled data-disabled aria-description={why} onClick={(event) => event.preventDefault()}>
        {children}
      </Button>
    </Tooltip>
  );
}
