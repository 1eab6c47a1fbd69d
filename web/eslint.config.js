import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Imports that a part must not make, with the reason that people read. */
const without = (...groups) => ({
  'no-restricted-imports': ['error', { patterns: groups.map(([group, message]) => ({ group, message })) }],
});
const MANTINE = [['@mantine/*'], 'Use @/ui: only it knows the component library.'];
const FEATURES = [['@/features/*', '@/app/*', '@/portal/*'], 'Dependencies go ui, lib, api → features → app.'];

export default tseslint.config(
  { ignores: ['dist', 'src/api/schema.d.ts', 'test-results', 'playwright-report'] },
  ...tseslint.configs.strict,
  hooks.configs.flat['recommended-latest'],
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['src/**'], rules: without(MANTINE) },
  { files: ['src/lib/**'], rules: without(MANTINE, FEATURES, [['@/ui', '@/ui/*'], 'lib knows no components.']) },
  { files: ['src/ui/**'], rules: without(FEATURES) },
  {
    files: ['src/features/**'],
    rules: without(MANTINE, [['@/app/*', '@/portal/*'], 'Features do not know the app.'], [['@/features/*'], 'Features never import each other; within one, import relatively.']),
  },
);
