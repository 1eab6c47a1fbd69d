import { expect, it } from 'vitest';
import { deviceOf } from './device';

it('tells browsers apart that all claim to be each other', () => {
  expect(deviceOf('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36 Edg/148.0.0.0')).toBe('Edge · Windows');
  expect(deviceOf('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/148.0.0.0 Safari/537.36')).toBe('Chrome · Linux');
  expect(deviceOf('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1')).toBe('Safari · iOS');
  expect(deviceOf('Mozilla/5.0 (Android 16; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0')).toBe('Firefox · Android');
});

it('names a program as it names itself', () => {
  expect(deviceOf('curl/7.88.1')).toBe('curl/7.88.1');
  expect(deviceOf(null)).toBeUndefined();
});
