import { lazy } from 'react'
import { Route, Switch } from 'wouter'

/** One line for each screen; a screen's code arrives when it is first shown. */
const ArtifactsPage = lazy(async () => {
  const { ArtifactsPage: page } = await import('../features/artifacts/artifacts-page.tsx')
  return { default: page }
})
const FirstRun = lazy(async () => ({
  default: (await import('../features/onboarding/first-run.tsx')).FirstRun,
}))
const KeysPage = lazy(async () => ({ default: (await import('../features/keys/keys-page.tsx')).KeysPage }))
const KeyPage = lazy(async () => ({ default: (await import('../features/keys/key-page.tsx')).KeyPage }))
const DestroyKeyPage = lazy(async () => {
  const { DestroyKeyPage: page } = await import('../features/keys/destroy-key-page.tsx')
  return { default: page }
})
const TransfersPage = lazy(async () => {
  const { TransfersPage: page } = await import('../features/transfers/transfers-page.tsx')
  return { default: page }
})
const AuditPage = lazy(async () => ({
  default: (await import('../features/audit/audit-page.tsx')).AuditPage,
}))
const SettingsPage = lazy(async () => {
  const { SettingsPage: page } = await import('../features/settings/settings-page.tsx')
  return { default: page }
})

const StoresPage = lazy(async () => ({
  default: (await import('../features/stores/stores-page.tsx')).StoresPage,
}))

/** A wizard stands in place of the rail. */
export const isWizard = (path: string): boolean => /^\/keys\/[^/]+\/destroy$/.test(path)

export function Routes() {
  return (
    <Switch>
      <Route path="/keys/:id/destroy">{({ id }) => <DestroyKeyPage key={id} id={id} />}</Route>
      <Route path="/keys/:id/export">{({ id }) => <KeyPage key={id} id={id} asksToExport />}</Route>
      <Route path="/keys/:id">{({ id }) => <KeyPage key={id} id={id} />}</Route>
      <Route path="/keys">
        <KeysPage />
      </Route>
      <Route path="/transfers">
        <TransfersPage />
      </Route>
      <Route path="/audit">
        <AuditPage />
      </Route>
      <Route path="/settings/stores/:item?">{({ item }) => <StoresPage item={item} />}</Route>
      <Route path="/settings/:section">{({ section }) => <SettingsPage section={section} />}</Route>
      <Route path="/settings">
        <StoresPage item={undefined} />
      </Route>
      <Route path="/artifacts/*?">
        <ArtifactsPage firstRun={<FirstRun />} />
      </Route>
      <Route>
        <ArtifactsPage firstRun={<FirstRun />} />
      </Route>
    </Switch>
  )
}
