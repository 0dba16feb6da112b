import { findBrowser } from '../../electron/host/find-browser.ts'
import { requirePeer } from './require-peer.ts'

/** Whether tests with a real browser can run here; says why not. */
export const hasBrowser = (): boolean =>
  requirePeer('chromium', findBrowser() !== null, 'no Chrome, Chromium or Edge is installed')
