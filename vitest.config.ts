import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          testTimeout: 30_000,
          // A process serves many files: tests clean up behind themselves.
          isolate: false,
          environment: 'node',
          include: ['electron/**/*.test.ts', 'shared/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts', '**/*.crash.test.ts'],
          setupFiles: ['scripts/test/hide-missing-ciphers.ts', 'scripts/test/seed-random-tests.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          environment: 'node',
          include: ['{electron,scripts}/**/*.integration.test.ts'],
          setupFiles: ['scripts/test/hide-missing-ciphers.ts', 'scripts/test/seed-random-tests.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'crash',
          environment: 'node',
          include: ['{electron,scripts}/**/*.crash.test.ts'],
          setupFiles: ['scripts/test/hide-missing-ciphers.ts', 'scripts/test/seed-random-tests.ts'],
          testTimeout: 900_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        plugins: [react()],
        test: {
          name: 'renderer',
          testTimeout: 30_000,
          isolate: false,
          environment: 'happy-dom',
          include: ['renderer/**/*.test.{ts,tsx}'],
          setupFiles: ['renderer/testing/setup-dom.ts', 'scripts/test/seed-random-tests.ts'],
        },
      },
    ],
  },
})
