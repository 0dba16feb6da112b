/** Restores what opens from stores and keychain, and lists what it could not. Pins are not restored: a malicious store
 * must not supply its own. */
import { z } from 'zod'
import type { FoundVersion } from '../../../catalog/version-operations.ts'
import { failureOf } from '../../../../shared/failure.ts'
import { failureText } from '../../../../shared/failure-text.ts'
import type { KeyId } from '../../../../shared/ids.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import type { JobContext, JobKindDefinition, JobOutcome } from '../../job-kind.ts'
import { importedKeys } from '../../../keys/imported-keys.ts'
import { everyPage } from '../../../storage/every-page.ts'
import { withAtMost } from '../../at-most.ts'
import { scanStore } from '../../scan-store.ts'
import type { OpenStore, Services } from '../../services.ts'
import { readFound } from './read-found.ts'

const Spec = z.object({ becomeOwner: z.boolean() })
type Spec = z.infer<typeof Spec>
/** What could not be restored, and what is to be said of what was. */
type Tally = { inserted: number; report: string[]; notes: string[] }

const atOnce = 200
const readAtOnce = 8
const linesShown = 1000

const more = (lines: string[]): string[] =>
  lines.length > linesShown ? [`and ${lines.length - linesShown} more`] : []

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
  const tally: Tally = { inserted: 0, report: [], notes: [] }
  const imported = await importedKeys(services.catalog)
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
    report: [
      ...tally.report.slice(0, linesShown),
      ...more(tally.report),
      ...tally.notes.slice(0, linesShown),
    ],
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
  for await (const page of everyPage(store.backend, { signal: context.signal })) {
    const files = page.filter(({ name }) => name.endsWith('.age'))
    for (let from = 0; from < files.length; from += atOnce) {
      await withAtMost(readAtOnce, files.slice(from, from + atOnce), async (info) => {
        context.signal.throwIfAborted()
        if ((await catalog.objectOwner(store.row.storeId, info.name)) !== null) return
        try {
          const read = await readFound(services, store, info, imported, spec.becomeOwner)
          found.push(read.found)
          if (read.otherOwner)
            tally.notes.push(`${safeText(info.name)}: another installation owns it; this one reads it`)
        } catch (error) {
          const failure = failureOf(error)
          if (failure === null || failure.code.startsWith('keychain/')) throw error
          tally.report.push(`${safeText(info.name)}: ${failureText(failure).title}`)
        }
        context.report('reading', tally.inserted + tally.report.length, 0)
      })
      await insert()
    }
  }
  await insert()
}
