/** The catalog's thread: carries out one operation after the other. A build input of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { openOperations, type OpenDatabase, type OperationName } from './catalog/operations.ts'
import { packed, type CatalogWorkerData, type FromWorker, type ToWorker } from './catalog/worker-messages.ts'

const port = parentPort
if (!port) throw new Error('the catalog worker is started as a worker thread')
const { path, machineId }: CatalogWorkerData = workerData

const say = (message: FromWorker) => port.postMessage(message)

function open(): OpenDatabase | null {
  try {
    const database = openOperations(path, machineId)
    say({ opened: true })
    return database
  } catch (error) {
    say({ opened: false, thrown: packed(error) })
    return null
  }
}

const database = open()
if (database)
  port.on('message', (message: ToWorker) => {
    if (message === 'close') {
      database.close()
      port.close()
      return
    }
    const { id, name, request } = message
    try {
      say({ id, ok: true, ...database.carryOut(name as OperationName, request) })
    } catch (error) {
      say({ id, ok: false, thrown: packed(error) })
    }
  })
