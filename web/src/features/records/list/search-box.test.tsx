import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UiProvider } from '@/ui/provider';
import { SearchBox } from './search-box';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LONG = 1_000;
const box = (words: string, onWords: (words: string) => void) => (
  <UiProvider>
    <SearchBox label="Search" words={words} onWords={onWords} />
  </UiProvider>
);
const type = (value: string) => fireEvent.change(screen.getByRole('searchbox'), { target: { value } });
const wait = () => act(() => vi.advanceTimersByTime(LONG));
const shown = () => (screen.getByRole('searchbox') as HTMLInputElement).value;

it('keeps what was typed while what was sent comes back', () => {
  const sent = vi.fn();
  const { rerender } = render(box('', sent));
  type('ga');
  wait();
  expect(sent).toHaveBeenLastCalledWith('ga');
  type('gab');
  expect(shown()).toBe('gab');
  rerender(box('ga', sent));
  expect(shown()).toBe('gab');
  wait();
  expect(sent).toHaveBeenLastCalledWith('gab');
});

it('sends nothing more once Back put other words in its place', () => {
  const sent = vi.fn();
  const { rerender } = render(box('', sent));
  type('ga');
  wait();
  rerender(box('ga', sent));
  type('gab');
  rerender(box('', sent));
  expect(shown()).toBe('');
  wait();
  expect(sent).toHaveBeenCalledTimes(1);
  rerender(box('ga', sent));
  expect(shown()).toBe('ga');
});
