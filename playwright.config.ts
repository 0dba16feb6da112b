import { defineConfig } from '@playwright/test'
import { electronPath } from './e2e/fixtures/open-window.ts'
import { runsAgain } from './scripts/tasks/run-again.ts'
import { requirePeer } from './scripts/test/require-peer.ts'

const isWorker = process.env['TEST_WORKER_INDEX'] !== undefined
const hasElectron =
  electronPath() !== null ||
  (!isWorker && requirePeer('electron', false, 'its runtime is not installed, or this is root'))

export default defineConfig<object, { hostKind: 'chromium' | 'electron' }>({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  // Each worker has a keyring and each test a data folder of its own; two cores carry one browser well.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  retries: runsAgain() ? 1 : 0,
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  projects: [
    { name: 'chromium', use: { hostKind: 'chromium' } },
    ...(!hasElectron ? [] : [{ name: 'electron', use: { hostKind: 'electron' as const } }]),
  ],
})
