/** From keys that are to be rotated to one job for each artifact. */
import type { Actor } from '../../catalog/catalog.ts'
import { chooseKeys, methodRefusal } from '../../keys/rotation-plan.ts'
import type { RotationMethod, RotationPlan } from '../../../shared/domain/rotation.ts'
import type { JobId, KeyId } from '../../../shared/ids.ts'
import type { Runner } from '../runner-contract.ts'
import type { Services } from '../services.ts'
import type { RotationSpec } from './rotation-spec.ts'

export type AskedRotation = {
  /** Null: all that are due. */
  keyIds: KeyId[] | null
  method: RotationMethod
  reason: RotationSpec['reason']
  note: string
  by: Actor
}

/** Jobs that wait in the queue count as open: nothing is rotated twice. */
export async function startRotation(
  { catalog, runner }: Pick<Services, 'catalog'> & { runner: Pick<Runner, 'start'> },
  { keyIds, method, reason, note, by }: AskedRotation,
): Promise<{ jobIds: JobId[]; refused: RotationPlan['refused'] }> {
  const { keys, refused } = chooseKeys(await catalog.rotationFacts(keyIds))
  const jobIds: JobId[] = []
  for (const key of keys) {
    const { keyId, alias, algorithm, artifact } = key
    const failure = methodRefusal(key, method)
    if (failure !== null) {
      refused.push({ keyId, alias, failure })
      continue
    }
    const sizeBytes = artifact.versions
      .flatMap(({ objects }) => objects)
      .reduce((total, object) => total + object.sizeBytes, 0)
    const { artifactId, name } = artifact
    const spec: RotationSpec = { artifactId, name, keyId, alias, algorithm, reason, note, sizeBytes }
    jobIds.push(await runner.start(method, spec, { by, output: null }))
  }
  return { jobIds, refused }
}
