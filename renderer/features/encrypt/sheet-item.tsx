import { IconAlertTriangle, IconFile, IconFolder, IconKey, IconLock, IconStack2 } from '@tabler/icons-react'
import { formatCounted } from '../../../shared/format.ts'
import { failureText } from '../../../shared/failure-text.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { CheckOption, Segmented } from '../../components/options.tsx'
import { WithCode } from '../../components/with-code.tsx'
import { useFormat } from '../../lib/use-format.ts'
import { askWindow } from '../../lib/window-requests.ts'
import type { NamedSource } from '../../lib/window-requests.ts'
import { objectNameShown } from './encrypt-choices.ts'
import type { Edit, Item } from './encrypt-choices.ts'
import { ItemLinks } from './item-links.tsx'
import { PickleNote } from './pickle-note.tsx'
import classes from './sheet-item.module.css'

type SheetItemProps = {
  item: Item
  source: NamedSource | undefined
  folder: string
  isOpaque: boolean
  /** The sheet's own button takes the offer. */
  isAlone: boolean
  /** The shards that it was split from, if it was. */
  split: number[] | undefined
  onEdit: (change: Edit) => void
  onSplit: () => void
  onJoin: (split: number[]) => void
}

/** One thing that was dropped: its name, what it is, what it will be called, and what to know before. */
export function SheetItem(props: SheetItemProps) {
  const { item, onEdit } = props
  const { proposal, refusal } = item
  const format = useFormat()
  const isOffer = proposal.offer !== 'encrypt' && !item.anyway
  const objectName = objectNameShown(item, props.isOpaque)
  return (
    <div className={classes.item}>
      <span className={classes.icon}>
        <KindIcon item={item} />
      </span>
      <div className={classes.main}>
        <div className={classes.name}>
          {isOffer || refusal !== null ? (
            <b>
              <MiddleEllipsis text={item.name} />
            </b>
          ) : (
            <span className={classes.nameBox}>
              <input
                type="text"
                className={classes.nameField}
                aria-label={`Name of ${proposal.name}`}
                aria-invalid={item.name.trim() === '' || undefined}
                value={item.name}
                spellCheck={false}
                autoComplete="off"
                onChange={(event) => onEdit({ name: event.target.value })}
              />
              {/* While nobody writes in it: shortened so that the end can be read. */}
              <span className={classes.nameShown} aria-hidden>
                <MiddleEllipsis text={item.name} />
              </span>
            </span>
          )}
          <span className={classes.size} title={format.exactBytes(proposal.sizeBytes)}>
            {format.bytes(proposal.sizeBytes)}
          </span>
        </div>
        <div className={classes.kind}>
          <span className={classes.label}>{proposal.summary.label}</span>
          {isOffer || refusal !== null ? null : (
            <span className={classes.as}>
              <span>as</span>
              {objectName === null ? (
                props.isOpaque ? (
                  'an opaque name'
                ) : (
                  'a name that is free'
                )
              ) : (
                <code>
                  <MiddleEllipsis text={objectName} tail={12} />
                </code>
              )}
            </span>
          )}
        </div>
        {refusal === null ? (
          <>
            {proposal.summary.malformed === null ? null : (
              <p className={classes.malformed}>{proposal.summary.malformed}</p>
            )}
            {proposal.summary.warning === null ? null : <PickleNote warning={proposal.summary.warning} />}
            {isOffer ? <Offer {...props} /> : <Choices {...props} />}
          </>
        ) : (
          <Refusal item={item} />
        )}
      </div>
    </div>
  )
}

function KindIcon({ item: { proposal } }: { item: Item }) {
  if (proposal.offer === 'open') return <IconLock size={16} stroke={1.5} aria-hidden />
  if (proposal.offer === 'import') return <IconKey size={16} stroke={1.5} aria-hidden />
  if (proposal.shards) return <IconStack2 size={16} stroke={1.5} aria-hidden />
  return proposal.isFolder ? (
    <IconFolder size={16} stroke={1.5} aria-hidden />
  ) : (
    <IconFile size={16} stroke={1.5} aria-hidden />
  )
}

function Refusal({ item }: { item: Item }) {
  if (item.refusal === null) return null
  const { title, message, remedy } = failureText(item.refusal)
  return (
    <div className={classes.refusal} role="alert">
      <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
      <p>
        <b>{title}.</b> {message} It is left out; the others are not affected. <WithCode text={remedy} />
      </p>
    </div>
  )
}

function Offer({ item, source, isAlone, onEdit }: SheetItemProps) {
  if (source === undefined) return null
  const isAge = item.proposal.offer === 'open'
  return (
    <div className={classes.offer}>
      <p>
        {isAge
          ? 'It is encrypted already. It can be opened here with its identity or passphrase.'
          : 'It holds a secret key. Import it to open what it protects; do not store it as a model.'}
      </p>
      <div className={classes.row}>
        {isAlone ? null : (
          <Button
            onClick={() =>
              isAge
                ? askWindow({ ask: 'open-age-file', source: { token: source.token }, name: source.name })
                : askWindow({ ask: 'import-identity', source })
            }
          >
            {isAge ? 'Open…' : 'Import…'}
          </Button>
        )}
        <Button kind={isAlone ? 'link' : 'ghost'} onClick={() => onEdit({ anyway: true })}>
          Encrypt it all the same
        </Button>
      </div>
    </div>
  )
}

function Choices({ item, folder, split, onEdit, onSplit, onJoin }: SheetItemProps) {
  const { proposal } = item
  const isFirstOfSplit = split !== undefined && split[0] === proposal.sources[0]
  return (
    <>
      {proposal.existing !== null && item.name === proposal.name ? (
        <div className={classes.row}>
          <Segmented
            label={`${proposal.name} exists`}
            value={item.separate ? 'separate' : 'version'}
            options={[
              { value: 'version', label: `New version, v${proposal.existing.nextVersion}` },
              { value: 'separate', label: 'Separate artifact' },
            ]}
            onChange={(value) => onEdit({ separate: value === 'separate' })}
          />
          <span className={classes.second}>
            This name is in {folder === '' ? 'the store' : safeText(folder)} already.
          </span>
        </div>
      ) : null}
      <ItemLinks item={item} />
      {proposal.hidden.length > 0 ? (
        <div className={classes.row}>
          <CheckOption
            label={
              <>
                Leave out {formatCounted(proposal.hidden.length, 'hidden file')}{' '}
                <span className={classes.second}>{someOf(proposal.hidden)}</span>
              </>
            }
            checked={item.leaveOutHidden}
            onChange={(leaveOutHidden) => onEdit({ leaveOutHidden })}
          />
        </div>
      ) : null}
      {proposal.shards !== null && proposal.sources.length > 1 ? (
        <div className={classes.row}>
          <ShardChoice count={proposal.sources.length} isSplit={false} onChange={onSplit} />
        </div>
      ) : null}
      {isFirstOfSplit ? (
        <div className={classes.row}>
          <ShardChoice count={split.length} isSplit onChange={() => onJoin(split)} />
        </div>
      ) : null}
    </>
  )
}

type ShardChoiceProps = { count: number; isSplit: boolean; onChange: () => void }

function ShardChoice({ count, isSplit, onChange }: ShardChoiceProps) {
  return (
    <Segmented
      label="Shards"
      value={isSplit ? 'separate' : 'one'}
      options={[
        { value: 'one', label: 'One artifact' },
        { value: 'separate', label: `${count} separate` },
      ]}
      onChange={onChange}
    />
  )
}

const someOf = (names: string[]): string => {
  const shown = names.slice(0, 3).map(safeText).join(', ')
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown
}
