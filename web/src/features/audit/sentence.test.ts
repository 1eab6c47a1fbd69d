import { expect, it } from 'vitest';
import type { RecordType } from '@/lib/meta';
import { auditParameters } from './audit-queries';
import { eventName, eventsOf, partsOf, templateOf } from './sentence';

const types = [{ name: 'lead', plural: 'leads', label: 'Lead' }] as RecordType[];

it('tells the events of any record type in the same words', () => {
  expect(templateOf('lead.deleted', types)).toBe('{actor} put {thing} into the recycle bin');
  expect(templateOf('member.renamed', types)).toBe('{actor} renamed {thing}');
});

it('has words for an event of a later version, and no raw name', () => {
  expect(templateOf('order.line_moved', types)).toBe('{actor} did something (line moved)');
});

it('has words for every event that one can filter by', () => {
  for (const thing of ['lead', 'member', 'role', 'team', 'picklist', 'organization', 'import', 'bulk', 'undo', 'mail']) {
    for (const event of eventsOf(thing, types)) expect(eventName(event, types)).not.toContain('(');
  }
});

it('keeps the order of words and names', () => {
  expect(partsOf('{actor} put {thing} away')).toEqual([{ slot: 'actor' }, { word: ' put ' }, { slot: 'thing' }, { word: ' away' }]);
});

it('asks for the last day as a whole, and never for more than had happened by the moment shown', () => {
  const whole = auditParameters({ from: '2026-03-01', to: '2026-03-02' }, undefined);
  expect(new Date(whole['to'] ?? '').getTime() - new Date(whole['from'] ?? '').getTime()).toBe(2 * 86_400_000);
  const asOf = '2026-03-01T12:00:00Z';
  expect(auditParameters({ to: '2026-03-02' }, asOf)['to']).toBe(asOf);
  expect(auditParameters({ to: '2026-02-01' }, asOf)['to']).not.toBe(asOf);
});
