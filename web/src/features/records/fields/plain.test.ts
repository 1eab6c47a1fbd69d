import { describe, expect, it } from 'vitest';
import { isEmpty, nearMoment, plainValue, shortUrl } from './plain';

const field = (kind: string) => ({ name: 'x', kind });

describe('a value in words', () => {
  it('names what is referred to', () => {
    expect(plainValue(field('choices'), [{ id: '1', label: 'Vip' }, { id: '2', label: 'Partner' }])).toBe('Vip, Partner');
    expect(plainValue(field('member'), { id: '1', label: 'Ada' })).toBe('Ada');
  });

  it('never shows what has no words', () => {
    expect(plainValue(field('custom'), { a: 1 })).toBe('');
    expect(plainValue(field('link'), 'an id')).toBe('');
  });

  it('keeps a day where it is, whatever the time zone', () => {
    expect(plainValue(field('date'), '2026-03-01')).toContain('1');
    expect(plainValue(field('date'), '2026-03-01')).toContain('Mar');
  });

  it('shows money in its currency', () => {
    expect(plainValue(field('money'), { amount: 123450, currency: 'EUR' })).toBe('€1,234.50');
  });
});

describe('emptiness', () => {
  it('is no value, no characters and no members, but neither no nor zero', () => {
    expect([null, undefined, '', []].every(isEmpty)).toBe(true);
    expect([false, 0, 'x', ['x']].some(isEmpty)).toBe(false);
  });
});

it('shortens addresses of the web', () => {
  expect(shortUrl('https://www.example.com/')).toBe('example.com');
});

it('tells moments relatively only while they are near', () => {
  const now = Date.parse('2026-06-15T12:00:00Z');
  expect(nearMoment('2026-06-14T12:00:00Z', now)).toBe('yesterday');
  expect(nearMoment('2026-01-14T12:00:00Z', now)).toContain('2026');
});
