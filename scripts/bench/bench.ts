/** `npm run bench -- [--size 2GiB] [--runs 5] [--only encrypt] [--folder DIR]`: figures of one run on one machine. */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { ageGroups, besideAge } from './beside-age.ts'
import { builtProgram } from './built-program.ts'
import { megabytes } from './figures.ts'
import { benchOptions } from './options.ts'
import { besideS3Tools, s3Group } from './s3.ts'
import { writeRandomFile } from './random-file.ts'
import { rotateGroup, rotateMany } from './rotate.ts'
import { windowGroup, windowTable } from './window-table.ts'

const options = benchOptions(process.argv.slice(2))
const groups = [...ageGroups, windowGroup, rotateGroup, s3Group]
const wanted = groups.filter(
  (group) =>
    (options.only.length === 0 && group !== s3Group) ||
    options.only.some((word) => group.includes(word) || word.includes(group)),
)
if (wanted.length === 0) throw new Error(`--only takes words of ${groups.join('; ')}`)
const program = await builtProgram(options.build)
const folder = mkdtempSync(join(options.folder, 'weightlock-bench-'))
try {
  console.log(machine())
  const { sizeBytes, runs } = options
  const plain = join(folder, 'plain')
  writeRandomFile(plain, sizeBytes)
  await besideAge({ folder, plain, sizeBytes, runs, program, groups: wanted })
  if (wanted.includes(s3Group)) await besideS3Tools({ folder, plain, sizeBytes, runs, program })
  if (wanted.includes(rotateGroup)) await rotateMany({ folder, runs, program })
  if (wanted.includes(windowGroup)) await windowTable({ folder, plain, sizeBytes, runs })
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function machine(): string {
  const [first, ...others] = cpus()
  const processor = `${first?.model ?? 'unknown processor'}, ${others.length + 1} cores`
  const load = `load ${(loadavg()[0] ?? 0).toFixed(1)}`
  return `${processor}, ${megabytes(totalmem())}, Node ${process.version}, ${load} before the run`
}
