/** Proof by `aws`, another program than ours: what a bucket holds, and what was begun in it. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ensurePython } from '../../scripts/test/python-tools.ts'
import { requirePeer } from '../../scripts/test/require-peer.ts'
import type { S3Server } from '../../scripts/test/s3-server.ts'

const run = promisify(execFile)

/** The one that tests install, whatever the PATH has. */
const python = await ensurePython()

/** Whether `aws` is here; says where it is not. */
export const hasAws = (): boolean =>
  requirePeer('aws', python.tools !== null, python.tools === null ? python.reason : '')

type Upload = { uploadId: string; key: string }

export type Aws = {
  /** `aws s3 cp`, in either direction. */
  copy: (from: string, to: string) => Promise<void>
  /** `aws s3api`, its options by their names. @returns its answer, `{}` where it says nothing */
  api: <T>(operation: string, options: Record<string, string>) => Promise<T>
  /** Uploads that nobody completed. */
  uploads: (bucket: string) => Promise<Upload[]>
  /** Parts of an upload that have arrived: their numbers. */
  parts: (bucket: string, upload: Upload) => Promise<number[]>
}

/** With root's credentials. */
export function awsOn({ endpoint, region, root }: Pick<S3Server, 'endpoint' | 'region' | 'root'>): Aws {
  if (python.tools === null) throw new Error(python.reason)
  const { python: program, aws: command, env: packages } = python.tools
  const env = {
    ...process.env,
    ...packages,
    AWS_ACCESS_KEY_ID: root.accessKeyId,
    AWS_SECRET_ACCESS_KEY: root.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  const aws = async (args: string[]): Promise<string> =>
    (await run(program, [...command, '--endpoint-url', endpoint, '--region', region, ...args], { env }))
      .stdout
  const api: Aws['api'] = async <T>(operation: string, options: Record<string, string>) => {
    const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
    const said = await aws(['s3api', operation, '--output', 'json', ...given])
    return JSON.parse(said.trim() === '' ? '{}' : said) as T
  }
  return {
    copy: async (from, to) => void (await aws(['s3', 'cp', '--no-progress', from, to])),
    api,
    uploads: async (bucket) => {
      type Listed = { Uploads?: { UploadId: string; Key: string }[] }
      const { Uploads = [] } = await api<Listed>('list-multipart-uploads', { bucket })
      return Uploads.map(({ UploadId, Key }) => ({ uploadId: UploadId, key: Key }))
    },
    parts: async (bucket, { uploadId, key }) => {
      type Listed = { Parts?: { PartNumber: number }[] }
      const { Parts = [] } = await api<Listed>('list-parts', { bucket, key, 'upload-id': uploadId })
      return Parts.map(({ PartNumber }) => PartNumber)
    },
  }
}
