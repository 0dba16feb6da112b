import type { rotationContract } from '../../../shared/contract/rotation.ts'
import { fail, failureOf } from '../../../shared/failure.ts'
import type { KeyId, StoreId } from '../../../shared/ids.ts'
import type { RotationFacts } from '../../catalog/rotation-operations.ts'
import { chooseKeys, planRotation, type StoreTraits } from '../../keys/rotation-plan.ts'
import { giveUpGone, goneObjects } from '../../jobs/rotation/gone-objects.ts'
import { startRotation } from '../../jobs/rotation/start-rotation.ts'
import type { Handlers } from '../dispatcher.ts'
import { actorOf, type HandlerDeps } from './handler-deps.ts'

export const rotationHandlers = (deps: HandlerDeps): Handlers<typeof rotationContract> => {
  const { catalog } = deps
  return {
    'keys:rotation-plan': async ({ keyIds }) => {
      const facts = await factsFor(deps, keyIds)
      return planRotation(facts, await traitsOf(deps, facts))
    },
    'keys:rotate': async ({ keyIds, ...asked }, context) => {
      await factsFor(deps, keyIds)
      return startRotation(deps, { keyIds, ...asked, by: actorOf(context) })
    },
    'jobs:gone': async ({ jobId }) => {
      const { spec, objects } = await goneObjects(deps, jobId)
      return { artifactId: spec.artifactId, name: spec.name, objects }
    },
    'jobs:give-up': async (request, context) => {
      await giveUpGone(deps, request, actorOf(context))
      return {}
    },
    'keys:suspend': ({ keyId, reason }, context) =>
      catalog.keyRested({ keyId, to: 'suspended', reason, by: actorOf(context) }),
    'keys:resume': ({ keyId, reason }, context) =>
      catalog.keyRested({ keyId, to: 'active', reason, by: actorOf(context) }),
  }
}

/** @throws key/not-found */
async function factsFor({ catalog }: HandlerDeps, keyIds: KeyId[] | null): Promise<RotationFacts> {
  const facts = await catalog.rotationFacts(keyIds)
  const known = new Set(facts.keys.map(({ keyId }) => keyId))
  const unknown = keyIds?.find((keyId) => !known.has(keyId))
  return unknown === undefined ? facts : fail({ code: 'key/not-found', keyId: unknown })
}

/** Of the stores that hold what is to be rotated; one that does not answer has said nothing. */
async function traitsOf(
  { openStore }: HandlerDeps,
  facts: RotationFacts,
): Promise<Map<StoreId, StoreTraits>> {
  const used = new Set(
    chooseKeys(facts).keys.flatMap(({ artifact }) =>
      artifact.versions.flatMap(({ objects }) => objects.map(({ storeId }) => storeId)),
    ),
  )
  const asked = [...used].map(async (storeId): Promise<[StoreId, StoreTraits] | null> => {
    try {
      const { backend } = await openStore(storeId)
      const { objectVersions, copyParts } = await backend.capabilities()
      return [storeId, { keepsObjectVersions: objectVersions, copiesParts: copyParts }]
    } catch (error) {
      if (failureOf(error) === null) throw error
      return null
    }
  })
  return new Map((await Promise.all(asked)).filter((each) => each !== null))
}
