import type { OpenedWindow } from '../../e2e/fixtures/open-window.ts'

type TraceEvent = {
  name: string
  ph: string
  pid: number
  tid: number
  /** Microseconds that the thread itself ran. */
  tdur?: number
  args: { name?: string }
}

/** The longest that one task of the page's main thread really ran while something is done, in milliseconds: on a
 * machine with other work, a part of what passed meanwhile. */
export async function longestOnProcessor(
  page: OpenedWindow['page'],
  work: () => Promise<unknown>,
): Promise<number> {
  const session = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  const complete = new Promise((settle) => session.once('Tracing.tracingComplete', settle))
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel'] },
  })
  await work()
  await session.send('Tracing.end')
  await complete
  await session.detach()
  const mains = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  let longestUs = 0
  for (const { ph, pid, tid, tdur = 0 } of events)
    if (ph === 'X' && mains.has(`${pid} ${tid}`)) longestUs = Math.max(longestUs, tdur)
  return longestUs / 1000
}
