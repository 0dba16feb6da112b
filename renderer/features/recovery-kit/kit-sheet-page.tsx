import { useLocation } from 'wouter'
import type { KitRow } from '../../../shared/domain/kit.ts'
import { KitId } from '../../../shared/ids.ts'
import { groupsOfFour } from '../../../shared/format.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { Crumbs } from '../../components/crumbs.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { Paper, PaperPage } from '../../components/paper-page.tsx'
import { ScreenHeader } from '../../components/screen-header.tsx'
import { failureFrom, useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import classes from './kit-sheet.module.css'

const back = '/settings/recovery-kit'

/** A sheet of paper for the safe: what the kit is, where it lies, how it is opened, and a line for the passphrase.
 * @param id from the address */
export function KitSheetPage({ id }: { id: string }) {
  const [, navigate] = useLocation()
  const answer = useCall('kits:list', {})
  const kitId = KitId.safeParse(id).data
  const kit = answer.data?.kits.find((each) => each.kitId === kitId)
  const isUnknown = answer.data !== undefined && kit === undefined
  const unknown = isUnknown ? ({ code: 'kit/not-found', query: id } as const) : null
  const failure = answer.isError ? failureFrom(answer.error) : unknown
  return (
    <PaperPage
      label="Sheet"
      header={
        <ScreenHeader
          title={
            <Crumbs crumbs={[{ label: 'Recovery kit', href: `#${back}` }, { label: 'Sheet to print' }]} />
          }
        >
          <Button kind="primary" disabled={kit === undefined} onClick={() => window.print()}>
            Print…
          </Button>
          <Button kind="ghost" onClick={() => navigate(back)}>
            Close
          </Button>
        </ScreenHeader>
      }
      notice={failure === null ? undefined : <FailureAlert failure={failure} layout="columns" />}
    >
      {kit === undefined ? null : <KitSheet kit={kit} />}
    </PaperPage>
  )
}

const fileName = (where: string): string => safeText(where.split(/[/\\]/).at(-1) ?? where)

function KitSheet({ kit }: { kit: KitRow }) {
  const format = useFormat()
  const name = fileName(kit.where)
  return (
    <Paper className={classes.sheet}>
      <header>
        <b>Weightlock</b>
        <span>{format.date(kit.madeAt)}</span>
      </header>
      <h2 className={classes.title}>Recovery kit</h2>
      <p className={classes.claim}>
        The file <code>{name}</code> holds the identities of {format.counted(kit.identities, 'key')} under a
        passphrase. Whoever has the file and the passphrase opens what those keys protect. Without this kit,
        the loss of the machine is the loss of the models.
      </p>
      <dl>
        <div>
          <dt>Made</dt>
          <dd>{format.dateTime(kit.madeAt)}</dd>
        </div>
        <div>
          <dt>Keys</dt>
          <dd>{format.count(kit.identities)}</dd>
        </div>
        <div>
          <dt>File</dt>
          <dd>
            <code>{safeText(kit.where)}</code>
          </dd>
        </div>
        <div>
          <dt>SHA-256</dt>
          <dd>
            <code>{groupsOfFour(kit.digest)}</code>
          </dd>
        </div>
        <div>
          <dt>Last drill</dt>
          <dd>{kit.drilledAt === null ? 'none passed yet' : `passed ${format.dateTime(kit.drilledAt)}`}</dd>
        </div>
      </dl>
      <h3>Where this kit is kept</h3>
      <p className={classes.line} />
      <h3>Passphrase, written by hand, kept apart from the file</h3>
      <p>One that was generated: ten words, with a hyphen between any two. Your own: as you typed it.</p>
      <ol className={classes.words}>
        {Array.from({ length: 10 }, (_, at) => (
          <li key={at}>{at + 1}</li>
        ))}
      </ol>
      <p className={classes.line} />
      <h3>How to open it without Weightlock</h3>
      <p>
        Install age{kit.needsNewAge ? ' 1.3 or later' : ''} (age-encryption.org), then, in the folder of the
        file:
      </p>
      <pre>{`age -d ${name} > ids.txt\nage -d -i ids.txt MODEL.age > MODEL`}</pre>
      <p>
        <code>ids.txt</code> then holds every key in plain text: delete it when you are done.
      </p>
      <h3>On a new machine with Weightlock</h3>
      <pre>{`weightlock kit restore ${name}\nweightlock rebuild\nweightlock adopt --all`}</pre>
      <p>
        Add the stores that hold the ciphertext before the second line. Or: Settings, Recovery kit, Restore.
      </p>
    </Paper>
  )
}
