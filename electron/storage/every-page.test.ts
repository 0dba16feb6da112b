import { expect, it } from 'vitest'
import { everyPage } from './every-page.ts'
import { codeOf } from './testing/conformance.ts'
import { memoryStore } from './backends/memory.ts'

async function pagesOf(pages: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const _ of pages) count++
  return count
}

it('gives up where a store gives the same page again and again', async () => {
  const backend = { ...memoryStore(), list: async () => ({ objects: [], next: 'again' }) }
  expect(await codeOf(pagesOf(everyPage(backend)))).toBe('store/refused')
})

it('ends between two pages of a list without an end', async () => {
  const stop = new AbortController()
  let asked = 0
  const list = async () => {
    if (++asked === 3) stop.abort()
    return { objects: [], next: `page ${asked}` }
  }
  const pages = everyPage({ ...memoryStore(), list }, { signal: stop.signal })
  await expect(pagesOf(pages)).rejects.toThrow(stop.signal.reason as Error)
  expect(asked).toBe(3)
})
