import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

/** Every file that runs on its own: two windows, the terminal, and the workers that they start by URL. */
const mainEntries = ['main', 'chromium', 'cli', 'payload-worker', 'catalog-worker']

export default defineConfig({
  main: {
    build: {
      outDir: 'dist/main',
      // The three native modules (`dependencies`) stay outside; so does the browser driver, which is not shipped.
      externalizeDeps: { include: ['playwright'] },
      rolldownOptions: {
        input: Object.fromEntries(mainEntries.map((name) => [name, resolve(`electron/${name}.ts`)])),
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'dist/preload',
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: resolve('electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react()],
    build: {
      outDir: 'dist/renderer',
      emptyOutDir: true,
      minify: 'oxc',
      cssMinify: 'lightningcss',
      assetsInlineLimit: 0,
      rolldownOptions: { input: resolve('renderer/index.html') },
    },
  },
})
