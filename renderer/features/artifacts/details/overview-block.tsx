import { useState } from 'react'
import { useLocation } from 'wouter'
import type { ArtifactDetails, VersionInfo } from '../../../../shared/domain/artifact.ts'
import { taintedWords } from '../../../../shared/compromise-words.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import { Button } from '../../../components/button.tsx'
import { CopyButton } from '../../../components/copy-button.tsx'
import { MiddleEllipsis } from '../../../components/middle-ellipsis.tsx'
import { Fingerprint } from '../../../components/fingerprint.tsx'
import { useFormat } from '../../../lib/use-format.ts'
import type { Format } from '../../../lib/use-format.ts'
import { askWindow } from '../../../lib/window-requests.ts'
import { AdoptDialog } from '../adopt-dialog.tsx'
import { useArtifactActions } from '../use-artifact-actions.ts'
import { Block } from './block.tsx'
import classes from './details.module.css'

/** Where it lies, what its bytes are, and when somebody last looked. */
export function OverviewBlock({ details: { artifact, versions } }: { details: ArtifactDetails }) {
  const format = useFormat()
  const actions = useArtifactActions(artifact)
  const [, navigate] = useLocation()
  const [isAdopting, setIsAdopting] = useState(false)
  const status =
    artifact.status === 'erased' && artifact.copiesElsewhere > 0
      ? 'Its key is destroyed here. Whoever has a copy of the key can still open it.'
      : statusSentence[artifact.status]
  const latest = versions.find(({ version }) => version === artifact.version)
  const tainted = [...new Set(versions.flatMap(({ taintedBy }) => taintedBy))].toSorted((a, b) => a - b)
  const elsewhere =
    latest?.objects.filter(({ location, state }) => location !== artifact.location && state !== 'deleted') ??
    []
  return (
    <Block>
      <dl className={classes.facts}>
        <dt>{artifact.status === 'deleted' ? 'Was at' : 'Location'}</dt>
        <dd>
          <code className={classes.path}>
            <MiddleEllipsis text={artifact.location} tail={22} />
          </code>
          <CopyButton text={artifact.location} what="the location" />
        </dd>
        {elsewhere.length > 0 ? (
          <>
            <dt>Also in</dt>
            <dd>
              {elsewhere.map(({ store, location, state }) => (
                <span key={location} className={classes.place} title={location}>
                  {safeText(store)}
                  {state === 'missing' ? ', missing' : ''}
                </span>
              ))}
            </dd>
          </>
        ) : null}
        <dt>Fingerprint</dt>
        <dd>
          <Fingerprint hex={artifact.fingerprint} />
          <CopyButton text={artifact.fingerprint} what="the fingerprint" />
        </dd>
        <dt>Checked</dt>
        <dd>{checked(latest, format)}</dd>
        {status ? (
          <>
            <dt>Status</dt>
            <dd className={classes.warn}>{status}</dd>
          </>
        ) : null}
        {artifact.isKeyMissing ? (
          <>
            <dt>Key</dt>
            <dd className={classes.warn}>Gone from the keychain, which answers</dd>
            <dt>What helps</dt>
            <dd className={classes.ways}>
              <Button kind="link" onClick={() => navigate('/settings/recovery-kit')}>
                Restore it from a kit
              </Button>
              <Button kind="link" onClick={() => askWindow({ ask: 'import-identity', source: null })}>
                Import its identity
              </Button>
              {artifact.isArchived ? null : (
                <Button kind="link" onClick={() => void actions.archive(true)}>
                  Archive the entry
                </Button>
              )}
            </dd>
          </>
        ) : null}
        {tainted.length > 0 && artifact.status !== 'erased' ? (
          <>
            <dt>Compromise</dt>
            <dd className={classes.warn}>{taintedWords(tainted)}</dd>
          </>
        ) : null}
        {latest?.note ? (
          <>
            <dt>Note</dt>
            <dd>{safeText(latest.note)}</dd>
          </>
        ) : null}
        {artifact.ownership === 'reader' || artifact.status === 'unpinned' ? (
          <>
            <dt>Owner</dt>
            <dd>
              {artifact.ownership === 'reader' ? 'Another installation, read only' : 'Not proved'}.{' '}
              <Button kind="link" onClick={() => setIsAdopting(true)}>
                Take ownership…
              </Button>
            </dd>
          </>
        ) : null}
        {artifact.keyState === 'destroyed' && artifact.copiesElsewhere > 0 ? (
          <>
            <dt>Copies</dt>
            <dd className={classes.warn}>
              Destroyed here; {format.counted(artifact.copiesElsewhere, 'copy')} of the key elsewhere
            </dd>
          </>
        ) : null}
      </dl>
      {isAdopting ? <AdoptDialog artifact={artifact} onClose={() => setIsAdopting(false)} /> : null}
    </Block>
  )
}

const statusSentence = {
  stored: '',
  unpinned: 'Trusted as it was found: nothing here vouches for it yet. Opening it pins it as it is then.',
  missing: 'Not found in its store when last looked for. Its key is kept.',
  deleted:
    'Its ciphertext was deleted from every store that is known here. Its key was not: it opens any copy that is left elsewhere.',
  unresolved: 'The outcome of its last write is unknown. It is looked at again by itself.',
  erased: 'Erased: no key that we know of opens it.',
} as const

const hows = {
  quick: 'Header and size',
  sample: 'A sample',
  full: 'In full',
} as const

function checked(version: VersionInfo | undefined, format: Format): string {
  if (version === undefined || version.checkedAt === null || version.checkedHow === null)
    return 'When it was stored; not since'
  const what = {
    quick: 'both match',
    sample: 'every leaf digest of it matches',
    full: 'every leaf digest matches',
  }[version.checkedHow]
  return `${hows[version.checkedHow]}, ${format.moment(version.checkedAt)}: ${what}`
}
