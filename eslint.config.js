import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const NAMES = [
  { selector: ['function', 'classMethod'], format: ['camelCase'] },
  { selector: 'parameter', format: ['camelCase'], leadingUnderscore: 'allow' },
  { selector: 'typeLike', format: ['PascalCase'] },
  { selector: 'variable', format: ['camelCase'] },
  {
    // Beside values: errors, which a factory makes, tables that stand where other languages have an enum, and
    // commander's classes under types that infer more.
    selector: 'variable',
    modifiers: ['const'],
    format: null,
    custom: {
      regex: '^([a-z][A-Za-z0-9]*|[A-Z][A-Z0-9_]*|[A-Z]\\w*(Error|Code|Type|Command|Option))$',
      match: true,
    },
  },
  { selector: 'variable', modifiers: ['destructured'], format: null },
];

/** A number, text or list that a module knows by heart. */
const CONSTANT = {
  selector: 'variable',
  modifiers: ['const', 'global'],
  types: ['boolean', 'number', 'string', 'array'],
  format: ['UPPER_CASE'],
};

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/'] },
  eslint.configs.recommended,
  {
    rules: {
      curly: ['error', 'multi-line'],
      'no-duplicate-imports': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // node:test's functions return promises that the runner itself awaits.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // An import of nothing but types must not load its module: each costs start-up time.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/naming-convention': ['error', ...NAMES],
    },
  },
  {
    // In tests, what a file makes once (a directory, a certificate) has a name like any other.
    files: ['src/**/*.ts', 'bin/**/*.ts', 'InputPlugins/**/*.ts'],
    rules: { '@typescript-eslint/naming-convention': ['error', ...NAMES, CONSTANT] },
  },
);
