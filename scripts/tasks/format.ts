/** `npm run format`: writes every file as prettier would. */
import { prettierCache, reportStep, runStep } from './step.ts'

const outcome = await runStep({
  name: 'format',
  file: 'node_modules/prettier/bin/prettier.cjs',
  args: [
    '--write',
    ...prettierCache,
    '--log-level',
    'warn',
    ...(process.argv.length > 2 ? process.argv.slice(2) : ['.']),
  ],
})
reportStep(outcome)
process.exitCode = outcome.ok ? 0 : 1
