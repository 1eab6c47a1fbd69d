import { useSyncExternalStore } from 'react';

function subscribe(changed: () => void): () => void {
  const pointer = window.matchMedia('(pointer: coarse)');
  const density = new MutationObserver(changed);
  density.observe(document.documentElement, { attributeFilter: ['data-density'] });
  pointer.addEventListener('change', changed);
  return () => {
    density.disconnect();
    pointer.removeEventListener('change', changed);
  };
}

const read = () => Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue('--row-height'), 10) || 32;

/** The height of a row in CSS pixels, as the density and the pointer have it. */
export function useRowHeight(): number {
  return useSyncExternalStore(subscribe, read);
}
