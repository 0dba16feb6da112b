import type { Bridge } from '../../shared/contract/bridge.ts'

declare global {
  interface Window {
    /** Put there by the preload (Electron) or the host (Chromium); absent in an ordinary browser tab. */
    weightlock?: Bridge
  }
}
