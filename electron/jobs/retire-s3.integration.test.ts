/** Retiring what lies in a bucket that keeps object versions: they go as well, or the certificate names what stayed. */
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBucketHouse, type BucketHouse } from '../../scripts/test/faults/bucket-house.ts'
import { settled, stored, type House } from '../../scripts/test/faults/house.ts'
import { s3Error } from '../../scripts/test/s3-proxy.ts'
import { hasS3Server } from '../../scripts/test/s3-server.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { JobId } from '../../shared/ids.ts'

const hasServer = await hasS3Server()

describe.runIf(hasServer)('retiring what lies in a bucket', () => {
  let bucket: BucketHouse
  let house: House
  beforeAll(async () => {
    bucket = await openBucketHouse({ versioning: true })
    house = bucket.house
  })
  afterAll(() => bucket.stop())
  afterEach(() => bucket.proxy.meet(null))

  const keptOf = async (name: string) => {
    const asked = { Bucket: bucket.bucket, Prefix: `models/${name}` }
    const { Versions = [] } = await bucket.server.client.send(new ListObjectVersionsCommand(asked))
    return Versions.length
  }
  const ended = (jobId: JobId | undefined) => settled(house, jobId ?? ('' as JobId))
  /** Its old object version still has a header of the old key. */
  async function rotated(name: string): Promise<ArtifactRow> {
    const artifact = await stored(house, house.input(name, `weights of ${name}`))
    const { jobIds } = await house.call('keys:rotate', {
      keyIds: [artifact.keyId],
      method: 'rewrap',
      reason: 'policy',
      note: '',
    })
    expect((await ended(jobIds[0])).job?.state).toBe('done')
    return artifact
  }
  async function retire({ artifactId, name }: ArtifactRow) {
    const asked = { artifactIds: [artifactId], confirmName: name, inDays: null, deleteCiphertext: true }
    const { jobIds } = await house.call('retirement:start', asked)
    const { job } = await ended(jobIds[0])
    expect(job?.state).toBe('done')
    return (await house.call('certificates:show', { certificateId: jobIds[0] ?? '' })).statement
  }

  it('destroys the key of an old object version too, and deletes every version', async () => {
    const artifact = await rotated('model.bin')
    const impact = await house.call('retirement:impact', { artifactIds: [artifact.artifactId] })
    expect(impact.keys.map(({ key }) => key.state)).toEqual(['active', 'deactivated'])
    expect(impact.stores).toMatchObject([{ objects: 1, objectVersions: 1 }])
    expect(await keptOf('model.bin.age')).toBe(2)
    const statement = await retire(artifact)
    expect(await keptOf('model.bin.age')).toBe(0)
    expect(statement.keys).toHaveLength(2)
    expect(statement.versions[0]?.fingerprints).toHaveLength(2)
    expect(statement.versions[0]?.objects).toMatchObject([{ outcome: 'deleted-with-object-versions' }])
  })

  it('ends in a certificate that names what the store did not let go', async () => {
    const artifact = await rotated('kept.bin')
    bucket.proxy.meet(async ({ operation }, forward) =>
      operation === 'DeleteObject' ? s3Error(403, 'AccessDenied') : forward(),
    )
    const statement = await retire(artifact)
    expect(await keptOf('kept.bin.age')).toBe(2)
    expect(statement.versions[0]?.objects).toMatchObject([{ outcome: 'not-deleted' }])
    expect(statement.notProved.map(({ what }) => what)).toContain('Deletion of version 1')
    expect((await house.call('keys:show', { keyId: artifact.keyId })).key.state).toBe('destroyed')
  })
})
