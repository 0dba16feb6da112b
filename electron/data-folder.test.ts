import { readFile } from 'node:fs/promises'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { failureOf } from '../shared/failure.ts'
import type { MachineSources } from './data-folder.ts'
import { defaultStoreFolder, machineId, makeDataFolder, usualDataFolder } from './data-folder.ts'

const folderOfTest = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'weightlock-data-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
const linux = (env: Record<string, string> = {}) => ({ platform: 'linux', env, home: '/home/ada' })

describe('the data folder', () => {
  it.each([
    [linux(), '/home/ada/.local/share/weightlock'],
    [linux({ XDG_DATA_HOME: '/data' }), '/data/weightlock'],
    [linux({ XDG_DATA_HOME: 'relative' }), '/home/ada/.local/share/weightlock'],
    [
      { platform: 'darwin', env: {}, home: '/Users/ada' },
      '/Users/ada/Library/Application Support/Weightlock',
    ],
    [{ platform: 'win32', env: { LOCALAPPDATA: '/L' }, home: '/U' }, '/L/Weightlock'],
    [{ platform: 'win32', env: {}, home: '/U' }, '/U/AppData/Local/Weightlock'],
  ])('with %j is %s', (around, expected) => {
    expect(usualDataFolder(around)).toBe(expected)
  })

  it('decides where artifacts go', () => {
    expect(defaultStoreFolder('/home/ada/.local/share/weightlock/', linux())).toBe('/home/ada/Weightlock')
    expect(defaultStoreFolder('/elsewhere', linux())).toBe('/elsewhere/store')
  })

  it('is made for its owner alone', () => {
    const path = join(folderOfTest(), 'deep', 'er')
    makeDataFolder(path)
    makeDataFolder(path)
    expect(statSync(path).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o700)
  })

  it('that cannot be made is a failure', () => {
    const file = join(folderOfTest(), 'file')
    writeFileSync(file, '')
    let code: string | undefined
    try {
      makeDataFolder(join(file, 'below'))
    } catch (error) {
      code = failureOf(error)?.code
    }
    expect(code).toMatch(/^file\//)
  })
})

const missing = () => Promise.reject(new Error('missing'))
const sources = (more: Partial<MachineSources>): MachineSources => ({
  ...linux(),
  read: missing,
  run: missing,
  ...more,
})

describe('the id of the machine', () => {
  it('is a hash of the system’s own, and does not show it', async () => {
    const id = '0123456789abcdef0123456789abcdef'
    const read = (path: string) => (path === '/etc/machine-id' ? Promise.resolve(`${id}\n`) : missing())
    const found = await machineId(sources({ read }))
    expect(found).toMatch(/^[0-9a-f]{64}$/)
    expect(found).not.toContain(id)
    expect(await machineId(sources({ read }))).toBe(found)
    const other = await machineId(sources({ read: async () => 'f'.repeat(32) }))
    expect(other).not.toBe(found)
  })

  it('is read from macOS and Windows in their ways', async () => {
    const uuid = '564D2C4F-9A0B-4E63-8C8D-0123456789AB'
    const mac = await machineId(
      sources({ platform: 'darwin', run: async () => `  "IOPlatformUUID" = "${uuid}"\n` }),
    )
    const windows = await machineId(
      sources({
        platform: 'win32',
        run: async () => `\r\nHKEY_LOCAL_MACHINE\r\n    MachineGuid    REG_SZ    ${uuid}\r\n`,
      }),
    )
    expect(mac).toBe(windows)
  })

  it('is random and kept outside of the data folder where the system has none', async () => {
    const home = folderOfTest()
    const read = (path: string) => (path.startsWith(home) ? readFile(path, 'utf8') : missing())
    const first = await machineId(sources({ home, read }))
    expect(await machineId(sources({ home, read }))).toBe(first)
    expect(existsSync(join(home, '.local', 'state', 'weightlock-machine-id'))).toBe(true)
    const elsewhere = join(home, 'state')
    mkdirSync(elsewhere)
    expect(await machineId(sources({ home, read, env: { XDG_STATE_HOME: elsewhere } }))).not.toBe(first)
  })

  it('is the name of the machine where nothing can be kept', async () => {
    const file = join(folderOfTest(), 'file')
    writeFileSync(file, '')
    expect(await machineId(sources({ home: file }))).toBe(await machineId(sources({ home: join(file, 'x') })))
  })

  it('is there on this machine', async () => {
    expect(await machineId()).toBe(await machineId())
  })
})
