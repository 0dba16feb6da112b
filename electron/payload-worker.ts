/** Entry of the threads that encrypt and decrypt. A build input of its own: `app.ts` is handed its URL. */
import { parentPort } from 'node:worker_threads'
import { servePayloadRuns } from './jobs/workers/payload-service.ts'

if (parentPort === null) throw new Error('payload-worker runs as a worker thread only')
servePayloadRuns(parentPort)
