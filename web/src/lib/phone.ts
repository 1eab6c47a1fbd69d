/**
 * Telephone numbers as people read them. They are kept as E.164 with `;ext=` for an extension; here they
 * only get spaces. Where the shape of a country's numbers is known they are cut as people cut them there,
 * elsewhere into even groups: which digits are an area code, no short table can know.
 */

/** Country codes of one and two digits; all others have three. */
const SHORT = /^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/** For a country code: how the numbers that look so are cut; what is left over is the last group. */
const SHAPES: Record<string, readonly [RegExp, readonly number[]][]> = {
  '1': [[/^\d{10}$/, [3, 3, 4]]],
  '7': [[/^\d{10}$/, [3, 3, 2, 2]]],
  '31': [[/^6\d{8}$/, [1, 4, 4]], [/^(?:10|20|70)\d{7}$/, [2, 3, 4]]],
  '32': [[/^4\d{8}$/, [3, 2, 2, 2]]],
  '33': [[/^\d{9}$/, [1, 2, 2, 2, 2]]],
  '34': [[/^\d{9}$/, [3, 3, 3]]],
  '39': [[/^3\d{8,9}$/, [3, 3]], [/^0[26]\d{4,8}$/, [2]]],
  '41': [[/^\d{9}$/, [2, 3, 2, 2]]],
  '43': [[/^1\d{4,}$/, [1]], [/^6[5-9]\d\d{4,}$/, [3]]],
  '44': [[/^2\d{9}$/, [2, 4, 4]], [/^(?:11|1\d1)\d{7,8}$/, [3, 3, 4]], [/^[17]\d{9}$/, [4, 6]]],
  '45': [[/^\d{8}$/, [2, 2, 2, 2]]],
  '47': [[/^\d{8}$/, [3, 2, 3]]],
  '48': [[/^\d{9}$/, [3, 3, 3]]],
  '49': [[/^1[5-7]\d{7,9}$/, [3]], [/^(?:30|40|69|89)\d{4,9}$/, [2]]],
};

/** Even groups of at most four digits, the shorter ones first. */
function evenly(digits: string): number[] {
  const count = Math.ceil(digits.length / 4);
  const least = Math.floor(digits.length / count);
  const longer = digits.length % count;
  return Array.from({ length: count }, (_, at) => (at < count - longer ? least : least + 1));
}

function cut(digits: string, lengths: readonly number[]): string[] {
  const groups: string[] = [];
  let at = 0;
  for (const length of lengths) {
    groups.push(digits.slice(at, at + length));
    at += length;
  }
  return [...groups, digits.slice(at)].filter(Boolean);
}

/** A kept number, with spaces: `+493012345678` as `+49 30 12345678`. What was kept as typed stays so. */
export function phoneText(kept: string): string {
  const [, digits = '', extension] = /^\+(\d{7,15})(?:;ext=(\d+))?$/.exec(kept) ?? [];
  if (!digits) return kept;
  const country = SHORT.exec(digits)?.[0] ?? digits.slice(0, 3);
  const national = digits.slice(country.length);
  const shape = SHAPES[country]?.find(([look]) => look.test(national))?.[1] ?? evenly(national);
  const number = `+${country} ${cut(national, shape).join(' ')}`;
  return extension ? `${number} ext. ${extension}` : number;
}

/** The address that a telephone calls (RFC 3966). */
export function phoneAddress(kept: string): string {
  if (/^\+\d{7,15}(?:;ext=\d+)?$/.test(kept)) return `tel:${kept}`;
  return `tel:${kept.replace(/[^\d+*#]/g, '')}`;
}
