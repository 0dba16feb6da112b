/** What `weightlock doctor` and Settings, Diagnostics say. */
import type { Response } from '../../../shared/contract/contract.ts'
import { failureOf } from '../../../shared/failure.ts'
import { failureText } from '../../../shared/failure-text.ts'
import { formatBytes, formatCounted, formatMilliseconds } from '../../../shared/format.ts'
import { safeText } from '../../../shared/safe-text.ts'
import type { HandlerDeps } from './handler-deps.ts'

type Check = Response<'program:diagnose'>['checks'][number]

export async function diagnose(deps: HandlerDeps): Promise<Response<'program:diagnose'>> {
  const checks: Check[] = [
    {
      name: 'Program',
      state: 'ok',
      detail: `Weightlock ${deps.programVersion}, Node ${process.versions.node}`,
    },
    { name: 'Data folder', state: 'ok', detail: safeText(deps.dataFolder) },
    deps.machine.isMine()
      ? { name: 'Machine', state: 'ok', detail: 'This data folder was made on this machine' }
      : {
          name: 'Machine',
          state: 'warn',
          detail: 'This data folder comes from another machine: say whether it was moved or copied',
        },
    memoryCheck(deps.unhardened),
    await keychainCheck(deps),
  ]
  for (const row of await deps.catalog.listStores())
    checks.push(
      await check(`Store ${safeText(row.name)}`, async () => {
        const { backend } = await deps.openStore(row.storeId)
        await backend.list('', null)
        const free = (await backend.freeBytes?.()) ?? null
        return `${safeText(row.location)}${free === null ? '' : `, ${formatBytes(free)} free`}`
      }),
    )
  const verdict = await deps.audit.verify()
  checks.push({
    name: 'Audit log',
    state: verdict.intact ? (verdict.tailVouched ? 'ok' : 'warn') : 'failed',
    detail: `${formatCounted(verdict.entries, 'entry')}${verdict.reason === null ? '' : `: ${safeText(verdict.reason)}`}`,
  })
  return { checks }
}

/** Elsewhere than on Linux core dumps are the system's to forbid: told, and no fault. */
const memoryCheck = (unhardened: string[]): Check =>
  unhardened.length === 0
    ? { name: 'Memory', state: 'ok', detail: 'Kept out of core dumps and reports' }
    : { name: 'Memory', state: process.platform === 'linux' ? 'warn' : 'ok', detail: unhardened.join(' ') }

async function keychainCheck({ secrets }: HandlerDeps): Promise<Check> {
  const { state, backend, writeMs, readBackMs, deleteMs, remedy } = await secrets.selfTest()
  if (state !== 'works') return { name: 'Keychain', state: 'failed', detail: `${backend}: ${remedy}` }
  const times = [writeMs, readBackMs, deleteMs].map((ms) => formatMilliseconds(ms ?? 0))
  const detail = `${backend}: written in ${times[0]}, read back in ${times[1]}, deleted in ${times[2]}`
  return { name: 'Keychain', state: 'ok', detail }
}

async function check(name: string, run: () => Promise<string>): Promise<Check> {
  try {
    return { name, state: 'ok', detail: await run() }
  } catch (error) {
    const failure = failureOf(error)
    if (failure === null) throw error
    const { message, remedy } = failureText(failure)
    return { name, state: 'failed', detail: `${message} ${remedy}` }
  }
}
