import { describe, expect, it } from 'vitest'
import { ArtifactId, JobId, newId } from '../../../../shared/ids.ts'
import { fail } from '../../../../shared/failure.ts'
import type { JobContext } from '../../job-kind.ts'
import type { Services } from '../../services.ts'
import { trashOriginal } from './trash-original.ts'

type Original = Parameters<typeof trashOriginal>[2]

/** Only what it uses; the path that cannot be moved. */
function scene(immovable: string) {
  const digests = new Uint8Array(32)
  const recorded: unknown[] = []
  const nothing = async () => undefined
  const services = {
    payloads: { digest: async () => undefined, encrypt: async () => ({ leafDigests: digests }) },
    catalog: { recordEvent: async ({ facts }: { facts: unknown }) => void recorded.push(facts) },
    trash: async (path: string) =>
      path === immovable ? fail({ code: 'file/permission-denied', path }) : undefined,
  } as unknown as Services
  const context = {
    jobId: newId(JobId),
    signal: new AbortController().signal,
    report: () => undefined,
    who: 'somebody',
    via: 'window',
  } as unknown as JobContext
  const original = {
    paths: ['/one', '/two', '/three'],
    name: 'both',
    artifactId: newId(ArtifactId),
    source: { sizeBytes: 1, segments: [], checkUnchanged: nothing, checkNothingCame: nothing },
    stored: { kind: 'reader', read: async () => new Uint8Array() },
    payloadBytes: 1,
    written: { leafDigests: digests, fileKey: digests, payloadNonce: digests },
  } as unknown as Original
  return { recorded, run: () => trashOriginal(services, context, original) }
}

describe('several originals', () => {
  it('are recorded as each is moved; what stops it is said', async () => {
    const { recorded, run } = scene('/two')
    expect(await run()).toEqual({ moved: 1, failure: { code: 'file/permission-denied', path: '/two' } })
    expect(recorded).toEqual([{ path: '/one' }])
  })

  it('of which not even the first can be moved: nothing was', async () => {
    const { recorded, run } = scene('/one')
    await expect(run()).rejects.toMatchObject({ failure: { code: 'file/permission-denied' } })
    expect(recorded).toEqual([])
  })
})
