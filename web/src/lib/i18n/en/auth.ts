/** Logging in and signing up. */
export const auth = {
  welcomeBack: 'Welcome back',
  emailOrUsername: 'E-mail or username',
  emailMissing: 'Enter your e-mail address or username.',
  password: 'Password',
  passwordMissing: 'Enter your password.',
  logIn: 'Log in',
  code: 'Code',
  codeHint: 'From your authenticator app, or one of your recovery codes.',
  startOver: 'Start over',
  stillYou: 'Is it still you?',
  stillYouWhy: 'This act is well guarded. Show once more who you are, and it goes on; you are not asked again for ten minutes.',
  goOn: 'Go on',
  byCode: 'Use a code instead',
  byPassword: 'Use the password instead',
} as const;
