import { describe, expect, it } from 'vitest';
import { fieldChanges, grantChanges, granting, restricting, together } from './diff';

describe('the difference between what roles grant', () => {
  it('tells what is added, removed, widened and narrowed', () => {
    const before = { 'contacts:read': 'own', 'contacts:delete': 'all', 'tags:create': 'all', 'contacts:update': 'team' } as const;
    const after = { 'contacts:read': 'all', 'contacts:delete': 'own', 'contacts:export': 'own', 'contacts:update': 'team' } as const;
    expect(grantChanges(before, after)).toEqual([
      { permission: 'contacts:delete', from: 'all', to: 'own', kind: 'narrowed' },
      { permission: 'contacts:export', from: undefined, to: 'own', kind: 'added' },
      { permission: 'contacts:read', from: 'own', to: 'all', kind: 'widened' },
      { permission: 'tags:create', from: 'all', to: undefined, kind: 'removed' },
    ]);
  });

  it('is nothing once a change is taken back by hand', () => {
    const before = { 'contacts:read': 'own' } as const;
    const changed = granting(granting(before, 'contacts:delete', 'own'), 'contacts:delete', undefined);
    expect(grantChanges(before, changed)).toEqual([]);
    expect(before).toEqual({ 'contacts:read': 'own' });
  });

  it('takes a field that is not named for one that may be changed', () => {
    const before = { contact: { phone: 'hidden', email: 'read_only' } } as const;
    const after = { contact: { email: 'hidden' }, company: { notes: 'read_only' } } as const;
    expect(fieldChanges(before, after)).toEqual([
      { recordType: 'company', field: 'notes', from: 'full', to: 'read_only' },
      { recordType: 'contact', field: 'email', from: 'read_only', to: 'hidden' },
      { recordType: 'contact', field: 'phone', from: 'hidden', to: 'full' },
    ]);
  });

  it('leaves no empty record type behind when the last field is free again', () => {
    const restricted = restricting({}, 'contact', 'phone', 'hidden');
    expect(restricted).toEqual({ contact: { phone: 'hidden' } });
    expect(restricting(restricted, 'contact', 'phone', 'full')).toEqual({});
  });

  it('adds up to the widest reach where somebody has several roles', () => {
    expect(together([{ 'contacts:read': 'own', 'tags:create': 'all' }, { 'contacts:read': 'team' }])).toEqual({
      'contacts:read': 'team',
      'tags:create': 'all',
    });
  });
});
