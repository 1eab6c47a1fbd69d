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
} as const;
