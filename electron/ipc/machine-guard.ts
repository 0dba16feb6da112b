/** A data folder that finds itself on another machine: nothing is made or destroyed before it was said whether it was
 * moved or copied. */
import type { Channel } from '../../shared/contract/contract.ts'
import { failed } from '../../shared/failure.ts'
import type { Dispatch } from './dispatcher.ts'

const waits = new Set<string>([
  'encrypt:start',
  'encrypt:sample',
  'keys:destroy',
  'keys:rotate',
  'keys:suspend',
  'keys:resume',
  'keys:revoke',
  'keys:import',
  'keys:export',
  'kits:create',
  'kits:restore',
  'incidents:settle',
  'retirement:start',
  'retirement:cancel',
  'retirement:confirm-due',
  'artifacts:adopt',
  'artifacts:copy',
  'artifacts:delete',
  'catalog:rebuild',
  'jobs:resume',
  'jobs:cancel',
  'jobs:dismiss',
  'jobs:give-up',
] satisfies Channel[])

/** @param isMine whether the folder belongs to this machine now
 * @see cryptography.md, section 4, "Whose artifact" */
export const guardMachine =
  (dispatch: Dispatch, isMine: () => boolean): Dispatch =>
  async (channel, request, context) =>
    waits.has(channel) && !isMine()
      ? failed({ code: 'owner/copied-folder' })
      : dispatch(channel, request, context)
