/** Every rule that keeps the house in order is broken here once, and must be reported. The files are written into a
 * throw-away project with this project's configuration, so that no tool ever meets them by accident. */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const projectFolder = resolve(import.meta.dirname, '..')

/** What stands at the other end of the imports. */
const rooms = [
  'shared/job.ts',
  'electron/age/header.ts',
  'electron/models/pickle.ts',
  'electron/storage/backend.ts',
  'electron/storage/backends/s3.ts',
  'electron/storage/testing/conformance.ts',
  'electron/secrets/provider.ts',
  'electron/secrets/providers/vault.ts',
  'electron/catalog/catalog.ts',
  'electron/audit/log.ts',
  'electron/keys/state.ts',
  'electron/jobs/runner.ts',
  'electron/ipc/dispatcher.ts',
  'electron/host/host.ts',
  'electron/host/some-host.ts',
  'electron/cli/list.ts',
  'electron/app.ts',
  'renderer/lib/invoke.ts',
  'renderer/components/button.ts',
  'renderer/features/keys/page.ts',
  'renderer/features/audit/page.ts',
  'renderer/app/shell.ts',
  'renderer/testing/builders.ts',
  'e2e/fixtures/window.ts',
  'scripts/tool.ts',
] as const
type Room = (typeof rooms)[number]

const boundaries = 'boundaries(dependencies)'

/** Who may not import whom: one forbidden neighbour at least for every room. */
const forbidden: [from: string, to: Room][] = [
  ['shared/new.ts', 'electron/age/header.ts'],
  ['shared/new.ts', 'renderer/lib/invoke.ts'],
  ['electron/age/new.ts', 'electron/storage/backend.ts'],
  ['electron/age/new.ts', 'electron/models/pickle.ts'],
  ['electron/models/new.ts', 'electron/age/header.ts'],
  ['electron/storage/new.ts', 'electron/catalog/catalog.ts'],
  ['electron/secrets/new.ts', 'electron/storage/backend.ts'],
  ['electron/storage/new.ts', 'electron/storage/backends/s3.ts'],
  ['electron/storage/new.ts', 'electron/storage/testing/conformance.ts'],
  ['electron/storage/backends/new.ts', 'electron/jobs/runner.ts'],
  ['electron/storage/backends/new.ts', 'electron/secrets/providers/vault.ts'],
  ['electron/storage/backends/new.ts', 'electron/storage/testing/conformance.ts'],
  ['electron/secrets/new.ts', 'electron/secrets/providers/vault.ts'],
  ['electron/catalog/new.ts', 'electron/audit/log.ts'],
  ['electron/audit/new.ts', 'electron/keys/state.ts'],
  ['electron/keys/new.ts', 'electron/jobs/runner.ts'],
  ['electron/keys/new.ts', 'electron/secrets/providers/vault.ts'],
  ['electron/jobs/new.ts', 'electron/ipc/dispatcher.ts'],
  ['electron/jobs/kinds/new.ts', 'electron/storage/backends/s3.ts'],
  ['electron/jobs/new.ts', 'electron/storage/testing/conformance.ts'],
  ['electron/jobs/workers/new.ts', 'electron/host/host.ts'],
  ['electron/ipc/new.ts', 'electron/cli/list.ts'],
  ['electron/ipc/new.ts', 'electron/app.ts'],
  ['electron/ipc/new.ts', 'electron/host/some-host.ts'],
  ['electron/host/new.ts', 'electron/catalog/catalog.ts'],
  ['electron/cli/new.ts', 'electron/ipc/dispatcher.ts'],
  ['electron/cli/new.ts', 'electron/jobs/runner.ts'],
  ['electron/new.ts', 'electron/secrets/providers/vault.ts'],
  ['electron/new.ts', 'electron/storage/testing/conformance.ts'],
  ['electron/new.ts', 'renderer/app/shell.ts'],
  ['renderer/lib/new.ts', 'renderer/components/button.ts'],
  ['renderer/components/new.ts', 'renderer/features/keys/page.ts'],
  ['renderer/features/audit/new.ts', 'renderer/features/keys/page.ts'],
  ['renderer/features/audit/new.ts', 'renderer/app/shell.ts'],
  ['renderer/app/new.ts', 'electron/host/host.ts'],
  ['renderer/app/new.ts', 'renderer/testing/builders.ts'],
  ['renderer/features/audit/new.ts', 'renderer/testing/builders.ts'],
  ['renderer/new.tsx', 'renderer/features/keys/page.ts'],
  ['electron/storage/testing/new.ts', 'electron/host/host.ts'],
  ['e2e/new.ts', 'electron/jobs/runner.ts'],
]

/** Other ways to import what may not be imported. */
const disguises: Record<string, (path: string) => string> = {
  dynamic: (path) => `export const late = () => import('${path}')\n`,
  'type-only': (path) => `import type { Thing } from '${path}'\nexport type Mine = Thing\n`,
  're-exported': (path) => `export { thing } from '${path}'\n`,
}

/** A file that breaks one rule, and the rule. */
const broken: [rule: string, path: string, text: string][] = [
  [
    'no-restricted-imports',
    'electron/jobs/a-electron.ts',
    "import { app } from 'electron'\nexport const a = app\n",
  ],
  ['no-restricted-imports', 'electron/ipc/a-playwright.ts', "export const a = () => import('playwright')\n"],
  [
    'no-restricted-imports',
    'electron/keys/a-keytar.ts',
    "import keytar from 'keytar'\nexport const a = keytar\n",
  ],
  [
    'no-restricted-imports',
    'electron/storage/a-sodium.ts',
    "import sodium from 'sodium-native'\nexport const a = sodium\n",
  ],
  [
    'no-restricted-imports',
    'electron/host/chromium-host.ts',
    "import { app } from 'electron'\nexport const a = app\n",
  ],
  [
    'no-restricted-imports',
    'electron/host/electron-host.ts',
    "import { chromium } from 'playwright'\nexport const a = chromium\n",
  ],
  [
    'no-restricted-imports',
    'electron/preload.ts',
    "import { chromium } from 'playwright'\nexport const a = chromium\n",
  ],
  [
    'no-restricted-imports',
    'electron/jobs/workers/a-keytar.ts',
    "import keytar from 'keytar'\nexport const a = keytar\n",
  ],
  [
    'no-restricted-imports',
    'shared/a-react.ts',
    "import { useState } from 'react'\nexport const a = useState\n",
  ],
  [
    'no-restricted-imports',
    'renderer/lib/a-age.ts',
    "import { Encrypter } from 'age-encryption'\nexport const a = Encrypter\n",
  ],
  [
    'import(no-nodejs-modules)',
    'shared/a-node.ts',
    "import { join } from 'node:path'\nexport const a = join\n",
  ],
  [
    'import(no-nodejs-modules)',
    'renderer/lib/a-node.ts',
    "import { readFile } from 'node:fs/promises'\nexport const a = readFile\n",
  ],
  [
    'import(no-nodejs-modules)',
    'electron/age/a-fs.ts',
    "import { readFileSync } from 'node:fs'\nexport const a = readFileSync\n",
  ],
  [
    'import(no-nodejs-modules)',
    'electron/models/a-net.ts',
    "import { connect } from 'node:net'\nexport const a = connect\n",
  ],
  [
    'import(extensions)',
    'electron/jobs/a-extension.ts',
    "import { thing } from '../keys/state'\nexport const a = thing\n",
  ],
  ['import(no-default-export)', 'electron/jobs/a-default.ts', 'export default 1\n'],
  [
    'import(no-cycle)',
    'electron/jobs/a-cycle.ts',
    "import { b } from './b-cycle.ts'\nexport const a = () => b\n",
  ],
  ['boundaries(no-unknown-files)', 'electron/nowhere/a.ts', 'export const a = 1\n'],
  [
    'boundaries(no-unknown-dependencies)',
    'electron/jobs/a-unknown.ts',
    "import { a } from '../nowhere/a.ts'\nexport const b = a\n",
  ],
  ['typescript(no-explicit-any)', 'electron/jobs/a-any.ts', 'export const a = (b: any): unknown => b\n'],
  [
    'typescript(no-non-null-assertion)',
    'electron/jobs/a-non-null.ts',
    'export const a = (b: string | null) => b!.length\n',
  ],
  [
    'typescript(ban-ts-comment)',
    'electron/jobs/a-ignore.ts',
    "// @ts-ignore\nexport const a: number = 'x'\n",
  ],
  [
    'typescript(consistent-type-imports)',
    'electron/jobs/a-type.ts',
    "import { Thing } from '../keys/state.ts'\nexport const a = (b: Thing) => b\n",
  ],
  [
    'typescript(no-floating-promises)',
    'electron/jobs/a-floating.ts',
    'export const a = () => {\n  Promise.resolve(1)\n}\n',
  ],
  [
    'typescript(no-misused-promises)',
    'electron/jobs/a-misused.ts',
    'export const a = (b: Promise<boolean>) => (b ? 1 : 2)\n',
  ],
  ['typescript(await-thenable)', 'electron/jobs/a-await.ts', 'export const a = async () => await 1\n'],
  [
    'typescript(switch-exhaustiveness-check)',
    'electron/jobs/a-switch.ts',
    "export const a = (b: 'x' | 'y') => {\n  switch (b) {\n    case 'x':\n      return 1\n  }\n}\n",
  ],
  [
    'typescript(only-throw-error)',
    'electron/jobs/a-throw.ts',
    "export const a = () => {\n  throw 'text'\n}\n",
  ],
  ['eslint(no-console)', 'electron/jobs/a-console.ts', "export const a = () => console.log('x')\n"],
  ['eslint(eqeqeq)', 'electron/jobs/a-equal.ts', 'export const a = (b: number | null) => b == 1\n'],
  ['eslint(no-eval)', 'electron/jobs/a-eval.ts', "export const a = () => eval('1')\n"],
  ['unicorn(filename-case)', 'electron/jobs/someHelper.ts', 'export const a = 1\n'],
  [
    'unicorn(prefer-node-protocol)',
    'electron/jobs/a-protocol.ts',
    "import { join } from 'path'\nexport const a = join\n",
  ],
  ['unicorn(no-process-exit)', 'electron/jobs/a-exit.ts', 'export const a = () => process.exit(1)\n'],
  [
    'eslint(max-lines)',
    'electron/jobs/a-long.ts',
    Array.from({ length: 301 }, (_, n) => `export const a${n} = ${n}\n`).join(''),
  ],
  [
    'react-hooks(rules-of-hooks)',
    'renderer/lib/a-hook.tsx',
    "import { useState } from 'react'\nexport const A = (p: { b: boolean }) => {\n  if (p.b) useState(1)\n  return null\n}\n",
  ],
  [
    'react-hooks(exhaustive-deps)',
    'renderer/lib/a-deps.tsx',
    "import { useEffect } from 'react'\nexport const A = (p: { b: () => void }) => {\n  useEffect(() => p.b(), [])\n  return null\n}\n",
  ],
  [
    'react(no-danger)',
    'renderer/lib/a-danger.tsx',
    "export const A = () => <p dangerouslySetInnerHTML={{ __html: 'x' }} />\n",
  ],
  ['jsx-a11y(alt-text)', 'renderer/lib/a-alt.tsx', 'export const A = () => <img src="x.png" />\n'],
  [
    'jsx-a11y(click-events-have-key-events)',
    'renderer/lib/a-click.tsx',
    'export const A = (p: { b: () => void }) => <div onClick={p.b} />\n',
  ],
]

const pathBetween = (from: string, to: string) => `${'../'.repeat(from.split('/').length - 1)}${to}`

describe('the lint configuration', () => {
  let folder: string
  /** `file: rule`, one for each report. */
  let reports: Set<string>

  const write = async (path: string, text: string) => {
    await mkdir(join(folder, dirname(path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  const forbiddenFile = (index: number, disguise: string) =>
    forbidden[index]?.[0].replace('new', `new-${index}-${disguise}`) ?? ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weightlock-lint-'))
    for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json'])
      await cp(join(projectFolder, name), join(folder, name))
    await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules'))
    for (const room of rooms) await write(room, 'export const thing = 1\nexport type Thing = number\n')
    for (const [index, [from, to]] of forbidden.entries()) {
      const path = pathBetween(from, to)
      await write(
        forbiddenFile(index, 'static'),
        `import { thing } from '${path}'\nexport const mine = thing\n`,
      )
      for (const [disguise, write_] of Object.entries(disguises))
        await write(forbiddenFile(index, disguise), write_(path))
    }
    for (const [, path, text] of broken) await write(path, text)
    await write('electron/jobs/b-cycle.ts', "import { a } from './a-cycle.ts'\nexport const b = () => a\n")
    const oxlint = join(projectFolder, 'node_modules/oxlint/bin/oxlint')
    const options = ['--type-aware', '--deny-warnings', '--format', 'unix']
    const output = await promisify(execFile)(process.execPath, [oxlint, ...options], {
      cwd: folder,
      maxBuffer: 2 ** 26,
    }).then(
      ({ stdout }) => stdout,
      (error: { stdout: string }) => error.stdout,
    )
    const lines = [...output.matchAll(/^(.+?):\d+:\d+: [^]*?\[Error\/(.+?)\]$/gm)]
    reports = new Set(lines.map(([, file, rule]) => `${file}: ${rule}`))
  }, 60_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each(forbidden.map(([from, to], index) => ({ from, to, index })))(
    'keeps $to out of $from, however it is imported',
    ({ index }) => {
      const expected = ['static', ...Object.keys(disguises)].map(
        (disguise) => `${forbiddenFile(index, disguise)}: ${boundaries}`,
      )
      expect(expected.filter((report) => !reports.has(report))).toEqual([])
    },
  )

  it.each(broken)('reports %s in %s', (rule, path) => {
    const matching = [...reports].filter((report) => report.startsWith(`${path}: `) && report.includes(rule))
    expect(matching).not.toEqual([])
  })

  it('reports nothing about files that keep the rules', () => {
    const innocent = new Set<string>(rooms)
    expect([...reports].filter((report) => innocent.has(report.split(': ')[0] ?? ''))).toEqual([])
  })
})
