/** What a look at an object came to, as a result: also where it failed. */
import type { VerifyLevel } from '../../../../shared/domain/artifact.ts'
import type { VerifyAspect, VerifyFinding, VerifyResult } from '../../../../shared/domain/verify-report.ts'
import { failureOf, type Failure } from '../../../../shared/failure.ts'
import type { StoreId } from '../../../../shared/ids.ts'
import { listedOnce, type ObjectsOfSize } from '../../find-renamed.ts'
import type { JobContext } from '../../job-kind.ts'
import { pausesJob } from '../../pausing-failures.ts'
import { isRefusal, recordRefusal } from '../../refusal.ts'
import type { Services } from '../../services.ts'
import { checkObject, type Look } from './check-object.ts'
import type { MeantObject } from './objects-meant.ts'

type Check = (
  meant: MeantObject,
  store: string,
  onProgress: (doneBytes: number) => void,
) => Promise<VerifyResult>

/** Failures of a whole store: its other objects need not be tried. */
const ofTheStore: ReadonlySet<Failure['code']> = new Set([
  'store/unreachable',
  'store/bucket-not-found',
  'store/wrong-region',
  'store/certificate-untrusted',
  'store/credentials-missing',
  'store/credentials-refused',
])

/** @returns what looks at one object; it throws what pauses the job, and bugs */
export function createChecker(services: Services, context: JobContext, level: VerifyLevel): Check {
  const broken = new Map<StoreId, Failure>()
  const listings = new Map<StoreId, ObjectsOfSize>()
  const listingOf = async (storeId: StoreId): Promise<ObjectsOfSize> => {
    const known = listings.get(storeId)
    if (known) return known
    const made = listedOnce((await services.openStore(storeId)).backend)
    listings.set(storeId, made)
    return made
  }

  return async (meant, store, onProgress) => {
    let look: Look = { foundAs: null, wasPinned: false, checked: [], leavesRead: 0, leaves: 0 }
    const result = (finding: VerifyFinding, failure: Failure | null): VerifyResult =>
      resultOf(meant, store, level, look, finding, failure)
    const known = broken.get(meant.storeId)
    if (known) return result('unread', known)
    try {
      const version = await services.catalog.versionForOpening(meant.artifactId, meant.version)
      const object = version.objects.find(
        ({ storeId, objectName }) => storeId === meant.storeId && objectName === meant.objectName,
      )
      const ofSize = await listingOf(meant.storeId)
      if (object !== undefined)
        look = await checkObject(services, context, {
          version,
          object,
          level,
          ofSize,
          onProgress,
          onLook: (early) => {
            look = early
          },
        })
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null || pausesJob(failure)) throw error
      return failedResult(failure)
    }
    if (look.foundAs === null)
      return failedResult({ code: 'store/object-not-found', store, objectName: meant.objectName })
    return result(look.wasPinned ? 'matches' : 'unpinned', null)

    async function failedResult(failure: Failure): Promise<VerifyResult> {
      const { artifactId, version, storeId, objectName } = meant
      if (failure.code === 'store/object-not-found') {
        const object = { storeId, objectName }
        if (!meant.isErased)
          await services.catalog.versionMissing({ artifactId, version, object, by: context.by })
        return result('missing', failure)
      }
      if (isRefusal(failure)) await recordRefusal(services, context, meant, failure)
      if (ofTheStore.has(failure.code)) broken.set(storeId, failure)
      return result(findingOf(failure), failure)
    }
  }
}

function findingOf(failure: Failure): VerifyFinding {
  if (failure.code === 'verify/wrapped-elsewhere') return 'wrapped-elsewhere'
  return isRefusal(failure) ? 'differs' : 'unread'
}

const aspects: readonly VerifyAspect[] = ['size', 'header', 'stored-checksum', 'payload']

function resultOf(
  { isErased: _isErased, ...meant }: MeantObject,
  store: string,
  level: VerifyLevel,
  { foundAs, checked, leavesRead, leaves }: Look,
  result: VerifyFinding,
  failure: Failure | null,
): VerifyResult {
  return {
    ...meant,
    store,
    foundAs: foundAs === meant.objectName ? null : foundAs,
    level,
    result,
    code: failure?.code ?? null,
    failure,
    checked: [...checked],
    notChecked: aspects.filter((aspect) => !checked.includes(aspect)),
    leavesRead,
    leaves,
  }
}
