import { describe, expect, it } from 'vitest';
import { minorDigits, minorUnits } from './format';

describe('money', () => {
  it('is read in minor units from what somebody types', () => {
    expect(minorUnits('1234.5', 'EUR')).toBe(123450);
    expect(minorUnits('1,234.50', 'EUR')).toBe(123450);
    expect(minorUnits("1'234", 'CHF')).toBe(123400);
    expect(minorUnits('12,5', 'EUR')).toBe(1250);
    expect(minorUnits('500', 'JPY')).toBe(500);
  });

  it('is refused where it says more than the currency can hold', () => {
    expect(minorUnits('1.234', 'JPY')).toBe(1234);
    expect(minorUnits('1.5', 'JPY')).toBeNull();
    expect(minorUnits('ten', 'EUR')).toBeNull();
    expect(minorUnits('-5', 'EUR')).toBeNull();
  });

  it('has the digits of its currency', () => {
    expect(minorDigits('EUR')).toBe(2);
    expect(minorDigits('JPY')).toBe(0);
    expect(minorDigits('BHD')).toBe(3);
  });
});
