import { lazy } from 'react'
import { Route, Switch } from 'wouter'

/** One line for each screen; a screen's code arrives when it is first shown. */
const ArtifactsPage = lazy(async () => {
  const { ArtifactsPage: page } = await import('../features/artifacts/artifacts-page.tsx')
  return { default: page }
})

export function Routes() {
  return (
    <Switch>
      <Route path="/artifacts/*?">
        <ArtifactsPage />
      </Route>
      <Route>
        <ArtifactsPage />
      </Route>
    </Switch>
  )
}
