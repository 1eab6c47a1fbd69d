import { describe, expect, it } from 'vitest';
import { phoneAddress, phoneText } from './phone';

describe('a telephone number', () => {
  it('is cut as people cut it where its shape is known', () => {
    expect(phoneText('+49301234567')).toBe('+49 30 1234567');
    expect(phoneText('+4915123456789')).toBe('+49 151 23456789');
    expect(phoneText('+14155552671')).toBe('+1 415 555 2671');
    expect(phoneText('+33142685300')).toBe('+33 1 42 68 53 00');
    expect(phoneText('+442071234567')).toBe('+44 20 7123 4567');
    expect(phoneText('+447700900123')).toBe('+44 7700 900123');
    expect(phoneText('+41446681800')).toBe('+41 44 668 18 00');
  });

  it('is cut evenly elsewhere, without a digit more or less', () => {
    for (const kept of ['+4922112345678', '+351212345678', '+8613800138000', '+35312345678', '+77011234567', '+3902123456']) {
      expect(phoneText(kept).replace(/ /g, '')).toBe(kept);
    }
    expect(phoneText('+351212345678')).toBe('+351 212 345 678');
    expect(phoneText('+35312345678')).toBe('+353 1234 5678');
  });

  it('shows an extension, and dials it', () => {
    expect(phoneText('+442071234567;ext=12')).toBe('+44 20 7123 4567 ext. 12');
    expect(phoneAddress('+442071234567;ext=12')).toBe('tel:+442071234567;ext=12');
  });

  it('stays as it was typed where its country is not known', () => {
    expect(phoneText('030 / 90 18 20')).toBe('030 / 90 18 20');
    expect(phoneAddress('030 / 90 18 20')).toBe('tel:030901820');
  });
});
