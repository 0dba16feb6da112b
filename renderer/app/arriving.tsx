/** Screens and dialogs whose code comes in a file of its own. */
import { lazy, useState } from 'react'
import type { ComponentType } from 'react'

const loads: (() => Promise<unknown>)[] = []

/** A component whose code arrives when it is first shown, or before, when the window has nothing else to do. One that
 * is here already is drawn at once: React holds back for 300 ms what it had to wait for. */
export function arriving<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let here: ComponentType<P> | null = null
  const fetch = async (): Promise<{ default: ComponentType<P> }> => ({ default: (here ??= await load()) })
  loads.push(fetch)
  const Later = lazy(fetch) as unknown as ComponentType<P>
  return function Arriving(props: P) {
    // What it began as it stays: another component in its place would begin anew.
    const [Shown] = useState(() => here ?? Later)
    return <Shown {...props} />
  }
}

/** Fetches everything that has not arrived yet. What cannot be had now is asked for again when it is shown. */
export async function fetchArriving(): Promise<void> {
  await Promise.allSettled(loads.map((load) => load()))
}
