import { Route, Switch } from 'wouter'
import { ArtifactsPage } from '../features/artifacts/artifacts-page.tsx'
import { FirstRun } from '../features/onboarding/first-run.tsx'
import { NextStep } from '../features/onboarding/next-step.tsx'
import { arriving } from './arriving.tsx'

/** One line for each screen; the home screen is there from the start. */
const KeysPage = arriving(async () => (await import('../features/keys/keys-page.tsx')).KeysPage)
const KeyPage = arriving(async () => (await import('../features/keys/key-page.tsx')).KeyPage)
const DestroyKeyPage = arriving(
  async () => (await import('../features/keys/destroy-key-page.tsx')).DestroyKeyPage,
)
const RotatePage = arriving(async () => (await import('../features/rotation/rotate-page.tsx')).RotatePage)
const CompromisePage = arriving(
  async () => (await import('../features/compromise/compromise-page.tsx')).CompromisePage,
)
const IncidentPage = arriving(
  async () => (await import('../features/compromise/incident-page.tsx')).IncidentPage,
)
const RetirePage = arriving(async () => (await import('../features/retirement/retire-page.tsx')).RetirePage)
const CertificatePage = arriving(
  async () => (await import('../features/retirement/certificate-page.tsx')).CertificatePage,
)
const TransfersPage = arriving(
  async () => (await import('../features/transfers/transfers-page.tsx')).TransfersPage,
)
const AuditPage = arriving(async () => (await import('../features/audit/audit-page.tsx')).AuditPage)
const RecoveryKitPage = arriving(
  async () => (await import('../features/recovery-kit/recovery-kit-page.tsx')).RecoveryKitPage,
)
const KitSheetPage = arriving(
  async () => (await import('../features/recovery-kit/kit-sheet-page.tsx')).KitSheetPage,
)
const SettingsPage = arriving(
  async () => (await import('../features/settings/settings-page.tsx')).SettingsPage,
)
const StoresPage = arriving(async () => (await import('../features/stores/stores-page.tsx')).StoresPage)

/** A wizard stands in place of the rail. */
export const isWizard = (path: string): boolean =>
  /^\/(keys\/([^/]+\/destroy|rotate\/[^/]+|compromise(\/[^/]+)?)|incidents\/[^/]+|retire\/[^/]+|certificates\/[^/]+|kits\/[^/]+\/sheet)$/.test(
    path,
  )

export function Routes() {
  return (
    <Switch>
      <Route path="/keys/rotate/:what">{({ what }) => <RotatePage key={what} what={what} />}</Route>
      <Route path="/keys/compromise/:what?">
        {({ what }) => <CompromisePage key={what ?? ''} what={what} />}
      </Route>
      <Route path="/incidents/:id">{({ id }) => <IncidentPage key={id} id={id} />}</Route>
      <Route path="/keys/:id/destroy">{({ id }) => <DestroyKeyPage key={id} id={id} />}</Route>
      <Route path="/keys/:id/export">{({ id }) => <KeyPage key={id} id={id} asksToExport />}</Route>
      <Route path="/keys/:id">{({ id }) => <KeyPage key={id} id={id} />}</Route>
      <Route path="/keys">
        <KeysPage />
      </Route>
      <Route path="/retire/:what">{({ what }) => <RetirePage key={what} what={what} />}</Route>
      <Route path="/certificates/:id">{({ id }) => <CertificatePage key={id} id={id} />}</Route>
      <Route path="/transfers">
        <TransfersPage />
      </Route>
      <Route path="/audit">
        <AuditPage />
      </Route>
      <Route path="/settings/stores/:item?">{({ item }) => <StoresPage item={item} />}</Route>
      <Route path="/settings/recovery-kit">
        <RecoveryKitPage />
      </Route>
      <Route path="/kits/:id/sheet">{({ id }) => <KitSheetPage key={id} id={id} />}</Route>
      <Route path="/settings/:section">{({ section }) => <SettingsPage section={section} />}</Route>
      <Route path="/settings">
        <StoresPage item={undefined} />
      </Route>
      <Route path="/artifacts/*?">
        <ArtifactsPage firstRun={<FirstRun />} nextStep={<NextStep />} />
      </Route>
      <Route>
        <ArtifactsPage firstRun={<FirstRun />} nextStep={<NextStep />} />
      </Route>
    </Switch>
  )
}
