import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const program = `
  const { hardenProcess } = await import(${JSON.stringify(join(import.meta.dirname, 'harden-process.ts'))})
  const { readFileSync } = await import('node:fs')
  const undone = hardenProcess()
  const { reportOnFatalError, reportOnSignal, reportOnUncaughtException } = process.report
  const filter = process.platform === 'linux' ? readFileSync('/proc/self/coredump_filter', 'utf8').trim() : null
  console.log(JSON.stringify({
    undone, filter, options: process.env.NODE_OPTIONS ?? null,
    reports: [reportOnFatalError, reportOnSignal, reportOnUncaughtException],
  }))`

describe.runIf(process.platform === 'linux')('a hardened process', () => {
  it('writes no report and no memory into a core dump, and hands no options on', () => {
    const answer: unknown = JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '--report-on-signal --report-uncaught-exception' },
      }),
    )
    expect(answer).toEqual({ undone: [], filter: '00000000', options: null, reports: [false, false, false] })
  })
})
