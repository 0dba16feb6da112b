import { InstallationId, type JobId, newId } from '../../shared/ids.ts'
import { byItself, type Json } from './catalog.ts'
import { audit } from './audit-log.ts'
import type { Context } from './context.ts'
import { setState } from './jobs.ts'
import { countDue, isListed } from './key-list.ts'
import { leaveBehind } from './key-presence.ts'
import { readSettings, readValue, writeSettings, writeValue } from './policy.ts'
import { forgetAllSchedules, letAllWait } from './retirement-schedule.ts'
import type { Installation, ProgramOperations } from './program-operations.ts'

/** Listed ones alone: an artifact whose first version is not stored yet has no entry. */
const archived = `(SELECT count(*) FROM artifacts a WHERE a.archived_at IS NOT NULL
             AND EXISTS (SELECT 1 FROM artifact_list l WHERE l.artifact_no = a.artifact_no AND l.scope = 0))`

/** Values of the program live under a prefix, so that no name can meet the settings. */
const valueName = (name: string): string => `value:${name}`

/** The first rows of a new catalog. */
export function beginInstallation(context: Context, machineId: string): void {
  context.run('INSERT INTO installation VALUES (1, $installationId, $machineId, $createdAt)', {
    installationId: newId(InstallationId),
    machineId,
    createdAt: context.now(),
  })
  audit(context, {
    event: 'installation-created',
    on: 'Weightlock',
    by: byItself,
  })
}

/** The journal of a copy is the original's, which goes on with it: nothing is run or taken back here. */
function leaveOpenJobs(context: Context): void {
  const outcome = 'Left to the original of this data folder'
  for (const { jobId } of openJobsOf(context, ''))
    setState(context, jobId, 'cancelled', { outcome, failure: null, safe: null })
}

/** What was to be destroyed on another machine waits for a yes on this one. */
function holdDestructions(context: Context): void {
  const safe = 'Nothing was destroyed since the data folder was moved.'
  for (const { jobId } of openJobsOf(context, `AND kind IN ('destroy-key', 'retire')`))
    setState(context, jobId, 'failed', { failure: { code: 'job/stopped' }, safe })
}

const openJobsOf = (context: Context, condition: '' | `AND ${string}`): { jobId: JobId }[] =>
  context.all(`SELECT job_id AS jobId FROM jobs WHERE is_open = 1 ${condition} ORDER BY job_no`)

export function programOperations(context: Context): ProgramOperations {
  const installation = (): Installation => {
    const row = context.get<Installation>(
      'SELECT installation_id AS installationId, machine_id AS machineId, created_at AS createdAt FROM installation',
    )
    if (!row) throw new Error('the catalog has no installation')
    return row
  }
  return {
    installation,
    setMachine: ({ machineId, as, by }) => {
      context.run('UPDATE installation SET machine_id = $machineId', { machineId })
      if (as === 'copied') {
        context.run('UPDATE installation SET installation_id = $id', { id: newId(InstallationId) })
        context.run(`UPDATE artifacts SET ownership = 'reader'`)
        context.changed('artifacts')
        leaveOpenJobs(context)
        forgetAllSchedules(context)
        leaveBehind(context)
      } else {
        holdDestructions(context)
        letAllWait(context)
      }
      audit(context, {
        event: as === 'moved' ? 'data-folder-moved' : 'data-folder-copied',
        on: 'Weightlock',
        facts: { installationId: installation().installationId },
        by,
      })
      return installation()
    },
    getSettings: () => readSettings(context),
    setSettings: ({ settings, by }) => {
      const before = readSettings(context)
      const after = { ...before, ...settings }
      writeSettings(context, after)
      context.changed('settings')
      if (after.cryptoPeriodDays !== before.cryptoPeriodDays) context.changed('keys')
      const policy = [
        'cryptoPeriodDays',
        'defaultAlgorithm',
        'waitingPeriodDays',
        'automaticRotation',
      ] as const
      const facts = Object.fromEntries(
        policy.filter((name) => after[name] !== before[name]).map((name) => [name, after[name]]),
      )
      if (Object.keys(facts).length > 0)
        audit(context, { event: 'policy-changed', on: 'Key policy', facts, by })
      return after
    },
    getValue: (name) => readValue(context, valueName(name)) as Json,
    setValue: (name, value) => writeValue(context, valueName(name), value),
    counts: () => ({
      ...(context.get<Omit<ReturnType<ProgramOperations['counts']>, 'rotationDue'>>(
        `SELECT coalesce((SELECT artifacts FROM list_totals WHERE scope = 0), 0) - ${archived} AS artifacts,
           ${archived} AS archived,
           (SELECT count(*) FROM keys k WHERE ${isListed}) AS keys,
           (SELECT count(*) FROM jobs WHERE is_open = 1) AS openJobs`,
      ) ?? { artifacts: 0, archived: 0, keys: 0, openJobs: 0 }),
      rotationDue: countDue(context),
    }),
    milestones: () => ({
      encrypted: context.get(`SELECT 1 FROM audit WHERE event = 'version-encrypted' LIMIT 1`) !== undefined,
      opened: context.get(`SELECT 1 FROM audit WHERE event = 'artifact-decrypted' LIMIT 1`) !== undefined,
      backedUp: context.get(`SELECT 1 FROM audit WHERE event = 'kit-drilled' LIMIT 1`) !== undefined,
    }),
  }
}
