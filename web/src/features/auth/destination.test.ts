import { expect, test } from 'vitest';
import { destination, nextSearch } from './destination';
import { pathWithin } from './path-within';

test('one is led to pages of this site only', () => {
  expect(pathWithin('/companies?sort=-name#notes')).toBe('/companies?sort=-name#notes');
  for (const elsewhere of ['https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil.example', '\\\\evil.example', 'javascript:alert(1)', '/.//evil.example', 'companies', '']) {
    expect(pathWithin(elsewhere), elsewhere).toBeUndefined();
  }
});

test('nobody who is in is led to a page for strangers', () => {
  for (const outside of ['/', '/?as_of=x', '/login', '/login?next=/companies', '/signup', '/barred']) {
    expect(pathWithin(outside), outside).toBeUndefined();
  }
  expect(pathWithin('/logins')).toBe('/logins');
});

test('an address without a usable next is good all the same', () => {
  expect(nextSearch.parse({ next: '//evil.example' })).toEqual({ next: undefined });
  expect(nextSearch.parse({ next: 7 })).toEqual({ next: undefined });
  expect(nextSearch.parse({ next: '/contacts' })).toEqual({ next: '/contacts' });
});

test('staff go where they wanted, clients to the portal, and whoever is barred hears why', () => {
  expect(destination({ profile: 'staff', barred: null }, '/companies')).toEqual({ kind: 'staff', path: '/companies' });
  expect(destination({ profile: 'vendor', barred: null })).toEqual({ kind: 'staff', path: '/home' });
  expect(destination({ profile: 'client', barred: null }, '/companies')).toEqual({ kind: 'portal' });
  expect(destination({ profile: 'client', barred: 'organization_closed' }, '/companies')).toEqual({ kind: 'barred' });
});
