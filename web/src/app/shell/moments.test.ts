import { expect, it } from 'vitest';
import { inputValue, presets } from './moments';

it('begins months and quarters at midnight of the browser, and shows yesterday as it ended', () => {
  const shown = Object.fromEntries(presets(new Date(2026, 7, 19, 15, 30)).map(({ key, at }) => [key, inputValue(at)]));
  expect(shown).toEqual({
    yesterday: '2026-08-19T00:00',
    monthStart: '2026-08-01T00:00',
    quarterStart: '2026-07-01T00:00',
    yearStart: '2026-01-01T00:00',
  });
});
