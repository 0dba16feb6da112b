/** `npm run package [-- --linux|--win|--mac|--dir]`: the program as the system installs it, into `release/`. */
import { ensureBuilt } from './build.ts'
import { reportStep, runStep } from './step.ts'

if (await ensureBuilt()) {
  const outcome = await runStep({
    name: 'package',
    file: 'node_modules/electron-builder/cli.js',
    args: ['--publish', 'never', '--config', 'electron-builder.yml', ...process.argv.slice(2)],
    live: true,
  })
  reportStep(outcome)
  process.exitCode = outcome.ok ? 0 : 1
} else process.exitCode = 1
