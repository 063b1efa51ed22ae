import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['dist/', 'dist-mock/', 'node_modules/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    // The compiler knows the browser's names better than a list here would.
    rules: { 'no-undef': 'off' },
  },
  {
    files: ['tests/**'],
    // `tsc` checks these files, with the names of Node and of the page.
    rules: { 'no-undef': 'off' },
  },
  {
    files: ['src/**'],
    ignores: ['src/backend/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['@tauri-apps/*'], message: 'Only src/backend may import the platform.' },
          ],
        },
      ],
    },
  },
)
