/** The worker's side: takes messages one after the other and does what they ask. */
import type { MessagePort } from 'node:worker_threads'
import { failureOf } from '../../../shared/failure.ts'
import { beginRun, type RunWork } from './leaf-work.ts'
import type { FromWorker, RunProblem, ToWorker } from './worker-messages.ts'

/** Serves runs until the port closes.
 * @param port to the pool in the main thread */
export function servePayloadRuns(port: MessagePort): void {
  const runs = new Map<number, RunWork>()
  const answer = (message: FromWorker) => port.postMessage(message)

  port.on('message', (message: ToWorker) => {
    if (message.type === 'begin') {
      runs.set(message.spec.runId, beginRun(message.spec))
      return
    }
    if (message.type === 'close') {
      for (const run of runs.values()) attempt(() => run.end())
      port.close()
      return
    }
    const { runId } = message
    if (message.type === 'end') {
      const { problem } = attempt(() => {
        runs.get(runId)?.end()
        return null
      })
      runs.delete(runId)
      answer({ type: 'ended', runId, problem })
      return
    }
    const { leaf, output } = message
    const done = attempt(() => runs.get(runId)?.leaf(message) ?? null)
    if (done.value === null) answer({ type: 'leaf-stopped', runId, leaf, problem: done.problem })
    else answer({ type: 'leaf-done', runId, leaf, ...done.value, output })
  })
}

function attempt<T>(run: () => T): { value: T | null; problem: RunProblem | null } {
  try {
    return { value: run(), problem: null }
  } catch (error) {
    const failure = failureOf(error)
    if (failure !== null) return { value: null, problem: { failure } }
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error))
    return { value: null, problem: { bug: { message, stack } } }
  }
}
