/** The steps of a retirement in which nothing happens yet: what, what dies, which copies stay, what becomes of the
 * ciphertext. */
import type { RetirementImpact } from '../../../shared/domain/retirement.ts'
import { keyPlaces } from '../../../shared/key-places.ts'
import { waitWords } from '../../../shared/retirement-words.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { FramedOptions } from '../../components/framed-options.tsx'
import { keyStateWord } from '../../components/key-state-badge.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { useFormat } from '../../lib/use-format.ts'
import { liveKeys, lostElsewhere, objectCounts, unreachedCopies } from './retirement-facts.ts'
import type { RetireChoices } from './retirement-steps.ts'
import classes from './retirement.module.css'

const Cut = ({ text }: { text: string }) => (
  <span className={classes.cut}>
    <MiddleEllipsis text={text} />
  </span>
)

/** First step: each artifact, and whether its retirement has a date already. */
export function ArtifactStep({
  impact,
  onCancelSchedule,
  isCancelling,
}: {
  impact: RetirementImpact
  onCancelSchedule: () => void
  isCancelling: boolean
}) {
  const format = useFormat()
  const scheduled = impact.artifacts.flatMap(({ scheduled: one }) => (one === null ? [] : [one]))
  return (
    <>
      <section className={classes.section}>
        <h2>What is retired</h2>
        <table className={classes.table} aria-label="What is retired">
          <colgroup>
            <col />
            <col style={{ width: 88 }} />
            <col style={{ width: 120 }} />
          </colgroup>
          <tbody>
            {impact.artifacts.map(({ artifactId, name, versions }) => (
              <tr key={artifactId}>
                <td className={classes.strong}>
                  <Cut text={name} />
                </td>
                <td>{format.counted(versions.length, 'version')}</td>
                <td className={`${classes.end} ${classes.second}`}>
                  {format.bytes(versions.reduce((sum, each) => sum + each.ciphertextBytes, 0))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {scheduled.length > 0 ? (
        <section className={classes.section}>
          <h2>{format.counted(scheduled.length, 'retirement')} scheduled</h2>
          {scheduled.map(({ artifactId, name, destroyAt, isDue, waits }) => (
            <p key={artifactId} className={classes.note}>
              {safeText(name)}: {isDue ? 'fell due' : 'destroyed'} on {format.date(destroyAt)}
              {waits === null ? '.' : `. It waits for a yes: ${waitWords[waits]}.`}
            </p>
          ))}
          <div className={classes.actions}>
            <Button busy={isCancelling} onClick={onCancelSchedule}>
              Cancel {format.counted(scheduled.length, 'scheduled retirement')}
            </Button>
          </div>
        </section>
      ) : null}
    </>
  )
}

/** Second step: versions that open no more, and the keys that go. */
export function ImpactStep({ impact }: { impact: RetirementImpact }) {
  const format = useFormat()
  const isOne = impact.artifacts.length === 1
  const lost = lostElsewhere(impact)
  return (
    <>
      {lost.length > 0 ? (
        <section className={classes.section}>
          <h2>Not retired with it, and lost all the same</h2>
          <p className={classes.note}>
            {lost.map(({ name, version }) => `${safeText(name)} v${version}`).join(', ')}: rotate it with
            re-encryption first, or retire both together.
          </p>
        </section>
      ) : null}
      <section className={classes.section}>
        <h2>Opens no more with anything kept here</h2>
        <table className={classes.table} aria-label="Versions">
          <colgroup>
            <col />
            <col style={{ width: 168 }} />
            <col style={{ width: 88 }} />
          </colgroup>
          <tbody>
            {impact.artifacts.flatMap(({ artifactId, name, versions }) =>
              versions.map((each) => (
                <tr key={`${artifactId} ${each.version}`}>
                  <td className={classes.strong}>
                    <Cut text={`${name} v${each.version}`} />
                  </td>
                  <td className={classes.second}>
                    <Cut text={each.stores.length === 0 ? 'no ciphertext known' : each.stores.join(', ')} />
                  </td>
                  <td className={classes.end}>{format.bytes(each.ciphertextBytes)}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </section>
      <section className={classes.section}>
        <h2>Every key that ever wrapped it</h2>
        <table className={classes.table} aria-label="Keys">
          <colgroup>
            <col />
            <col style={{ width: 168 }} />
            <col style={{ width: 140 }} />
          </colgroup>
          <tbody>
            {impact.keys.map(({ key }) => (
              <tr key={key.keyId}>
                <td className={classes.strong}>
                  <Cut text={isOne ? `Key ${key.number}` : key.alias} />
                </td>
                <td className={classes.second}>made {format.date(key.createdAt)}</td>
                <td className={`${classes.end} ${classes.second}`}>
                  {key.isMissing ? 'missing' : keyStateWord[key.state].toLowerCase()}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}

const CopyColumns = () => (
  <colgroup>
    <col style={{ width: 112 }} />
    <col />
    <col style={{ width: 140 }} />
  </colgroup>
)

/** Copies that nobody here can destroy, and the backups that nobody can list. */
export function UnreachedCopies({ impact, heading }: { impact: RetirementImpact; heading: string }) {
  const format = useFormat()
  const unreached = unreachedCopies(impact)
  return (
    <section className={classes.section}>
      <h2>{heading}</h2>
      <table className={classes.table} aria-label="Copies that cannot be reached">
        <CopyColumns />
        <tbody>
          {unreached.map(({ copy, keys }) => (
            <tr key={`${copy.place} ${copy.where}`}>
              <td>{keyPlaces[copy.place].name}</td>
              <td className={`${classes.mono} ${classes.second}`}>
                <Cut text={copy.where} />
              </td>
              <td className={`${classes.end} ${classes.second}`}>
                {keys.length === 1 ? keys[0] : format.counted(keys.length, 'key')}, {format.day(copy.at)}
              </td>
            </tr>
          ))}
          <tr>
            <td>Backups</td>
            <td className={classes.second}>of this keychain and this system</td>
            <td className={`${classes.end} ${classes.second}`}>cannot be known</td>
          </tr>
        </tbody>
      </table>
      <p className={classes.note}>
        Whoever has {unreached.length === 0 ? 'a backup' : 'one of them'} and the ciphertext can still open
        the model. The certificate lists them under <em>Not proved</em>.
      </p>
    </section>
  )
}

/** Third step: which copies are destroyed, and which nobody here can reach. */
export function CopiesStep({ impact }: { impact: RetirementImpact }) {
  const isOne = impact.artifacts.length === 1
  return (
    <>
      <section className={classes.section}>
        <h2>To be destroyed and read back</h2>
        <table className={classes.table} aria-label="Copies that are destroyed">
          <CopyColumns />
          <tbody>
            {liveKeys(impact).map(({ key }) => (
              <tr key={key.keyId}>
                <td>Keychain</td>
                <td className={classes.second}>
                  <Cut text={isOne ? `key ${key.number}` : key.alias} />
                </td>
                <td className={`${classes.end} ${classes.second}`}>
                  {key.isMissing ? 'missing, asked again' : 'deleted, then read'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <UnreachedCopies impact={impact} heading="Out of reach" />
    </>
  )
}

type CiphertextStepProps = {
  impact: RetirementImpact
  choices: RetireChoices
  onChange: (choices: Partial<RetireChoices>) => void
}

/** Fourth step: erased by its keys alone, or deleted as well. */
export function CiphertextStep({ impact, choices, onChange }: CiphertextStepProps) {
  const format = useFormat()
  const { objects, objectVersions, bytes, isWhole } = objectCounts(impact)
  const unasked = impact.stores.filter((each) => each.objectVersions === null)
  return (
    <section className={classes.section}>
      <FramedOptions
        label="What becomes of the ciphertext"
        value={choices.deleteCiphertext ? 'delete' : 'keep'}
        onChange={(value) => onChange({ deleteCiphertext: value === 'delete' })}
        options={[
          {
            value: 'keep',
            title: 'Keep the ciphertext',
            help: 'It stays in its stores. What is left here opens it no more; whoever has a copy of a key still can.',
          },
          {
            value: 'delete',
            title: 'Delete the ciphertext as well',
            cost: objects === 0 ? undefined : format.bytes(bytes),
            disabled: objects === 0,
            help: `${format.counted(objects, 'object')}${
              objectVersions > 0 ? ` and ${format.counted(objectVersions, 'older object version')}` : ''
            }, looked for afterwards. What cannot be deleted is named in the certificate.`,
          },
        ]}
      />
      {isWhole ? null : (
        <p className={classes.note}>
          {unasked.map(({ store }) => safeText(store)).join(', ')} could not be asked for older object
          versions.
        </p>
      )}
    </section>
  )
}
