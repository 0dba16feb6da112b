/** A bucket that holds as many objects as it is told, in folders of 1,000, and can only be listed: in pages, each of
 * which a test may hold back. No signature is looked at. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

export type S3ManyObjects = {
  endpoint: string
  /** Of LIST requests that arrived. */
  lists: () => number
  /** From the nth on, lists are not answered before `letGo`. */
  holdFrom: (list: number) => void
  letGo: () => void
  /** Settles once nobody waits any more for a list that was held back. */
  givenUp: () => Promise<void>
  stop: () => Promise<void>
}

/** `team-012/model-012345.bin.age`; every tenth is no age file. */
export const manyName = (n: number): string => {
  const folder = String(Math.floor(n / 1000)).padStart(3, '0')
  return `team-${folder}/model-${String(n).padStart(6, '0')}.bin${n % 10 === 9 ? '' : '.age'}`
}

export async function startS3ManyObjects(objects: number): Promise<S3ManyObjects> {
  let lists = 0
  let holdFrom = Infinity
  let held = Promise.withResolvers<void>()
  let givenUp = Promise.withResolvers<void>()
  const page = (from: number, count: number): string => {
    const to = Math.min(objects, from + count)
    const contents = Array.from(
      { length: to - from },
      (_, at) =>
        `<Contents><Key>${manyName(from + at)}</Key><LastModified>2026-11-20T10:11:12.000Z</LastModified><ETag>&quot;${'0'.repeat(32)}-2&quot;</ETag><Size>${1000 + at}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
    )
    const next =
      to < objects
        ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${to}</NextContinuationToken>`
        : '<IsTruncated>false</IsTruncated>'
    return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>many</Name><EncodingType>url</EncodingType><KeyCount>${to - from}</KeyCount>${next}${contents.join('')}</ListBucketResult>`
  }
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { searchParams } = new URL(incoming.url ?? '/', 'http://s3')
    if (incoming.method !== 'GET' || searchParams.get('list-type') !== '2')
      return void outgoing.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>')
    lists += 1
    if (lists >= holdFrom) {
      outgoing.once('close', () => outgoing.writableFinished || givenUp.resolve())
      await held.promise
    }
    const from = Number(searchParams.get('continuation-token') ?? 0)
    outgoing.end(page(from, Number(searchParams.get('max-keys') ?? 1000)))
  }
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    lists: () => lists,
    holdFrom: (list) => {
      held = Promise.withResolvers()
      givenUp = Promise.withResolvers()
      holdFrom = list
    },
    letGo: () => {
      holdFrom = Infinity
      held.resolve()
    },
    givenUp: () => givenUp.promise,
    stop: async () => {
      held.resolve()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
