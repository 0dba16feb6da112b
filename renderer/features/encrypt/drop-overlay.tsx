import { IconArrowRight, IconFile, IconFolder, IconStack2 } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { EncryptProposal } from '../../../shared/contract/encrypt.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { useCurrentPlace } from '../../lib/use-place.ts'
import { useFormat } from '../../lib/use-format.ts'
import type { NamedSource } from '../../lib/window-requests.ts'
import classes from './drop-overlay.module.css'

const shownKinds = 5

type FrameProps = { title: string; hint: string; rows?: number; children?: ReactNode }

function Frame({ title, hint, rows = 0, children }: FrameProps) {
  const place = useCurrentPlace()
  const { store, folder } = place
  const destination = safeText(
    [store?.name ?? place.stores.find((one) => one.isDefault)?.name, folder].filter(Boolean).join('/'),
  )
  return (
    <output className={classes.overlay}>
      <div className={classes.band} data-tall={rows > 0 || undefined} style={{ '--rows': bandRows(rows) }}>
        <div className={classes.text}>
          <div className={classes.title}>
            <span>{title}</span>
            <IconArrowRight size={20} stroke={1.5} aria-label="to" />
            <span className={classes.destination}>{destination}</span>
          </div>
          {children}
          <div className={classes.hint}>
            <span>{hint}</span>
            <span>Esc cancels</span>
          </div>
        </div>
      </div>
    </output>
  )
}

/** How many rows of the table the band covers, so that it cuts none in half: title, kinds, hint and some air. */
const bandRows = (kinds: number): number => kinds + 4

/** While files hover: how many and where to. */
export function HoverOverlay({ items }: { items: number }) {
  const format = useFormat()
  return <Frame title={format.counted(items, 'item')} hint="Let go to review. Nothing is encrypted yet." />
}

/** After the release, while main looks inside: names at once, then sizes and kinds. */
export function ReleasedOverlay({
  sources,
  proposals,
}: {
  sources: NamedSource[]
  proposals: EncryptProposal[] | undefined
}) {
  const format = useFormat()
  const totalBytes = proposals?.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const title = [
    format.counted((proposals ?? sources).length, 'item'),
    totalBytes === undefined ? '' : format.bytes(totalBytes),
  ]
    .filter(Boolean)
    .join(' · ')
  const more = (proposals?.length ?? sources.length) - shownKinds
  return (
    <Frame
      rows={Math.min(proposals?.length ?? sources.length, shownKinds) + (more > 0 ? 1 : 0)}
      title={title}
      hint={
        proposals
          ? 'Opening the review. Nothing is encrypted yet.'
          : 'Looking inside. Nothing is encrypted yet.'
      }
    >
      <div className={classes.kinds}>
        {proposals
          ? proposals.slice(0, shownKinds).map((proposal) => (
              <div key={proposal.sources.join(' ')} className={classes.kind}>
                <Icon proposal={proposal} />
                <MiddleEllipsis text={proposal.summary.label} />
                <span>{format.bytes(proposal.sizeBytes)}</span>
              </div>
            ))
          : sources.slice(0, shownKinds).map(({ token, name }) => (
              <div key={token} className={classes.kind}>
                <IconFile size={16} stroke={1.5} aria-hidden />
                <MiddleEllipsis text={name} />
                <span />
              </div>
            ))}
        {more > 0 ? <div className={classes.more}>and {format.count(more)} more</div> : null}
      </div>
    </Frame>
  )
}

function Icon({ proposal }: { proposal: EncryptProposal }) {
  const Glyph = proposal.shards ? IconStack2 : proposal.isFolder ? IconFolder : IconFile
  return <Glyph size={16} stroke={1.5} aria-hidden />
}
