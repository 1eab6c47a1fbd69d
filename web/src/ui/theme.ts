import {
  ActionIcon, Button, createTheme, type CSSVariablesResolver, Drawer, Input, InputWrapper, Modal, Tooltip,
} from '@mantine/core';

/** The heading of a dialog is not the banner of the page. */
const DIALOG = { header: { role: 'presentation' } };

/** Mantine's sizes and colours, brought to ours. */
export const theme = createTheme({
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '18px' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '1.3' },
      h2: { fontSize: '16px', lineHeight: '1.35' },
      h3: { fontSize: '14px', lineHeight: '1.4' },
    },
  },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  autoContrast: true,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ vars: () => ({ root: { '--button-height': 'var(--control-height)', '--button-padding-x': '12px', '--button-fz': '13px' } }) }),
    ActionIcon: ActionIcon.extend({ vars: () => ({ root: { '--ai-size': 'var(--control-height)' } }), defaultProps: { variant: 'subtle', color: 'gray' } }),
    Input: Input.extend({ vars: () => ({ wrapper: { '--input-height': 'var(--control-height)', '--input-fz': '13px', '--input-bg': 'var(--surface-1)', '--input-bd': 'var(--border-strong)' } as Record<string, string> }) }),
    InputWrapper: InputWrapper.extend({ vars: () => ({ label: { '--input-label-size': '13px' }, error: { '--input-error-size': '12px' }, success: {}, description: { '--input-description-size': '12px' } }) }),
    // The menu itself takes the focus when it opens; a placeholder in it is no item that a menu may have.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Modal: Modal.extend({ defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' }, attributes: DIALOG } }),
    Drawer: Drawer.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Close' }, attributes: DIALOG } }),
    Tooltip: Tooltip.extend({ defaultProps: { withArrow: true, openDelay: 400, events: { hover: true, focus: true, touch: false } } }),
  },
});

/** Mantine's own variables, from our tokens, so that both schemes have one source. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--surface-1)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--text-muted)',
    '--mantine-color-placeholder': 'var(--text-muted)',
    '--mantine-color-error': 'var(--danger-text)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-default': 'var(--surface-1)',
    '--mantine-color-default-hover': 'var(--surface-3)',
    '--mantine-color-default-border': 'var(--border-strong)',
    // Buttons without a surface: they are read under the pointer, too.
    '--mantine-color-indigo-light': 'var(--accent-surface)',
    '--mantine-color-indigo-light-hover': 'var(--accent-surface)',
    '--mantine-color-indigo-light-color': 'var(--accent)',
  };
  return { variables: {}, light: shared, dark: shared };
};
