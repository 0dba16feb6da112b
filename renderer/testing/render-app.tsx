import { notifications } from '@mantine/notifications'
import { render } from '@testing-library/react'
import type { RenderResult } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import type { UserEvent } from '@testing-library/user-event'
import type { ReactNode } from 'react'
import { Providers } from '../app/providers.tsx'
import { pickerRequests } from '../components/path-picker/picker-requests.ts'
import { rememberPlace } from '../lib/place.ts'
import { endRequest } from '../lib/window-requests.ts'
import { makeFakeBridge } from './fake-bridge.ts'
import type { FakeBridge } from './fake-bridge.ts'

type Rendered = RenderResult & { bridge: FakeBridge; user: UserEvent }

/** Renders a part of the page with a fake main, below everything that the real page puts above it.
 * It stands once the status has arrived: use `await screen.findBy…` first.
 * @param at the address, `/keys` */
export function renderPart(
  part: ReactNode,
  { bridge = makeFakeBridge(), at = '/' }: { bridge?: FakeBridge; at?: string } = {},
): Rendered {
  // A process serves many files: what an earlier test left open would stand over this one's part.
  endRequest()
  pickerRequests.end()
  rememberPlace({ storeId: null, folder: '' })
  notifications.clean()
  window.location.hash = `#${at}`
  const user = userEvent.setup()
  return {
    ...render(
      <Providers bridge={bridge} isStill>
        {part}
      </Providers>,
    ),
    bridge,
    user,
  }
}
