import { describe, expect, it } from 'vitest'
import { contract } from '../../shared/contract/contract.ts'
import type { Channel } from '../../shared/contract/contract.ts'
import { artifactId, keyId, pathToken, storeId } from './builders.ts'
import { usualAnswers } from './usual-answers.ts'

/** A request that every channel's fake can read its facts from. */
const anyRequest = {
  sources: [{ token: pathToken(1) }],
  items: [{ sources: [{ token: pathToken(1) }], name: 'x', separate: false, leaveOutHidden: true }],
  artifactId: artifactId(1),
  artifactIds: [artifactId(1)],
  decisions: [],
  passphrase: { generate: true },
  keyId: keyId(1),
  storeId: storeId(1),
  name: 'x',
  offset: 0,
  limit: 200,
}

describe('the fake main', () => {
  it.each(Object.keys(contract) as Channel[])('answers %s as the contract says', async (channel) => {
    const answer = usualAnswers[channel] as (request: unknown) => unknown
    const { response } = contract[channel]
    expect(response.safeParse(await answer(anyRequest)).error).toBeUndefined()
  })
})
