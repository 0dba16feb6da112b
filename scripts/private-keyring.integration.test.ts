import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasKeyring, startTestKeyring } from './test/keyring.ts'

const folderOfTest = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'weightlock-keyring-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Processes whose command line names this bus. */
const processesOf = (runFolder: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(runFolder)
    } catch {
      return false
    }
  })

describe.runIf(hasKeyring())('a private keyring', () => {
  it('is a Secret Service for other programs, unlocked, locked and unlocked again', async () => {
    const keyring = await startTestKeyring({ folder: folderOfTest() })
    onTestFinished(() => keyring.stop())
    const env = { ...process.env, ...keyring.env }
    execFileSync('secret-tool', ['store', '--label=x', 'service', 'S', 'account', 'a'], {
      env,
      input: 'secret',
    })
    expect(await keyring.secretToolLookup('S', 'a')).toBe('secret')
    await keyring.lock()
    expect(await keyring.secretToolLookup('S', 'a')).toBeNull()
    await keyring.unlock()
    expect(await keyring.secretToolLookup('S', 'a')).toBe('secret')
    await keyring.restartDaemon(false)
    expect(await keyring.secretToolLookup('S', 'a')).toBeNull()
    await keyring.restartDaemon(true)
    expect(await keyring.secretToolLookup('S', 'a')).toBe('secret')
  })

  it('leaves no process and no socket when it is stopped', async () => {
    const keyring = await startTestKeyring({ folder: folderOfTest() })
    const runFolder = keyring.env.XDG_RUNTIME_DIR ?? ''
    expect(processesOf(runFolder).length).toBeGreaterThanOrEqual(2)
    await keyring.stop()
    expect(processesOf(runFolder)).toEqual([])
    expect(existsSync(runFolder)).toBe(false)
  })

  it('stands beside another one without knowing it', async () => {
    const [one, other] = await Promise.all([
      startTestKeyring({ folder: folderOfTest() }),
      startTestKeyring({ folder: folderOfTest() }),
    ])
    onTestFinished(async () => {
      await Promise.all([one.stop(), other.stop()])
    })
    const env = { ...process.env, ...one.env }
    spawnSync('secret-tool', ['store', '--label=x', 'service', 'S', 'account', 'a'], { env, input: 'one' })
    expect(await one.secretToolLookup('S', 'a')).toBe('one')
    expect(await other.secretToolLookup('S', 'a')).toBeNull()
  })

  it('ends with the process that started it, even if that is killed', async () => {
    const program = `
      const { startKeyring } = await import(${JSON.stringify(join(import.meta.dirname, 'private-keyring.ts'))})
      const keyring = await startKeyring({ folder: ${JSON.stringify(folderOfTest())} })
      console.log(keyring.env.XDG_RUNTIME_DIR)
      setInterval(() => undefined, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const runFolder = String(line).trim()
    onTestFinished(() => rmSync(runFolder, { recursive: true, force: true }))
    const pids = processesOf(runFolder)
    expect(pids.length).toBeGreaterThanOrEqual(2)
    // tail ends when every process that it watches has ended.
    const gone = pids.map((pid) => once(spawn('tail', ['--pid', pid, '-f', '/dev/null']), 'exit'))
    child.kill('SIGKILL')
    await Promise.all(gone)
    expect(processesOf(runFolder)).toEqual([])
  })
})
