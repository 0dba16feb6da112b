/** What electron-builder packs, without Electron: a stand-in runtime takes its place, so that this runs offline. */
import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { extractAll, listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { programVersion } from '../electron/program-version.ts'
import { ensureBuilt } from './tasks/build.ts'
import { hasKeyring, startTestKeyring } from './test/keyring.ts'

const projectFolder = resolve(import.meta.dirname, '..')
const run = promisify(execFile)
const packTimeoutMs = 300_000

/** Where a runtime keeps its fuses: a sentinel, a version, a count, and one character for each fuse. */
const fuseWire = `dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\u0001\u0009101000010`

async function makeStandInRuntime(folder: string): Promise<void> {
  const { version } = JSON.parse(
    await readFile(join(projectFolder, 'node_modules/electron/package.json'), 'utf8'),
  ) as { version: string }
  await mkdir(join(folder, 'locales'), { recursive: true })
  await writeFile(join(folder, 'version'), version)
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'locales/en-US.pak'])
    await writeFile(join(folder, name), 'x')
  const program = `#!/bin/sh\nexit 0\n${'\0'.repeat(64)}${fuseWire}${'\0'.repeat(64)}`
  await writeFile(join(folder, 'electron'), program)
  await chmod(join(folder, 'electron'), 0o755)
}

describe.skipIf(process.platform !== 'linux')('the package', () => {
  let folder: string
  let resources: string
  let packed: string[]

  beforeAll(async () => {
    if (!(await ensureBuilt())) throw new Error('the build failed')
    folder = await mkdtemp(join(tmpdir(), 'weightlock-package-'))
    await makeStandInRuntime(join(folder, 'runtime'))
    const options = [
      ['--dir', '--publish', 'never', '--config', 'electron-builder.yml'],
      [`-c.electronDist=${join(folder, 'runtime')}`, `-c.directories.output=${join(folder, 'release')}`],
    ].flat()
    await run(process.execPath, [join(projectFolder, 'node_modules/electron-builder/cli.js'), ...options], {
      cwd: projectFolder,
      timeout: packTimeoutMs,
    })
    resources = join(folder, 'release/linux-unpacked/resources')
    packed = listPackage(join(resources, 'app.asar'), { isPack: false })
  }, packTimeoutMs)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('holds the built program', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        '/package.json',
        '/dist/main/main.js',
        '/dist/main/cli.js',
        '/dist/main/payload-worker.js',
        '/dist/main/catalog-worker.js',
        '/dist/preload/preload.cjs',
        '/dist/renderer/index.html',
      ]),
    )
  })

  it('holds no source, no map, no browser driver and nothing of the toolchain', () => {
    const top = new Set(packed.map((path) => path.split('/')[1]))
    expect(top).toEqual(new Set(['dist', 'node_modules', 'package.json']))
    expect(packed.filter((path) => /\.(ts|tsx|map|c|cc|h|gyp)$/.test(path))).toEqual([])
    expect(packed.filter((path) => /playwright|chromium\.js|electron\/|vite|built-from/.test(path))).toEqual(
      [],
    )
    const modules = packed.flatMap((path) => /^\/node_modules\/((?:@[^/]+\/)?[^/@]+)$/.exec(path)?.[1] ?? [])
    expect(modules.toSorted()).toEqual([
      '@napi-rs/blake-hash',
      `@napi-rs/blake-hash-linux-${process.arch}-gnu`,
      'bare-addon-resolve',
      'bare-module-resolve',
      'bare-semver',
      'keytar',
      'require-addon',
      'sodium-native',
      'which-runtime',
    ])
  })

  it('keeps the native modules of this system, and of no other, outside the archive', () => {
    const native = packed.filter((path) => path.endsWith('.node'))
    expect(native.map((path) => path.replace(/^.*\//, '')).toSorted()).toEqual([
      `blake.linux-${process.arch}-gnu.node`,
      'keytar.node',
      'sodium-native.node',
    ])
    expect(packed.filter((path) => /prebuilds\/[^/]+$/.test(path))).toEqual([
      `/node_modules/sodium-native/prebuilds/linux-${process.arch}`,
    ])
    for (const path of native)
      expect(listPackage(join(resources, 'app.asar'), { isPack: true })).toContain(`unpack : ${path}`)
  })

  it('has Electron’s fuses set', async () => {
    const wire = await getCurrentFuseWire(join(folder, 'release/linux-unpacked/weightlock'))
    const isOn = (fuse: FuseV1Options) => wire[fuse] === '1'.charCodeAt(0)
    expect({
      runAsNode: isOn(FuseV1Options.RunAsNode),
      cookies: isOn(FuseV1Options.EnableCookieEncryption),
      nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
      integrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      onlyAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
      filePrivileges: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual({
      runAsNode: false,
      cookies: true,
      nodeOptions: false,
      inspect: false,
      integrity: true,
      onlyAsar: true,
      filePrivileges: false,
    })
  })

  it.skipIf(!hasKeyring())('encrypts and opens, taken out of its archive and run by Node', async () => {
    const program = join(folder, 'program')
    extractAll(join(resources, 'app.asar'), program)
    const cli = (...args: string[]) =>
      run(process.execPath, [join(program, 'dist/main/cli.js'), ...args], {
        env: { ...process.env, ...keyring.env },
        timeout: 60_000,
      })
    const keyring = await startTestKeyring({ folder: join(folder, 'keyring') })
    try {
      expect((await cli('--version')).stdout).toContain(programVersion)
      const sample = join(resources, 'assets/sample/digits-mlp.safetensors')
      const data = ['--data', join(folder, 'data')]
      await cli('encrypt', sample, ...data)
      await cli('decrypt', 'digits-mlp.safetensors', '--to', join(folder, 'opened'), ...data)
      expect(await readFile(join(folder, 'opened'))).toEqual(await readFile(sample))
    } finally {
      await keyring.stop()
    }
  })
})
