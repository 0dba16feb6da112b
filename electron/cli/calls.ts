/** Making calls: failures are thrown, to be caught where the command ends. */
import type { Channel, Request, Response } from '../../shared/contract/contract.ts'
import type { Output } from '../../shared/contract/terminal.ts'
import { type Result, WeightlockError, fail } from '../../shared/failure.ts'
import type { Context } from './command.ts'

export const valueOf = <T>(result: Result<T>): T => (result.ok ? result.value : fail(result.failure))

/** Rejects with job/stopped on Ctrl-C. */
function whenInterrupted(signal: AbortSignal): { stopped: Promise<never>; forget: () => void } {
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(new WeightlockError({ code: 'job/stopped' }))
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  return { stopped: promise, forget: () => signal.removeEventListener('abort', stop) }
}

/** A question: nothing is lost when Ctrl-C ends it early.
 * @throws the call's failure, or job/stopped */
export async function ask<C extends Channel>(
  context: Context,
  channel: C,
  request: Request<C>,
): Promise<Response<C>> {
  const { stopped, forget } = whenInterrupted(context.interrupted)
  try {
    return valueOf(await Promise.race([context.bridge.invoke(channel, request), stopped]))
  } finally {
    forget()
  }
}

/** A call that changes something, or that asks what was done: its answer is waited for, also after Ctrl-C.
 * @throws the call's failure */
export const tell = async <C extends Channel>(
  context: Context,
  channel: C,
  request: Request<C>,
  output?: Output,
): Promise<Response<C>> => valueOf(await context.bridge.invoke(channel, request, output))

const pageSize = 200

/** Every row of a list, fetched page by page. Rows that moved onto a later page while it was read come once.
 * @param fetch answers one page
 * @param keyOf what tells rows apart */
export async function everyRow<Row>(
  fetch: (page: { offset: number; limit: number }) => Promise<{ total: number; rows: Row[] }>,
  keyOf: (row: Row) => string,
): Promise<Row[]> {
  const found = new Map<string, Row>()
  for (let offset = 0; ; offset += pageSize) {
    const { total, rows } = await fetch({ offset, limit: pageSize })
    for (const row of rows) found.set(keyOf(row), row)
    if (rows.length === 0 || offset + rows.length >= total) return [...found.values()]
  }
}
