import { expect, it } from 'vitest'
import type { Channel } from '../../shared/contract/contract.ts'
import type { CallContext } from './call-context.ts'
import { guardMachine } from './machine-guard.ts'

const context = {} as CallContext
const answer = { ok: true, value: 'answered' } as const

const guarded = (isMine: boolean) =>
  guardMachine(
    async () => answer,
    () => isMine,
  )

it.each<Channel>([
  'encrypt:start',
  'keys:rotate',
  'keys:suspend',
  'keys:revoke',
  'keys:destroy',
  'kits:create',
  'kits:restore',
  'incidents:settle',
  'retirement:start',
  'retirement:confirm-due',
  'artifacts:copy',
  'artifacts:delete',
  'jobs:resume',
  'jobs:cancel',
  'jobs:dismiss',
  'jobs:give-up',
])('%s waits until it was said whose the folder is', async (channel) => {
  expect(await guarded(false)(channel, {}, context)).toEqual({
    ok: false,
    failure: { code: 'owner/copied-folder' },
  })
  expect(await guarded(true)(channel, {}, context)).toBe(answer)
})

it.each<Channel>(['artifacts:list', 'decrypt:start', 'program:claim-data-folder', 'certificates:verify'])(
  '%s does not wait',
  async (channel) => {
    expect(await guarded(false)(channel, {}, context)).toBe(answer)
  },
)
