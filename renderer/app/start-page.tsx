/** Puts the page together; `main.tsx` calls it with the real bridge, the gallery with a fake one. */
import '@fontsource-variable/ibm-plex-sans/wght.css'
import '@fontsource/ibm-plex-mono/400.css'
import '@fontsource/ibm-plex-mono/500.css'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './base.css'
import './mantine.css'
import { setNonce } from 'get-nonce'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import type { Bridge } from '../../shared/contract/bridge.ts'
import { fetchArriving } from './arriving.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { Providers } from './providers.tsx'
import { Shell } from './shell.tsx'

/** The nonce of this load, which the host wrote into the page. */
const readNonce = (): string | undefined => {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content
  return nonce === undefined || nonce.startsWith('__') ? undefined : nonce
}

/** Renders the whole program into `#root`.
 * @throws Error without a bridge: the page was opened outside the program */
export function startPage(bridge: Bridge | undefined): void {
  // Without this zod compiles its parsers with `new Function`, which the CSP forbids.
  z.config({ jitless: true })
  const nonce = readNonce()
  if (nonce !== undefined) setNonce(nonce)
  const root = document.getElementById('root')
  if (root === null) throw new Error('the page has no #root')
  if (bridge === undefined) {
    root.textContent = 'Weightlock runs in its own window. Start the program to open it.'
    return
  }
  createRoot(root).render(
    <ErrorBoundary>
      <Providers bridge={bridge} nonce={nonce}>
        <Shell />
      </Providers>
    </ErrorBoundary>,
  )
  requestIdleCallback(() => void fetchArriving())
}
