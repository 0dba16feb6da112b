import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ensureBuilt } from '../tasks/build.ts'

const builtFolder = resolve(import.meta.dirname, '../../dist/main')

/** What is measured is what is shipped: the built program, not Node reading TypeScript. */
export type BuiltProgram = { commandLine: string; payloadWorker: string }

/** @param build false takes `dist/` as it is
 * @throws Error where there is none */
export async function builtProgram(build: boolean): Promise<BuiltProgram> {
  if (build && !(await ensureBuilt())) throw new Error('the program could not be built')
  const program = {
    commandLine: join(builtFolder, 'cli.js'),
    payloadWorker: join(builtFolder, 'payload-worker.js'),
  }
  if (!Object.values(program).every((path) => existsSync(path)))
    throw new Error('dist/ is not there: npm run build')
  return program
}
