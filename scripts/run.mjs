/** `node scripts/run.mjs TASK [ARGUMENTS]`: sets up what is missing, then runs a task with a Node that can. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { findNode, projectFolder, setUp, SetUpError } from './set-up.mjs'

const tasks = {
  start: 'start.ts',
  check: 'tasks/check.ts',
  test: 'tasks/test.ts',
  soak: 'tasks/soak.ts',
  build: 'tasks/build.ts',
  dev: 'tasks/dev.ts',
  format: 'tasks/format.ts',
  package: 'tasks/package.ts',
  bench: 'bench/bench.ts',
  screenshots: 'screenshots.ts',
}

const [task = '', ...args] = process.argv.slice(2)

function run(file) {
  const node = findNode()
  const child = spawn(
    node,
    ['--disable-warning=ExperimentalWarning', join(projectFolder, 'scripts', file), ...args],
    {
      cwd: projectFolder,
      stdio: 'inherit',
      env: {
        ...process.env,
        PATH: `${join(node, '..')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`,
      },
    },
  )
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}

const file = Object.hasOwn(tasks, task) ? tasks[task] : null
if (file === null) {
  console.error(`usage: node scripts/run.mjs ${Object.keys(tasks).join('|')} [ARGUMENTS]`)
  process.exitCode = 2
} else {
  try {
    setUp(task, (line) => console.error(line))
    run(file)
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
