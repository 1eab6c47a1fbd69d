import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';

export type Scheme = 'light' | 'dark' | 'auto';

/** Light, dark, or as the system has it; kept by the browser. */
export function useScheme(): { scheme: Scheme; shown: 'light' | 'dark'; set: (scheme: Scheme) => void } {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const shown = useComputedColorScheme('light');
  return { scheme: colorScheme, shown, set: setColorScheme };
}
