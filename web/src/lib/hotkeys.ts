import { useEffect, useRef, useSyncExternalStore } from 'react';

/**
 * Keys for the whole page. A shortcut is one key (`?`), one with modifiers (`mod+K`; `mod` is ⌘ on a
 * Mac and Ctrl elsewhere), or two in turn (`g c`). Keys without `mod` do nothing while somebody types.
 */
export interface Shortcut {
  keys: string;
  /** What it does, for the list of shortcuts. */
  label: string;
  /** What it is about, if not the whole page: the palette puts these first. */
  about?: 'record' | 'selection';
  run: () => void;
}

/** How long the second key of two may take, in milliseconds. */
const PATIENCE = 1_200;
const MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

let shortcuts: readonly Shortcut[] = [];
const listeners = new Set<() => void>();
let first: { key: string; at: number } | null = null;

function change(next: readonly Shortcut[]): void {
  shortcuts = next;
  for (const listener of listeners) listener();
}

/** The key of an event as shortcuts name it. */
export function keyOf(event: Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'shiftKey' | 'altKey'>): string {
  const mod = MAC ? event.metaKey : event.ctrlKey;
  const key = event.key.length === 1 ? (mod ? event.key.toUpperCase() : event.key) : event.key;
  // What shift makes of a character is in the character already.
  const shift = event.shiftKey && event.key.length > 1 ? 'shift+' : '';
  return `${mod ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${shift}${key}`;
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const key = keyOf(event);
  if (typing(event.target) && !key.startsWith('mod+')) return;
  // What a field undoes by itself is the field's.
  if (typing(event.target) && key === 'mod+Z') return;
  const sequence = first && event.timeStamp - first.at < PATIENCE ? `${first.key} ${key}` : null;
  // The newest one wins: what lies on top of the page was put there last.
  const found = shortcuts.findLast((shortcut) => shortcut.keys === sequence) ?? shortcuts.findLast((shortcut) => shortcut.keys === key);
  first = found ? null : { key, at: event.timeStamp };
  if (!found) return;
  event.preventDefault();
  found.run();
}

window.addEventListener('keydown', pressed);

/** Makes shortcuts work as long as the component stands on the page. */
export function useShortcuts(mine: readonly Shortcut[]): void {
  const latest = useRef(mine);
  useEffect(() => {
    latest.current = mine;
  });
  const names = mine.map((shortcut) => `${shortcut.keys}\n${shortcut.label}\n${shortcut.about ?? 'page'}`).join('\n\n');
  useEffect(() => {
    const registered = names.split('\n\n').filter(Boolean).map((name, index) => {
      const [keys = '', label = '', about] = name.split('\n');
      const scope: Pick<Shortcut, 'about'> = about === 'record' || about === 'selection' ? { about } : {};
      return { keys, label, ...scope, run: () => latest.current[index]?.run() };
    });
    change([...shortcuts, ...registered]);
    return () => change(shortcuts.filter((shortcut) => !registered.includes(shortcut)));
  }, [names]);
}

/** All that work now. */
export function useAllShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shortcuts,
  );
}

/** A shortcut as people read it, such as `⌘ K` or `g then c`. */
export function spoken(keys: string): string {
  return keys.replace('mod+', MAC ? '⌘ ' : 'Ctrl ').replace('shift+', 'Shift ').replace('alt+', 'Alt ');
}
