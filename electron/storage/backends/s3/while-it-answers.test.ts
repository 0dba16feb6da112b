import { describe, expect, it } from 'vitest'
import { whileItAnswers } from './while-it-answers.ts'

/** Ends only when it is told to. */
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

describe('a request that takes long', () => {
  it('is given up once the server answers nothing, and not before', async () => {
    const answers = [true, false, true, false, false]
    const asked: boolean[] = []
    const ask = async () => {
      const answer = answers[asked.length] ?? false
      asked.push(answer)
      if (!answer) throw new Error('no answer')
    }
    const sending = whileItAnswers({ ask, everyMs: 1, misses: 3 }, undefined, untilAborted)
    await expect(sending).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(asked).toEqual([true, false, true, false, false, false])
  })

  it('is waited for as long as the server answers', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    let asked = 0
    const ask = async () => {
      if (++asked === 5) resolve('done')
    }
    expect(await whileItAnswers({ ask, everyMs: 1, misses: 1 }, undefined, () => promise)).toBe('done')
    expect(asked).toBe(5)
  })

  it('fails as it fails, and ends with the caller', async () => {
    const asking = { ask: async () => undefined, everyMs: 1, misses: 1 }
    const failing = whileItAnswers(asking, undefined, () => Promise.reject(new RangeError('too many')))
    await expect(failing).rejects.toThrow(RangeError)
    const caller = new AbortController()
    const waiting = whileItAnswers(asking, caller.signal, untilAborted)
    caller.abort(new Error('cancelled'))
    await expect(waiting).rejects.toThrow('cancelled')
  })
})
