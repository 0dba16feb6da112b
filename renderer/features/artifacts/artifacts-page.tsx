import { ScreenHeader } from '../../components/screen-header.tsx'

/** The home screen: what the stores hold. */
export function ArtifactsPage() {
  return <ScreenHeader title="Artifacts" />
}
