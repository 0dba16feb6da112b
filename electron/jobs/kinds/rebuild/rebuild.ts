/** Restores what opens from stores and keychain, and lists what it could not. Pins are not restored: a malicious store
 * must not supply its own. */
import { z } from 'zod'
import type { FoundVersion } from '../../../catalog/version-operations.ts'
import { failureOf } from '../../../../shared/failure.ts'
import { failureText } from '../../../../shared/failure-text.ts'
import type { KeyId } from '../../../../shared/ids.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import type { JobContext, JobKindDefinition, JobOutcome } from '../../job-kind.ts'
import { scanStore } from '../../scan-store.ts'
import type { OpenStore, Services } from '../../services.ts'
import { readFound } from './read-found.ts'

const Spec = z.object({ becomeOwner: z.boolean() })
type Spec = z.infer<typeof Spec>
type Tally = { inserted: number; report: string[] }

const atOnce = 200

export const rebuildKind = (services: Services): JobKindDefinition<Spec> => ({
  kind: 'rebuild',
  spec: Spec,
  describe: () => ({
    title: 'Catalog',
    target: 'rebuilt from stores and keychain',
    artifactId: null,
    keyId: null,
    totalBytes: 0,
  }),
  canPause: true,
  canReveal: () => null,
  safe: () => 'Stores and keychain are only read.',
  run: (spec, context) => rebuild(services, spec, context),
  undo: async () => null,
})

async function rebuild(services: Services, spec: Spec, context: JobContext): Promise<JobOutcome> {
  await services.secrets.ready()
  const tally: Tally = { inserted: 0, report: [] }
  const imported = await importedKeys(services)
  for (const row of await services.catalog.listStores()) {
    try {
      const store = await services.openStore(row.storeId)
      await rebuildStore(services, spec, context, store, imported, tally)
      await scanStore(services.catalog, row.storeId, store.backend, context.signal)
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null || failure.code.startsWith('keychain/')) throw error
      tally.report.push(`${safeText(row.name)}: ${failureText(failure).title}`)
    }
  }
  await services.catalog.recordEvent({
    event: 'catalog-rebuilt',
    on: 'Catalog',
    artifactId: null,
    keyId: null,
    jobId: context.jobId,
    facts: { restored: tally.inserted, notRestored: tally.report.length },
    by: context.by,
  })
  return {
    outcome: `${tally.inserted} restored, ${tally.report.length} not`,
    report: tally.report,
  }
}

/** Keys that were imported and belong to nothing yet: what files without our stanza are tried with. */
async function importedKeys({ catalog }: Services): Promise<KeyId[]> {
  const found: KeyId[] = []
  for (let after: KeyId | null = null; ;) {
    const page: Awaited<ReturnType<typeof catalog.usableKeys>> = await catalog.usableKeys(after, 1000)
    for (const { keyId, artifactId } of page) if (artifactId === null) found.push(keyId)
    after = page.at(-1)?.keyId ?? null
    if (after === null) return found
  }
}

async function rebuildStore(
  services: Services,
  spec: Spec,
  context: JobContext,
  store: OpenStore,
  imported: KeyId[],
  tally: Tally,
): Promise<void> {
  const { catalog } = services
  const { by } = context
  let found: FoundVersion[] = []
  const insert = async () => {
    if (found.length === 0) return
    const { inserted, conflicts, contradictions } = await catalog.rebuildInsert({
      jobId: context.jobId,
      found,
      by,
    })
    tally.inserted += inserted
    for (const name of conflicts)
      tally.report.push(`${safeText(name)}: another artifact has its name and number`)
    for (const name of contradictions)
      tally.report.push(`${safeText(name)}: not what the catalog knows of its artifact and key; left out`)
    found = []
  }
  for (let page: string | null = null, first = true; first || page !== null; first = false) {
    const listed: Awaited<ReturnType<typeof store.backend.list>> = await store.backend.list('', page, {
      signal: context.signal,
    })
    for (const info of listed.objects) {
      context.signal.throwIfAborted()
      if (!info.name.endsWith('.age') || (await catalog.objectOwner(store.row.storeId, info.name)) !== null)
        continue
      try {
        found.push(await readFound(services, store, info, imported, spec.becomeOwner ? 'owner' : 'reader'))
      } catch (error) {
        const failure = failureOf(error)
        if (failure === null || failure.code.startsWith('keychain/')) throw error
        tally.report.push(`${safeText(info.name)}: ${failureText(failure).title}`)
      }
      if (found.length >= atOnce) await insert()
      context.report('reading', tally.inserted + tally.report.length, 0)
    }
    page = listed.next
  }
  await insert()
}
