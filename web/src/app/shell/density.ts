import { useSyncExternalStore } from 'react';

export type Density = 'compact' | 'comfortable';

const KEY = 'hindsight-density';
const listeners = new Set<() => void>();

function stored(): Density | null {
  const value = localStorage.getItem(KEY);
  return value === 'compact' || value === 'comfortable' ? value : null;
}

function shown(): Density {
  return stored() ?? (matchMedia('(pointer: coarse)').matches ? 'comfortable' : 'compact');
}

function apply(): void {
  const value = stored();
  if (value) document.documentElement.dataset['density'] = value;
}

apply();

/** How close things stand; kept by the browser. */
export function useDensity(): [Density, (density: Density) => void] {
  const density = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, shown);
  return [
    density,
    (next) => {
      localStorage.setItem(KEY, next);
      apply();
      for (const listener of listeners) listener();
    },
  ];
}
