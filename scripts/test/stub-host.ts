/** A host without a window, for tests of what main answers a page. */
import type { Host } from '../../electron/host/host.ts'

/** @param more what this test needs of it */
export const stubHost = (more: Partial<Host>): Host => ({
  kind: 'chromium',
  nativeDialogs: false,
  locale: () => 'en',
  openWindow: async () => undefined,
  emit: () => undefined,
  closed: new Promise(() => undefined),
  close: async () => undefined,
  focus: () => undefined,
  isFocused: () => true,
  trash: async () => undefined,
  revealInFileManager: () => undefined,
  notify: () => undefined,
  copyText: async () => undefined,
  printToPdf: async () => undefined,
  setProgress: () => undefined,
  keepAwake: () => undefined,
  onSuspend: () => () => undefined,
  ...more,
})
