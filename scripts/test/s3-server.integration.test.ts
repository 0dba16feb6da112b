/** The S3 server that other tests stand on. */
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { once } from 'node:events'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasS3Server, s3Region, startS3Server } from './s3-server.ts'

const start = async (options = {}) => {
  const server = await startS3Server(options)
  onTestFinished(() => server.stop())
  return server
}

describe.runIf(await hasS3Server())('the S3 server of the tests', () => {
  it.each([false, true])('keeps an object (TLS: %s), and leaves nothing when it ends', async (tls) => {
    const server = await startS3Server({ tls })
    const Bucket = await server.makeBucket()
    await server.client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'bytes' }))
    const { Body } = await server.client.send(new GetObjectCommand({ Bucket, Key: 'a' }))
    expect(await Body?.transformToString()).toBe('bytes')
    await server.stop()
    expect(existsSync(dirname(server.dataFolder))).toBe(false)
    const [refused] = (await once(connect(server.port, '127.0.0.1'), 'error')) as [Error]
    expect(String(refused)).toContain('ECONNREFUSED')
  })

  it('keeps versions where asked to', async () => {
    const server = await start()
    const Bucket = await server.makeBucket({ versioning: true })
    for (const Body of ['one', 'two'])
      await server.client.send(new PutObjectCommand({ Bucket, Key: 'a', Body }))
    const { Versions } = await server.client.send(new ListObjectVersionsCommand({ Bucket }))
    expect(Versions).toHaveLength(2)
  })

  it('denies a user what the policy says, and nothing else', async () => {
    const server = await start()
    const Bucket = await server.makeBucket()
    const user = await server.makeUser(Bucket, ['s3:DeleteObject'])
    const asUser = new S3Client({
      endpoint: server.endpoint,
      region: s3Region,
      credentials: user,
      forcePathStyle: true,
    })
    await asUser.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }))
    await expect(asUser.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))).rejects.toThrow(/not authorized/)
    await server.deny(Bucket, user, ['s3:PutObject'])
    await asUser.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
    await expect(asUser.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }))).rejects.toThrow(
      /not authorized/,
    )
    asUser.destroy()
  })
})
