import { expect, it } from 'vitest'
import { temporaryFolder } from '../../testing/temporary-folder.ts'
import { watchMount } from './mount.ts'

it('is known to every look of several at once, in whatever order they learn it', async () => {
  const waiting: (() => void)[] = []
  /** Answers when the test says so. */
  const later = <T>(answer: T) => new Promise<T>((resolve) => waiting.push(() => resolve(answer)))
  const watch = watchMount(temporaryFolder(), {
    recall: () => later(null),
    remember: () => Promise.resolve(),
    someObjects: () => later([]),
  })
  const looks = [watch.isTheStore(), watch.isTheStore()]
  const answers = Promise.all(looks)
  let isDone = false
  void answers.finally(() => (isDone = true))
  // The first goes as far as it can before the second goes on.
  while (!isDone) {
    waiting.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(await answers).toEqual([true, true])
})
