import type { compromiseContract } from '../../../shared/contract/compromise.ts'
import type { IncidentDecision, ObjectVersionRef } from '../../../shared/domain/compromise.ts'
import { fail, failureOf, type Failure } from '../../../shared/failure.ts'
import type { IncidentId } from '../../../shared/ids.ts'
import type { Actor } from '../../catalog/catalog.ts'
import { deleteObjectVersion } from '../../jobs/objects/delete-object-versions.ts'
import { oldObjectVersions } from '../../jobs/old-object-versions.ts'
import { refuseObjectVersionInUse } from '../../jobs/refuse-object-version-in-use.ts'
import { incidentReport } from '../../keys/incident-report.ts'
import { writeUserFile } from '../../keys/write-user-file.ts'
import type { Handlers } from '../dispatcher.ts'
import { actorOf, type HandlerDeps } from './handler-deps.ts'

export const compromiseHandlers = (deps: HandlerDeps): Handlers<typeof compromiseContract> => {
  const { catalog, openStore } = deps
  const oldVersions = async (incidentId: IncidentId) => {
    const { keys } = await catalog.incident(incidentId)
    return oldObjectVersions(
      deps,
      keys.map(({ keyId }) => keyId),
    )
  }

  /** Only what a leaked key of this incident opens, and only what is no artifact's own by now. */
  const deleteOld = async (incidentId: IncidentId, wanted: ObjectVersionRef, by: Actor): Promise<void> => {
    const { keys } = await catalog.incident(incidentId)
    const objects = await catalog.leakedObjects(keys.map(({ keyId }) => keyId))
    const { storeId, objectName, versionId } = wanted
    const object = objects.find((each) => each.storeId === storeId && each.objectName === objectName)
    const store = await openStore(storeId)
    if (object === undefined)
      return fail({ code: 'store/object-not-found', store: store.row.name, objectName })
    const { artifactId, name } = object
    if ((await catalog.artifactRow(artifactId)).ownership === 'reader')
      fail({ code: 'artifact/not-owner', name })
    const leaked = { artifactId, keyIds: keys.map(({ keyId }) => keyId) }
    await refuseObjectVersionInUse(deps, store, wanted, leaked)
    await deleteObjectVersion(store, wanted)
    const facts = {
      incident: incidentId,
      store: store.row.name,
      object: objectName,
      objectVersion: versionId,
    }
    const links = { artifactId, keyId: null, jobId: null }
    await catalog.recordEvent({ event: 'object-versions-deleted', on: name, ...links, facts, by })
  }

  const settle = async (incidentId: IncidentId, decision: IncidentDecision, by: Actor): Promise<void> => {
    if (decision.kind === 'delete') return deleteOld(incidentId, decision, by)
    if (decision.kind === 'copy-revoked') {
      const { place, where, revoked } = decision
      return catalog.incidentCopyRevoked({ incidentId, place, where, revoked, by })
    }
    const { artifactId, confirmName, versions, objectVersions } = decision
    const { name } = await catalog.artifactRow(artifactId)
    if (confirmName !== name) return fail({ code: 'confirm/name-mismatch', expected: name })
    return catalog.incidentGaveUp({ incidentId, artifactId, versions, objectVersions, by })
  }

  return {
    'keys:compromise-plan': (request) => catalog.compromisePlan(request),
    'keys:revoke': async (request, context) => ({
      incidentId: await catalog.revokeKeys({ ...request, by: actorOf(context) }),
    }),
    'incidents:list': async () => ({ incidents: await catalog.listIncidents() }),
    'incidents:show': ({ incidentId }) => catalog.incident(incidentId),
    'incidents:old-versions': ({ incidentId }) => oldVersions(incidentId),
    'incidents:settle': async ({ incidentId, decisions }, context) => {
      await catalog.incident(incidentId)
      const failures: { decision: number; failure: Failure }[] = []
      for (const [at, decision] of decisions.entries())
        try {
          await settle(incidentId, decision, actorOf(context))
        } catch (error) {
          const failure = failureOf(error)
          if (failure === null) throw error
          failures.push({ decision: at, failure })
        }
      return { settled: decisions.length - failures.length, failures }
    },
    'incidents:save-report': async ({ incidentId, target }, context) => {
      const path = context.resolvePath(target, 'write')
      const incident = await catalog.incident(incidentId)
      const text = incidentReport(incident, await oldVersions(incidentId), deps.now())
      await writeUserFile(deps.files, path, [Buffer.from(text)])
      return { location: path }
    },
  }
}
