/** No lock-in: what lies in a bucket is downloaded and opened by what people have already: boto3 and pyrage, the AWS
 * command line and age. */
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBucketHouse, type BucketHouse } from '../../scripts/test/faults/bucket-house.ts'
import { stored } from '../../scripts/test/faults/house.ts'
import { systemAge } from '../../scripts/test/peer-tools.ts'
import { ensurePython } from '../../scripts/test/python-tools.ts'
import { requirePeer } from '../../scripts/test/require-peer.ts'
import { hasS3Server } from '../../scripts/test/s3-server.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'

const run = promisify(execFile)
const age = await systemAge()
const hasAge = requirePeer('age', age.tools !== null, age.tools === null ? age.reason : '')
const python = await ensurePython()
const hasPython = requirePeer('pyrage', python.tools !== null, python.tools === null ? python.reason : '')

/** Two parts of 16 MiB and some. */
const plaintext = randomBytes(2 ** 25 + 54_321)
const digest = createHash('sha256').update(plaintext).digest('hex')

/** Endpoint, bucket and key, then the identity's file; says the digest of what comes out. */
const program = `
import hashlib, io, sys
import boto3, pyrage
endpoint, bucket, key, identity_path = sys.argv[1:]
encrypted = io.BytesIO()
boto3.client("s3", endpoint_url=endpoint).download_fileobj(bucket, key, encrypted)
lines = open(identity_path).read().splitlines()
secret = next(line for line in lines if line.startswith("AGE-SECRET-KEY-"))
identity = pyrage.x25519.Identity.from_str(secret)
print(hashlib.sha256(pyrage.decrypt(encrypted.getvalue(), [identity])).hexdigest())
`

describe.runIf((await hasS3Server()) && hasPython)('what lies in a bucket', () => {
  let here: BucketHouse
  let artifact: ArtifactRow
  let identity: string
  let env: NodeJS.ProcessEnv

  beforeAll(async () => {
    here = await openBucketHouse()
    artifact = await stored(here.house, here.house.input('model.bin', plaintext))
    if (artifact.keyId === null) throw new Error('the artifact has no key')
    identity = here.house.at('identity.txt')
    const target = { path: identity }
    await here.house.call('keys:export', { keyId: artifact.keyId, target, understood: true })
    env = {
      ...process.env,
      ...python.tools?.env,
      AWS_ACCESS_KEY_ID: here.server.root.accessKeyId,
      AWS_SECRET_ACCESS_KEY: here.server.root.secretAccessKey,
      AWS_DEFAULT_REGION: here.server.region,
      AWS_EC2_METADATA_DISABLED: 'true',
    }
  })
  afterAll(() => here.stop())

  it('is read by boto3, and opened by pyrage', async () => {
    const path = here.house.at('read.py')
    writeFileSync(path, program)
    const asked = [here.server.endpoint, here.bucket, `models/${artifact.objectName}`, identity]
    const { stdout } = await run(python.tools?.python ?? '', [path, ...asked], { env })
    expect(stdout.trim()).toBe(digest)
  })

  it.runIf(hasAge)('is copied by aws into a pipe, and opened by age', async () => {
    const { python: program = '', aws = [] } = python.tools ?? {}
    const copy = `"$@" --endpoint-url "$ENDPOINT" s3 cp "$URI" - | age -d -i "$IDENTITY" | sha256sum`
    const { stdout } = await run('bash', ['-o', 'pipefail', '-c', copy, 'bash', program, ...aws], {
      env: { ...env, ENDPOINT: here.server.endpoint, URI: artifact.location, IDENTITY: identity },
    })
    expect(stdout.split(' ')[0]).toBe(digest)
    expect(artifact.location).toBe(`s3://${here.bucket}/models/${artifact.objectName}`)
  })
})
