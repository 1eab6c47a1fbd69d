/** What stands around every page. */
export const shell = {
  notFound: 'There is nothing here',
  toStart: 'Go to the start',
  notAllowed: 'Not yours to see',
  notAllowedAdvice: 'Your role does not include this page. Whoever manages roles in your organization can change that.',
  mainNavigation: 'Main',
  settings: 'Settings',
  audit: 'Audit',
  recycleBin: 'Recycle bin',
  logOut: 'Log out',
} as const;
