import { appendFileSync, renameSync, statSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { redact } from './redact.ts'

/** The program's log: redacted, one line an event, turned over at a size. Holds bugs and starts, never secrets. */
export type ProgramLog = {
  /** @returns a reference by which the entry is found again */
  bug: (where: string, error: unknown) => string
  note: (text: string) => void
}

const limitBytes = 2_000_000

/** @param path the log file; the one before it is kept beside it as `.1` */
export function openProgramLog(path: string, now: () => Date = () => new Date()): ProgramLog {
  const write = (line: string) => {
    try {
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > limitBytes) renameSync(path, `${path}.1`)
      appendFileSync(path, `${now().toISOString()} ${redact(line).replaceAll('\n', '\n  ')}\n`, {
        mode: 0o600,
      })
    } catch {
      // A log that cannot be written must not stop the work that it describes.
    }
  }
  return {
    bug: (where, error) => {
      const reference = randomBytes(4).toString('hex')
      const trace = (thrown: unknown): string =>
        thrown instanceof Error
          ? `${thrown.stack ?? thrown.message}${thrown.cause === undefined ? '' : `\ncaused by ${trace(thrown.cause)}`}`
          : String(thrown)
      write(`bug ${reference} in ${where}: ${trace(error)}`)
      return reference
    },
    note: (text) => write(text),
  }
}
