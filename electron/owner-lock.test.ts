import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { failureOf } from '../shared/failure.ts'
import { takeOwnerLock } from './owner-lock.ts'

const folderOfTest = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'weightlock-owner-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const codeOfTaking = (folder: string): string => {
  try {
    takeOwnerLock(folder).release()
    return 'taken'
  } catch (error) {
    return failureOf(error)?.code ?? String(error)
  }
}

const program = `
  const { takeOwnerLock } = await import(${JSON.stringify(join(import.meta.dirname, 'owner-lock.ts'))})
  const { failureOf } = await import(${JSON.stringify(join(import.meta.dirname, '../shared/failure.ts'))})
  try {
    globalThis.lock = takeOwnerLock(process.argv[1])
    console.log('taken')
    setInterval(() => undefined, 1000)
  } catch (error) {
    console.log(failureOf(error)?.code ?? String(error))
  }`

/** Another process that takes the lock and keeps it. @returns what it says */
async function otherOwner(folder: string): Promise<{ child: ChildProcess; says: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, says: String(line).trim() }
}

describe('the owner of a data folder', () => {
  it('is one: this process twice is refused, and after a release may try again', () => {
    const folder = folderOfTest()
    const lock = takeOwnerLock(folder)
    expect(codeOfTaking(folder)).toBe('owner/locked')
    lock.release()
    lock.release()
    expect(codeOfTaking(folder)).toBe('taken')
  })

  it('is one among processes, also when they start at once', async () => {
    const folder = folderOfTest()
    const says = (await Promise.all([1, 2, 3].map(() => otherOwner(folder)))).map((other) => other.says)
    expect(says.toSorted()).toEqual(['owner/locked', 'owner/locked', 'taken'])
    expect(codeOfTaking(folder)).toBe('owner/locked')
  })

  it('is no more once it was killed', async () => {
    const folder = folderOfTest()
    const { child, says } = await otherOwner(folder)
    expect(says).toBe('taken')
    expect(codeOfTaking(folder)).toBe('owner/locked')
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    expect(codeOfTaking(folder)).toBe('taken')
  })

  it('is nobody where the folder cannot hold a lock', () => {
    const folder = folderOfTest()
    expect(codeOfTaking(join(folder, 'missing'))).toBe('file/permission-denied')
    writeFileSync(
      join(folder, 'owner.sqlite'),
      'not a database, though it is long enough to be looked at'.repeat(20),
    )
    expect(codeOfTaking(folder)).toBe('file/io')
  })
})
