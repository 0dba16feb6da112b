import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { crashedFiles, runVitest, vitestStep } from './vitest-run.ts'

const folder = mkdtempSync(join(import.meta.dirname, 'crashing-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = async (name: string, text: string) => {
  const path = join(folder, `${name}.test.ts`)
  writeFileSync(
    path,
    `import { expect, it } from 'vitest'\nimport { existsSync, writeFileSync } from 'node:fs'\n${text}`,
  )
  const said: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line))
  const { passed, failed } = await runVitest(vitestStep(`crashing ${name}`, ['unit'], [path]))
  log.mockRestore()
  return { passed, failed, said: said.join('\n') }
}

describe('a run of Vitest', () => {
  afterEach(() => void vi.unstubAllEnvs())

  it('in whose process Node crashed is repeated once, and says so', async () => {
    const mark = join(folder, 'was-here')
    const crash = `if (!existsSync(${JSON.stringify(mark)})) { writeFileSync(${JSON.stringify(mark)}, ''); process.kill(process.pid, 'SIGSEGV') }`
    const outcome = await run('once', `it('is one', () => { ${crash}; expect(1).toBe(1) })`)
    expect(outcome).toMatchObject({ passed: 1, failed: 0 })
    expect(outcome.said).toContain(`Node crashed, run again: ${join(folder, 'once.test.ts')}`)
  })

  it('that crashes each time fails', async () => {
    const outcome = await run('always', `it('is one', () => process.kill(process.pid, 'SIGSEGV'))`)
    expect(outcome).toMatchObject({ passed: 0, failed: 1 })
  })

  it('that fails otherwise is not repeated', async () => {
    vi.stubEnv('WEIGHTLOCK_RUN_AGAIN', '')
    const outcome = await run('wrong', `it('is two', () => expect(1).toBe(2))`)
    expect(outcome).toMatchObject({ passed: 0, failed: 1 })
    expect(outcome.said).not.toContain('run again')
  })

  it('that fails once is repeated where that was asked for, and says so', async () => {
    vi.stubEnv('WEIGHTLOCK_RUN_AGAIN', '1')
    const mark = join(folder, 'failed-here')
    const once = `it('is one', () => { const first = !existsSync(${JSON.stringify(mark)}); writeFileSync(${JSON.stringify(mark)}, ''); expect(first).toBe(false) })`
    const outcome = await run('unsteady', once)
    expect(outcome).toMatchObject({ passed: 1, failed: 0 })
    expect(outcome.said).toContain(`Failed, run again: ${join(folder, 'unsteady.test.ts')}`)
    expect(await run('wrong twice', `it('is two', () => expect(1).toBe(2))`)).toMatchObject({
      passed: 0,
      failed: 1,
    })
  })

  it('tells crashes from what tests print', () => {
    expect(crashedFiles('Error: Worker exited with code 1 while running test file /a.test.ts')).toEqual([])
  })
})
