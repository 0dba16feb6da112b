import { resolve } from 'node:path'
import { build } from 'vite'

const projectFolder = resolve(import.meta.dirname, '../..')

export type BuiltPipeline = { payloadNowhere: string; payloadWorker: string; bounds: string }

/** Bundles the scripts of the bench and the payload worker as the product is bundled: what is measured is what is
 * shipped, not Node reading TypeScript. */
export async function buildPipeline(): Promise<BuiltPipeline> {
  // Below the project, so that the native modules are found.
  const outDir = resolve(projectFolder, 'node_modules/.cache/weightlock/bench')
  await build({
    configFile: false,
    root: projectFolder,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['sodium-native', '@napi-rs/blake-hash', 'keytar'] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node24',
      rolldownOptions: {
        input: {
          'payload-nowhere': resolve(import.meta.dirname, 'payload-nowhere.ts'),
          bounds: resolve(import.meta.dirname, 'bounds.ts'),
          'payload-worker': resolve(projectFolder, 'electron/payload-worker.ts'),
        },
        output: { entryFileNames: '[name].mjs' },
      },
    },
  })
  return {
    payloadNowhere: resolve(outDir, 'payload-nowhere.mjs'),
    payloadWorker: resolve(outDir, 'payload-worker.mjs'),
    bounds: resolve(outDir, 'bounds.mjs'),
  }
}
