/** A real S3 server for tests: versitygw on a loopback port, in a folder of its own, with users of its own. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { ensureVersitygw } from './peer-tools.ts'
import { requirePeer } from './require-peer.ts'
import { makeTestCertificate } from './test-certificate.ts'

const run = promisify(execFile)
const startTimeoutMs = 30_000
const startAttempts = 5
export const s3Region = 'us-east-1'

export type S3Credentials = { accessKeyId: string; secretAccessKey: string }

export type S3Server = {
  endpoint: string
  port: number
  region: string
  root: S3Credentials
  /** Where versitygw keeps its buckets: a folder each. */
  dataFolder: string
  /** Of the private authority, with `tls`. */
  caFile: string | null
  /** The SDK's client with root's credentials, for what tests arrange and prove. */
  client: S3Client
  /** @returns its name */
  makeBucket: (options?: { name?: string; versioning?: boolean }) => Promise<string>
  /** A user who may do everything in a bucket except the given actions, as `s3:PutObject`.
   * Replaces the bucket's policy: one such user for a bucket at a time. */
  makeUser: (bucket: string, denied?: readonly string[]) => Promise<S3Credentials>
  /** Changes what a user may not do. */
  deny: (bucket: string, user: S3Credentials, denied: readonly string[]) => Promise<void>
  stop: () => Promise<void>
}

/** Whether tests with an S3 server can run here; says why not. */
export async function hasS3Server(): Promise<boolean> {
  const peer = await ensureVersitygw()
  return requirePeer('versitygw', peer.tools !== null, peer.tools === null ? peer.reason : '')
}

/** @throws Error where it cannot be had or does not start */
export async function startS3Server(options: { tls?: boolean } = {}): Promise<S3Server> {
  const { tools: program, ...missing } = await ensureVersitygw()
  if (program === null) throw new Error('reason' in missing ? missing.reason : 'no versitygw')
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'weightlock-s3-'))
  const inFolder = (name: string) => join(folder, name)
  const [dataFolder, iamFolder, versionsFolder] = ['data', 'iam', 'versions'].map(inFolder)
  if (!dataFolder || !iamFolder || !versionsFolder) throw new Error('no folders')
  for (const each of [dataFolder, iamFolder, versionsFolder]) mkdirSync(each)
  const root = { accessKeyId: randomName('root'), secretAccessKey: randomBytes(20).toString('hex') }

  let tls: string[] = []
  let caFile: string | null = null
  if (options.tls === true) {
    const { caPem, certificatePem, keyPem } = makeTestCertificate()
    caFile = inFolder('ca.pem')
    writeFileSync(caFile, caPem)
    writeFileSync(inFolder('server.pem'), certificatePem)
    writeFileSync(inFolder('server.key'), keyPem, { mode: 0o600 })
    tls = ['--cert', inFolder('server.pem'), '--key', inFolder('server.key')]
  }
  const commandOn = (port: number) =>
    [
      [program, '--region', s3Region, '--port', `127.0.0.1:${port}`, '--iam-dir', iamFolder],
      ['--iam-cache-disable', '--keep-alive', '--quiet', ...tls],
      ['posix', '--versioning-dir', versionsFolder, dataFolder],
    ].flat()
  const env = { ROOT_ACCESS_KEY_ID: root.accessKeyId, ROOT_SECRET_ACCESS_KEY: root.secretAccessKey }
  const ca = caFile === null ? undefined : readFileSync(caFile)
  const endpointAt = (port: number) => `${caFile === null ? 'http' : 'https'}://127.0.0.1:${port}`
  const clientAt = (port: number) =>
    new S3Client({
      endpoint: endpointAt(port),
      region: s3Region,
      credentials: root,
      forcePathStyle: true,
      requestHandler: ca === undefined ? {} : { httpsAgent: { ca } },
    })
  /** Whoever else listens there does not know root. */
  const isOurs = async (port: number) => {
    const client = clientAt(port)
    try {
      await client.send(new ListBucketsCommand({}))
      return true
    } catch {
      return false
    } finally {
      client.destroy()
    }
  }
  const { child, port } = await startOnFreePort(commandOn, isOurs, env, inFolder('log')).catch(
    (error: unknown) => {
      rmSync(folder, { recursive: true, force: true })
      throw error
    },
  )
  const endpoint = endpointAt(port)
  const client = clientAt(port)

  const deny = async (bucket: string, user: S3Credentials, denied: readonly string[]) => {
    await client.send(new DeleteBucketPolicyCommand({ Bucket: bucket }))
    const Policy = policyOf(bucket, user, denied)
    await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }))
  }

  return {
    endpoint,
    port,
    region: s3Region,
    root,
    dataFolder,
    caFile,
    client,
    makeBucket: async ({ name = randomName('bucket'), versioning = false } = {}) => {
      await client.send(new CreateBucketCommand({ Bucket: name }))
      if (versioning) {
        const VersioningConfiguration = { Status: 'Enabled' as const }
        await client.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration }))
      }
      return name
    },
    makeUser: async (bucket, denied = []) => {
      const user = { accessKeyId: randomName('user'), secretAccessKey: randomBytes(20).toString('hex') }
      const admin = ['admin', '--endpoint-url', endpoint, '--region', s3Region, '--allow-insecure']
      const wanted = ['create-user', '--access', user.accessKeyId, '--secret', user.secretAccessKey]
      await run(program, [...admin, ...wanted, '--role', 'user'], {
        env: {
          ...process.env,
          ADMIN_ACCESS_KEY_ID: root.accessKeyId,
          ADMIN_SECRET_ACCESS_KEY: root.secretAccessKey,
        },
      })
      await deny(bucket, user, denied)
      return user
    },
    deny,
    stop: async () => {
      client.destroy()
      await end(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const randomName = (kind: string): string => `${kind}-${randomBytes(6).toString('hex')}`

function policyOf(bucket: string, user: S3Credentials, denied: readonly string[]): string {
  const Principal = { AWS: [user.accessKeyId] }
  const Resource = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`]
  const onBucket = (action: string) => /Bucket|Versioning/.test(action)
  const statements = [{ Effect: 'Allow', Principal, Action: ['s3:*'], Resource }]
  for (const action of denied) {
    const one = onBucket(action) ? Resource.slice(0, 1) : Resource.slice(1)
    statements.push({ Effect: 'Deny', Principal, Action: [action], Resource: one })
  }
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

/** The server ends with the process that started it, however that ends: its standard input closes. */
const untilOrphaned = 'exec 3<&0; (cat <&3 >/dev/null; kill -9 $$) & exec "$@" 3<&-'

/** Another process may take the port between the look and the start: then another port. */
async function startOnFreePort(
  commandOn: (port: number) => string[],
  isOurs: (port: number) => Promise<boolean>,
  env: Record<string, string>,
  logPath: string,
): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const log = openSync(logPath, 'w')
    const child = spawn('sh', ['-c', untilOrphaned, 'sh', ...commandOn(port)], {
      env: { ...process.env, ...env },
      stdio: ['pipe', log, log],
    })
    closeSync(log)
    child.stdin?.on('error', () => undefined)
    if ((await answers(child, port)) && (await isOurs(port))) return { child, port }
    await end(child)
    if (attempt === startAttempts)
      throw new Error(`versitygw did not start: ${readFileSync(logPath, 'utf8')}`)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** @returns false where the process ended or did not listen in time */
async function answers(child: ChildProcess, port: number): Promise<boolean> {
  const giveUpAt = Date.now() + startTimeoutMs
  while (child.exitCode === null && child.signalCode === null && Date.now() < giveUpAt) {
    const socket = connect(port, '127.0.0.1')
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (connected) return true
    await pause(10)
  }
  return false
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.stdin?.end()
  await ended
}
