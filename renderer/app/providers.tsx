import { MantineProvider, useMantineColorScheme } from '@mantine/core'
import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { Router } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import type { Bridge } from '../../shared/contract/bridge.ts'
import { Button } from '../components/button.tsx'
import { FailureAlert } from '../components/failure-alert.tsx'
import { watchCatalog } from '../lib/catalog-changes.ts'
import { makeJobsStore } from '../lib/jobs-store.ts'
import { Program } from '../lib/program-context.ts'
import type { ProgramContext } from '../lib/program-context.ts'
import { makeQueryClient } from '../lib/query-client.ts'
import { failureFrom, useCall } from '../lib/use-call.ts'
import { Status } from '../lib/use-status.ts'
import { overlaysId, resolveVariables, theme } from './theme.ts'

/** The appearance is a setting of the program; nothing is kept in the page. */
const noMemory: MantineColorSchemeManager = {
  get: (fallback) => fallback,
  set: () => {},
  clear: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
}

type ProvidersProps = {
  bridge: Bridge
  nonce?: string | undefined
  /** Without transitions, for tests. */
  isStill?: boolean
  children: ReactNode
}

/** Everything that stands above the shell: the wire to main, the theme, the address, the status. */
export function Providers({ bridge, nonce, isStill = false, children }: ProvidersProps) {
  const [program] = useState<ProgramContext>(() => ({
    bridge,
    queries: makeQueryClient(),
    jobs: makeJobsStore(bridge),
  }))
  useEffect(() => {
    const offJobs = program.jobs.start()
    const offCatalog = watchCatalog(program.bridge, program.queries)
    return () => {
      offJobs()
      offCatalog()
    }
  }, [program])
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveVariables}
      defaultColorScheme="auto"
      colorSchemeManager={noMemory}
      env={isStill ? 'test' : 'default'}
      {...(nonce === undefined ? {} : { getStyleNonce: () => nonce })}
    >
      <Program value={program}>
        <QueryClientProvider client={program.queries}>
          <Router hook={useHashLocation}>
            <WithStatus>{children}</WithStatus>
          </Router>
          <section id={overlaysId} aria-label="Menus" />
        </QueryClientProvider>
      </Program>
    </MantineProvider>
  )
}

/** Waits for the program's status, which everything below may count on. */
function WithStatus({ children }: { children: ReactNode }) {
  const status = useCall('program:status', {})
  if (status.data !== undefined) {
    return (
      <Status value={status.data}>
        <Appearance setting={status.data.settings.appearance} />
        {children}
      </Status>
    )
  }
  if (!status.isError) return null
  return (
    <FailureAlert
      failure={failureFrom(status.error)}
      layout="columns"
      actions={<Button onClick={() => void status.refetch()}>Try again</Button>}
    />
  )
}

function Appearance({ setting }: { setting: 'system' | 'light' | 'dark' }) {
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: false })
  const scheme: MantineColorScheme = setting === 'system' ? 'auto' : setting
  useEffect(() => setColorScheme(scheme), [scheme, setColorScheme])
  return null
}
