/** The page with a played main, one state at a time: `gallery.html?state=artifacts-many`. `scripts/screenshots.ts`
 * drives it. Never part of what is shipped. */
import { startPage } from '../app/start-page.tsx'
import { makeFakeBridge } from './fake-bridge.ts'
import { programStatus } from './builders.ts'
import type { GalleryState, Step } from './gallery-state.ts'
import { galleryStates } from './gallery-states/all.ts'

type Gallery = {
  /** Every state, with its steps as data; a step of the page's own is known by its place. */
  states: { name: string; steps: (Exclude<Step, { act: unknown }> | { actAt: number })[] }[]
  act: (step: number) => void
}

declare global {
  interface Window {
    gallery?: Gallery
  }
}

const asked = new URLSearchParams(window.location.search)
const appearance = asked.get('theme') === 'dark' ? 'dark' : 'light'

function show(state: GalleryState): void {
  const bridge = makeFakeBridge(state.answers)
  const status = programStatus(state.status)
  bridge.answer('program:status', () => ({ ...status, settings: { ...status.settings, appearance } }))
  if (state.jobs) bridge.answer('jobs:snapshot', () => ({ jobs: state.jobs ?? [] }))
  for (const [channel, failure] of state.failures ?? []) bridge.fail(channel, failure)
  for (const channel of state.hanging ?? []) bridge.hang(channel)
  window.location.hash = `#${state.at}`
  window.gallery = {
    states: [],
    act: (step) => {
      const found = state.steps?.[step]
      if (found !== undefined && 'act' in found) found.act(bridge)
    },
  }
  startPage(bridge)
}

const state = galleryStates.find(({ name }) => name === asked.get('state'))
if (state) show(state)
else {
  window.gallery = {
    act: () => {},
    states: galleryStates.map(({ name, steps = [] }) => ({
      name,
      steps: steps.map((step, actAt) => ('act' in step ? { actAt } : step)),
    })),
  }
}
