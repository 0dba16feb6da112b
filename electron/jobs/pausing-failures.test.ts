import { expect, it } from 'vitest'
import type { Failure } from '../../shared/failure.ts'
import { pausesJob } from './pausing-failures.ts'

const unreachable = (detail: string): Failure => ({ code: 'store/unreachable', store: 'bucket', detail })

it.each<[Failure, boolean]>([
  [{ code: 'store/credentials-expired', store: 'bucket' }, true],
  [{ code: 'store/clock-skew', store: 'bucket' }, true],
  [unreachable('ENETUNREACH'), true],
  [unreachable('EAI_AGAIN'), true],
  [unreachable('ECONNRESET'), true],
  // A folder that is gone, a share that is not mounted: nothing passes there by itself.
  [unreachable('ENOENT'), false],
  [unreachable('EIO'), false],
  [unreachable('it does not speak TLS 1.2 or newer (EPROTO)'), false],
  [{ code: 'store/credentials-refused', store: 'bucket', detail: 'it does not know this access key' }, false],
  [{ code: 'store/permission-missing', store: 'bucket', permission: 's3:PutObject' }, false],
  [{ code: 'artifact/unresolved', name: 'model.bin' }, false],
])('%j pauses a job: %s', (failure, pauses) => {
  expect(pausesJob(failure)).toBe(pauses)
})
