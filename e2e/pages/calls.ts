/** Calls of the bridge, as the page makes them and as a hostile script would. */
import { type Page, expect } from '@playwright/test'
import type { Channel, Request, Response } from '../../shared/contract/contract.ts'
import type { PathToken } from '../../shared/ids.ts'

type Refused = { item: number; failure: { code: string } }
export type Answer = { ok: boolean; value?: { refused?: Refused[] }; failure?: { code: string } }

export type Call = { channel: string; request: unknown }

/** Calls past the contract's types, as a hostile script would: one after the other, in one visit to the page.
 * @returns an answer for each */
export const invokeAll = (page: Page, calls: readonly Call[]): Promise<Answer[]> =>
  page.evaluate(async (all) => {
    const bridge = window.weightlock as unknown as {
      invoke: (channel: string, request: unknown) => Promise<Answer>
    }
    const answers: Answer[] = []
    for (const { channel, request } of all) answers.push(await bridge.invoke(channel, request))
    return answers
  }, calls)

export async function invoke(page: Page, channel: string, request: unknown): Promise<Answer> {
  const [answer] = await invokeAll(page, [{ channel, request }])
  return answer ?? { ok: false }
}

/** Calls as the contract has it. @throws when the answer is not ok */
export async function call<C extends Channel>(
  page: Page,
  channel: C,
  request: Request<C>,
): Promise<Response<C>> {
  const answer = await invoke(page, channel, request)
  expect({ channel, failure: answer.failure }).toEqual({ channel })
  return answer.value as Response<C>
}

/** A token for a path in the home folder that nothing is at, as *Save as* of the in-app picker makes it. */
export async function targetIn(page: Page, name: string): Promise<{ token: PathToken }> {
  const { token: folder } = await call(page, 'files:browse', {
    at: null,
    files: false,
    purpose: 'write-into',
  })
  const { token, exists } = await call(page, 'files:name-in', { folder, name })
  expect(exists).toBe(false)
  return { token }
}

/** A token for a file in the home folder that is there, to be read. */
export async function sourceIn(page: Page, name: string): Promise<{ token: PathToken }> {
  const { entries } = await call(page, 'files:browse', { at: null, files: true, purpose: 'read' })
  const token = entries.find((entry) => entry.name === name)?.token
  if (token === undefined) throw new Error(`${name} is not there`)
  return { token }
}
