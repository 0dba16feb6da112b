/** Point 1: `npm start` opens the window on a display, and runs the sample model where there is none. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '../fixtures/app.ts'
import { requirePeer } from '../../scripts/test/require-peer.ts'
import { storedFiles } from '../pages/proof.ts'

const run = promisify(execFile)
const projectFolder = resolve(import.meta.dirname, '../..')
const startScript = join(projectFolder, 'scripts/start.ts')
const cli = join(projectFolder, 'dist/main/cli.js')

/** Our own process, what it said so far, and its end. */
function startProgram(args: string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [startScript, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { child, said: () => said, ended }
}

const withoutDisplay = (): NodeJS.ProcessEnv => {
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env
  return env
}

test.beforeEach(({ hostKind }) => {
  test.skip(hostKind === 'electron' || process.platform !== 'linux', 'displays are taken away on Linux only')
})

test('without a display: the sample run, step by step, with pictures', async () => {
  const program = startProgram([], withoutDisplay())
  expect([await program.ended, program.said()]).toEqual([0, expect.any(String)])
  const lines = program.said().split('\n')
  expect(lines[0]).toMatch(/^There is no display .*: running the sample model instead\.$/)
  for (const step of ['encrypt the sample', 'list the store', 'open it again', 'byte by byte', 'audit log'])
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`${step}.* \\d+\\.\\d\\d s$`)))
  expect(lines.filter((line) => line.endsWith('.png'))).toHaveLength(3)
})

/** A display that nobody sees. */
async function startDisplay(): Promise<{ name: string; stop: () => Promise<void> }> {
  const server: ChildProcess = spawn(
    'Xvfb',
    ['-displayfd', '1', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  const [number] = (await once(server.stdout ?? server, 'data')) as [Buffer]
  return {
    name: `:${number.toString().trim()}`,
    stop: async () => {
      const gone = once(server, 'close')
      server.kill()
      await gone
    },
  }
}

/** As `xwininfo` lists them; nothing where one went away while it looked. */
const windowsOn = (env: NodeJS.ProcessEnv): Promise<string> =>
  run('xwininfo', ['-root', '-tree'], { env }).then(
    ({ stdout }) => stdout,
    () => '',
  )

const hasDisplay = ['Xvfb', 'xwininfo'].every(
  (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
)

test('on a display: the window opens, is the owner that the command line talks to, and is shown once', async () => {
  test.skip(!requirePeer('display', hasDisplay, 'no Xvfb or xwininfo on the PATH'), 'there is no display')
  const folder = await mkdtemp(join(tmpdir(), 'weightlock-start-'))
  const display = await startDisplay()
  const env = { ...withoutDisplay(), DISPLAY: display.name }
  const data = ['--data', join(folder, 'data')]
  const program = startProgram(data, env)
  try {
    await expect.poll(() => windowsOn(env), { timeout: 40_000 }).toMatch(/"Weightlock"/)
    const whichWindow = program.said().trim().split('\n')
    expect(whichWindow.filter((line) => /Electron|Chromium/.test(line)).length).toBeLessThanOrEqual(1)

    const sample = join(projectFolder, 'assets/sample/digits-mlp.pkl')
    const { stdout } = await run(process.execPath, [cli, 'encrypt', sample, ...data, '--json'], { env })
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, value: { artifacts: [{ name: 'digits-mlp.pkl' }] } })
    expect(await storedFiles(join(folder, 'data/store'))).toEqual(['digits-mlp.pkl.age'])

    const second = startProgram(data, env)
    expect(await second.ended).toBe(0)
    expect(second.said()).toContain('Weightlock is open already; it was brought to the front.')
    program.child.kill('SIGTERM')
    expect(await program.ended).toBe(0)
  } finally {
    program.child.kill('SIGKILL')
    await display.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})
