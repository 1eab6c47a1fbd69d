import './styles';
import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { cssVariables, theme } from './theme';

const schemes = localStorageColorSchemeManager({ key: 'hindsight-colour-scheme' });

/** The nonce of this page, without which its policy refuses style elements. */
function nonce(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  return meta?.nonce ?? '';
}

// What keeps the page from scrolling under a dialog makes a style element, too, and asks for its nonce
// by this name.
Object.assign(globalThis, { __webpack_nonce__: nonce() });

/** What all components stand in. */
export function UiProvider({ children }: { children: ReactNode }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} colorSchemeManager={schemes} defaultColorScheme="auto" getStyleNonce={nonce}>
      {children}
      <Notifications position="bottom-left" limit={4} />
    </MantineProvider>
  );
}
