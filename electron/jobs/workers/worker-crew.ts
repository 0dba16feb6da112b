/** The threads of a payload pool: started when first needed, replaced when one dies, kept busy. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { FromWorker, ToWorker } from './worker-messages.ts'

/** Nothing of the program's environment, but where a checkout keeps what Node compiled. */
const { NODE_COMPILE_CACHE } = process.env
const workerEnv = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }

export type CrewMember = {
  post(message: ToWorker): void
  /** Leaves that were posted and not answered. */
  busyWith: number
}

export type WorkerCrew = {
  /** All members, started if need be. */
  members(): readonly CrewMember[]
  /** While true the threads keep the process alive. */
  keepAlive(on: boolean): void
  /** Lets each thread finish what it is at, and end by itself. */
  close(): Promise<void>
}

/** @param onMessage every answer
 * @param onDeath a member that died of a bug; it is gone from `members` */
export function createWorkerCrew(
  workerUrl: URL,
  size: number,
  onMessage: (message: FromWorker, from: CrewMember) => void,
  onDeath: (member: CrewMember, error: Error) => void,
): WorkerCrew {
  const threads = new Map<CrewMember, Worker>()
  let isKept = false
  let isClosed = false

  const start = () => {
    const worker = new Worker(workerUrl, { name: 'payload', execArgv: [], argv: [], env: workerEnv })
    const member: CrewMember = {
      busyWith: 0,
      post: (message) => worker.postMessage(message),
    }
    const gone = (error: Error) => {
      if (threads.delete(member) && !isClosed) onDeath(member, error)
    }
    worker.on('message', (message: FromWorker) => onMessage(message, member))
    worker.on('error', gone)
    worker.on('exit', (code) => gone(new Error(`a payload worker exited with code ${code}`)))
    if (!isKept) worker.unref()
    threads.set(member, worker)
  }

  return {
    members: () => {
      while (threads.size < size) start()
      return [...threads.keys()]
    },
    keepAlive: (on) => {
      isKept = on
      for (const worker of threads.values())
        if (on) worker.ref()
        else worker.unref()
    },
    close: async () => {
      isClosed = true
      const ended = [...threads].map(([member, worker]) => {
        worker.ref()
        const exit = once(worker, 'exit')
        member.post({ type: 'close' })
        return exit
      })
      await Promise.allSettled(ended)
      threads.clear()
    },
  }
}
