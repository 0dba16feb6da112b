/** What stands beside an object and is not its metadata: kept when other bytes take its place. */
import { GetObjectTaggingCommand, HeadObjectCommand, type HeadObjectCommandOutput } from '@aws-sdk/client-s3'
import { failureOf } from '../../../../shared/failure.ts'
import type { Connection } from './connection.ts'
import type { Names } from './names.ts'
import { reading } from './object-info.ts'

/** As a put or the begin of an upload takes it. */
export type KeptSettings = Record<string, string>

/** Storage class, encryption by the server, headers that say what it is. Tags are asked for apart. */
export function keptSettings(head: HeadObjectCommandOutput): KeptSettings {
  const { ContentType, CacheControl, ContentDisposition, ContentEncoding, ContentLanguage } = head
  const { StorageClass, ServerSideEncryption, SSEKMSKeyId } = head
  const isOwnKey = ServerSideEncryption !== undefined && ServerSideEncryption !== 'AES256'
  const given = {
    ContentType,
    CacheControl,
    ContentDisposition,
    ContentEncoding,
    ContentLanguage,
    StorageClass: StorageClass === 'STANDARD' ? undefined : StorageClass,
    ServerSideEncryption: isOwnKey ? ServerSideEncryption : undefined,
    SSEKMSKeyId: isOwnKey ? SSEKMSKeyId : undefined,
  }
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => !!entry[1]))
}

/** All of it, of an object that is there.
 * @throws store/permission-missing where its tags may not be read: they would be lost; store/… */
export async function settingsLike(
  connection: Connection,
  names: Names,
  name: string,
  signal: AbortSignal | undefined,
): Promise<KeptSettings> {
  const asked = { Bucket: connection.settings.bucket, Key: names.keyOf(name) }
  const head = await connection.run(reading(name, signal), (client, options) =>
    client.send(new HeadObjectCommand(asked), options),
  )
  const tags = await tagsOf(connection, asked, name, signal)
  return { ...keptSettings(head), ...(tags === '' ? {} : { Tagging: tags }) }
}

/** As a query. Empty where there are none, or the server has no such thing. */
async function tagsOf(
  connection: Connection,
  asked: { Bucket: string; Key: string },
  name: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const call = { ...reading(name, signal), permission: 's3:GetObjectTagging' }
  try {
    const { TagSet = [] } = await connection.run(call, (client, options) =>
      client.send(new GetObjectTaggingCommand(asked), options),
    )
    return TagSet.map(
      ({ Key = '', Value = '' }) => `${encodeURIComponent(Key)}=${encodeURIComponent(Value)}`,
    ).join('&')
  } catch (error) {
    const code = failureOf(error)?.code
    if (code === 'store/refused' || code === 'store/object-not-found') return ''
    throw error
  }
}
