import { IconSearch, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useShortcuts } from '@/lib/hotkeys';
import { texts } from '@/lib/i18n';
import { IconButton } from '@/ui/button';
import { TextInput } from '@/ui/inputs';
import classes from './list-page.module.css';

const common = texts('common');
/** So long one may pause between two keys, in milliseconds, before the search goes out. */
const PAUSE = 250;

/** Searches while one types; `/` comes here from anywhere on the page. */
export function SearchBox({ label, words, onWords }: { label: string; words: string; onWords: (words: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef(0);
  const [typed, setTyped] = useState(words);
  const [known, setKnown] = useState(words);
  const [sent, setSent] = useState(words);
  if (words !== known) {
    setKnown(words);
    // What was sent comes back by the address, and must not overwrite what was typed since. Other words
    // were put there by Back, by a view, by "clear".
    if (words !== sent) {
      setSent(words);
      setTyped(words);
    }
  }

  useShortcuts([
    {
      keys: '/',
      label,
      run: () => {
        input.current?.focus();
        input.current?.select();
      },
    },
  ]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    // What waits to be sent is none of it, once other words took its place.
    if (typed.trim() === words) clearTimeout(timer.current);
  }, [typed, words]);

  const send = (next: string) => {
    clearTimeout(timer.current);
    setSent(next.trim());
    onWords(next.trim());
  };

  const type = (next: string) => {
    setTyped(next);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => send(next), PAUSE);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') send(typed);
    if (event.key === 'Escape' && typed) {
      event.preventDefault();
      setTyped('');
      send('');
    }
  };

  return (
    <TextInput
      ref={input}
      role="searchbox"
      aria-label={label}
      aria-keyshortcuts="/"
      placeholder={label}
      className={classes.search ?? ''}
      maxLength={200}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        typed && (
          <IconButton
            label={common('clear')}
            onClick={() => {
              setTyped('');
              send('');
              input.current?.focus();
            }}
          >
            <IconX size={14} />
          </IconButton>
        )
      }
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
      onKeyDown={onKeyDown}
    />
  );
}
