/** The record: its page, its panel, its editors, its history. */
export const record = {
  // Editors
  amountOf: '{field}: amount',
  currencyOf: '{field}: currency',
  notWholeNumber: 'Enter a whole number.',
  outOfRange: 'This number is too large.',
  between: 'Enter a number between {least} and {most}.',
  notAnAmount: 'Enter an amount in {currency}, such as 1234.50.',
  wholeDate: 'Enter the whole date, or clear it.',
  noneFound: 'No match',
  hidden: '(not yours to see)',
  tagsHint: 'Enter adds a tag; one that does not exist yet is made.',
} as const;
