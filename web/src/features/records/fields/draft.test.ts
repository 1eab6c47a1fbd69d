import { describe, expect, it } from 'vitest';
import type { Field } from '@/lib/meta';
import { draftOf, localMinute, parse, sameDraft, toWire } from './draft';

const field = (kind: string, more: Partial<Field> = {}): Field => ({ name: 'x', label: 'X', kind, ...more }) as Field;

describe('what is typed', () => {
  it('becomes nothing where there is nothing', () => {
    for (const kind of ['text', 'integer', 'date', 'money', 'boolean', 'choice', 'choices', 'time']) {
      const empty = parse(field(kind), draftOf(field(kind), null));
      expect(empty, kind).toMatchObject({ ok: true, wire: null });
    }
    expect(parse(field('text'), '  ')).toMatchObject({ ok: true, wire: null });
  });

  it('becomes a number within the bounds of its field only', () => {
    const count = field('integer', { range: [0, 1000] });
    expect(parse(count, '1,000')).toMatchObject({ ok: true, wire: 1000 });
    expect(parse(count, '1001').ok).toBe(false);
    expect(parse(count, '-1').ok).toBe(false);
    expect(parse(count, '1.5').ok).toBe(false);
    expect(parse(field('number'), '2,5')).toMatchObject({ ok: true, wire: 2.5 });
  });

  it('becomes money in minor units of its currency', () => {
    expect(parse(field('money'), { typed: '1,234.50', currency: 'EUR' })).toMatchObject({ ok: true, wire: { amount: 123450, currency: 'EUR' } });
    expect(parse(field('money'), { typed: '12.5', currency: 'JPY' }).ok).toBe(false);
    expect(draftOf(field('money'), { amount: 5, currency: 'EUR' })).toEqual({ typed: '0.05', currency: 'EUR' });
  });

  it('is sent by id and shown by name where it is chosen', () => {
    const lead = { id: 'l', label: 'Lead' };
    expect(parse(field('choice'), lead)).toEqual({ ok: true, wire: 'l', shown: lead });
    expect(parse(field('choices'), [lead])).toEqual({ ok: true, wire: ['l'], shown: [lead] });
    expect(toWire([lead])).toEqual(['l']);
  });
});

describe('a draft', () => {
  it('is untouched as long as it says the same', () => {
    const [a, b] = [{ id: 'a', label: 'A' }, { id: 'b', label: 'B' }];
    expect(sameDraft([a, b], [b, a])).toBe(true);
    expect(sameDraft({ typed: '', currency: 'EUR' }, { typed: ' ', currency: 'USD' })).toBe(true);
    expect(sameDraft({ typed: '5', currency: 'EUR' }, { typed: '5', currency: 'USD' })).toBe(false);
    expect(sameDraft(a, null)).toBe(false);
  });

  it('of a moment stands in the time zone of the browser and comes back as it was', () => {
    const moment = '2026-03-01T12:34:00.000Z';
    expect(parse(field('time'), localMinute(moment))).toMatchObject({ ok: true, wire: moment });
  });
});
