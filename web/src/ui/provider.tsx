import './styles';
import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { texts } from '@/lib/i18n';
import { cssVariables, theme } from './theme';

const t = texts('common');

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
      {/* What lies above the page goes here, where whoever goes from landmark to landmark finds it. */}
      <section data-mantine-shared-portal-node aria-label={t('above')} />
      <Notifications position="bottom-left" limit={4} />
    </MantineProvider>
  );
}
