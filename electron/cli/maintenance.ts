/** Commands about the program's own data: rebuild and doctor. */
import { safeText } from '../../shared/safe-text.ts'
import { ask, tell } from './calls.ts'
import type { Command, Context, Input } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { table } from './table.ts'
import { waitForJob } from './wait-for-jobs.ts'

/** Asked once, where somebody sits; otherwise this installation becomes a reader. */
async function becomesOwner(input: Input, context: Context): Promise<boolean> {
  if (input.isSet('become-owner')) return true
  if (context.json) return false
  const answer = await context.confirm('Does this installation become the owner of what is found?')
  if (answer === null) context.note('Not becoming the owner of what is found; --become-owner does.')
  return answer ?? false
}

const rebuild: Command = {
  words: 'rebuild',
  operands: '',
  operandCount: { min: 0, max: 0 },
  summary: 'make the catalog anew from the stores and the keychain',
  details: ['Keys come back suspended and fingerprints unpinned; what could not be restored is listed.'],
  mendsCatalog: true,
  options: { 'become-owner': { help: 'this installation becomes the owner of what is found' } },
  run: async (input, context) => {
    const becomeOwner = await becomesOwner(input, context)
    const { jobId } = await tell(context, 'catalog:rebuild', { becomeOwner })
    const { report, outcome } = await waitForJob(context, jobId)
    return {
      value: { report, outcome },
      lines: [...report, ...(outcome === null ? [] : [outcome])].map(safeText),
    }
  },
}

const states = { ok: 'ok', warn: 'WARNING', failed: 'FAILED' } as const

const doctor: Command = {
  words: 'doctor',
  operands: '',
  operandCount: { min: 0, max: 0 },
  summary: 'check keychain, stores, data folder and program, and say what is wrong',
  options: {
    'accept-keychain': { help: 'this keychain is the right one, though it does not hold our earlier keys' },
    'data-folder': {
      value: 'WHAT',
      choices: ['moved', 'copied'],
      help: 'this data folder came from another machine: moved (stays owner) or copied (reads only)',
    },
  },
  run: async (input, context) => {
    if (input.isSet('accept-keychain')) await tell(context, 'keychain:accept-new', {})
    const moved = input.text('data-folder')
    if (moved !== undefined)
      await tell(context, 'program:claim-data-folder', { as: moved === 'copied' ? 'copied' : 'moved' })
    const { checks } = await ask(context, 'program:diagnose', {})
    const isHealthy = checks.every(({ state }) => state !== 'failed')
    return {
      value: { healthy: isHealthy, checks },
      lines: table(
        [{ title: 'Check' }, { title: 'State' }, { title: 'Detail' }],
        checks.map(({ name, state, detail }) => [name, states[state], detail]),
      ),
      ...(isHealthy ? {} : { exitCode: exitCodes.failed }),
    }
  },
}

export const maintenanceCommands: readonly Command[] = [rebuild, doctor]
