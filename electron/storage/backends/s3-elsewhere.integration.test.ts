/** The conformance suite on servers that are started elsewhere, as services of a workflow: MinIO, LocalStack.
 * `WEIGHTLOCK_S3_SERVERS` names them: `[{"name","endpoint","accessKeyId","secretAccessKey"}]`. */
import { randomBytes } from 'node:crypto'
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requirePeer } from '../../../scripts/test/require-peer.ts'
import type { StoreFindings } from '../store-probe.ts'
import { describeStorageBackend } from '../testing/conformance.ts'
import { s3UnderTest } from '../testing/s3-under-test.ts'

const Servers = z.array(
  z.object({ name: z.string(), endpoint: z.url(), accessKeyId: z.string(), secretAccessKey: z.string() }),
)
const servers = Servers.parse(JSON.parse(process.env['WEIGHTLOCK_S3_SERVERS'] ?? '[]'))
const areThere = requirePeer('s3-servers', servers.length > 0, 'WEIGHTLOCK_S3_SERVERS names none')

describe.runIf(areThere)('on servers elsewhere', () => {
  for (const { name, endpoint, ...credentials } of servers)
    for (const versioning of [false, true]) {
      const client = new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true })
      let findings: StoreFindings | null = null
      const open = async () => {
        const bucket = `weightlock-${randomBytes(8).toString('hex')}`
        await client.send(new CreateBucketCommand({ Bucket: bucket }))
        if (versioning) {
          const VersioningConfiguration = { Status: 'Enabled' as const }
          await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }))
        }
        const where = { endpoint, bucket, credentials }
        findings ??= (await s3UnderTest(where).probe?.())?.findings ?? null
        return { backend: s3UnderTest(where, { findings }), reopen: () => s3UnderTest(where, { findings }) }
      }

      it(`${name} is found out (versioning: ${versioning})`, async () => {
        const probed = await (await open()).backend.probe?.()
        expect(probed).toMatchObject({ failure: null, left: [] })
        expect(probed?.findings).not.toBeNull()
      })

      describeStorageBackend(`S3, ${name}${versioning ? ', versioned' : ''}`, open)
    }
})
