import { beforeEach, expect, test } from 'vitest';
import { takeToken, tokenIn, tokenOf } from './link-token';

const TOKEN = 'AZqVb2xhbmd1YWdl_-9kZWFkYmVlZg';

beforeEach(() => window.history.replaceState(null, '', '/'));

test('a token is found in the fragment of a link, and nothing else is taken for one', () => {
  expect(tokenIn(`#token=${TOKEN}`)).toBe(TOKEN);
  expect(tokenIn('')).toBeNull();
  expect(tokenIn('#main')).toBeNull();
  expect(tokenIn('#token=')).toBeNull();
  expect(tokenIn('#token=<script>alert(1)</script>')).toBeNull();
  expect(tokenIn(`#token=${'a'.repeat(201)}`)).toBeNull();
});

test('a token leaves the address bar when it is taken, and the rest of the address stays', () => {
  window.history.replaceState(null, '', `/verify-email?lang=de#token=${TOKEN}`);
  takeToken();
  expect(window.location.pathname + window.location.search + window.location.hash).toBe('/verify-email?lang=de');
  expect(tokenOf('/verify-email')).toBe(TOKEN);
});

test('a token is for the page that its link leads to only, however often that asks', () => {
  window.history.replaceState(null, '', `/reset-password#token=${TOKEN}`);
  takeToken();
  takeToken();
  expect(tokenOf('/verify-email')).toBeNull();
  expect(tokenOf('/reset-password')).toBe(TOKEN);
});
