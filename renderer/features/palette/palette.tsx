/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a combobox with its list: no element of HTML is one */
import { Modal } from '@mantine/core'
import {
  IconArrowRight,
  IconArrowsUpDown,
  IconCornerDownLeft,
  IconDatabase,
  IconFile,
  IconFolder,
  IconHistory,
  IconKey,
  IconLock,
  IconLockOpen,
  IconSearch,
  IconShieldCheck,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { useLocation } from 'wouter'
import { safeText } from '../../../shared/safe-text.ts'
import { KeyStateBadge } from '../../components/key-state-badge.tsx'
import { showFailure } from '../../components/notice.tsx'
import { useJobsNotice } from '../../components/use-jobs-notice.ts'
import { failureFrom, useInvoke } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { askWindow } from '../../lib/window-requests.ts'
import { markMatches, moveActive } from './match.ts'
import { paletteGroups, type PaletteIcon, type PaletteItem } from './palette-items.ts'
import { levelWords } from './store-actions.ts'
import { usePaletteSearch } from './use-palette-search.ts'
import classes from './palette.module.css'

const icons: Record<PaletteIcon, typeof IconFile> = {
  file: IconFile,
  folder: IconFolder,
  key: IconKey,
  lock: IconLock,
  verify: IconShieldCheck,
  go: IconArrowRight,
  import: IconUpload,
  open: IconLockOpen,
  store: IconDatabase,
  delete: IconTrash,
  recent: IconHistory,
}

/** Ctrl/Cmd+K: artifacts, keys, actions and what was done last, found by a few letters. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const listId = useId()
  const format = useFormat()
  const { found, isSearching } = usePaletteSearch(query)
  const groups = useMemo(() => paletteGroups(query, found, format), [query, found, format])
  const items = groups.flatMap((group) => group.items)
  const at = Math.min(active, Math.max(0, items.length - 1))
  const run = useRun(onClose)
  const rowId = (index: number): string => `${listId}-${index}`
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at])
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      setActive(moveActive(at, step, items.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      const item = items[at]
      if (item !== undefined) run(item)
    }
  }
  return (
    <Modal.Root
      opened
      onClose={onClose}
      size={592}
      classNames={{ inner: classes.inner ?? '', content: classes.content ?? '' }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label="Find and do">
        <div className={classes.field}>
          <IconSearch size={16} stroke={1.5} aria-hidden />
          <input
            data-autofocus
            role="combobox"
            aria-label="Find artifacts, keys and actions"
            aria-expanded
            aria-controls={listId}
            aria-activedescendant={items.length === 0 ? undefined : rowId(at)}
            aria-autocomplete="list"
            placeholder="Find artifacts, keys and actions"
            value={query}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => {
              setQuery(event.currentTarget.value)
              setActive(0)
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        <div id={listId} ref={list} className={classes.list} role="listbox" aria-label="Found">
          {groups.map((group, groupIndex) => {
            const before = groups.slice(0, groupIndex).reduce((sum, one) => sum + one.items.length, 0)
            return (
              <div key={group.title} role="group" aria-label={group.title}>
                <div className={classes.group} aria-hidden>
                  {group.title}
                </div>
                {group.items.map((item, index) => (
                  <Row
                    key={item.id}
                    id={rowId(before + index)}
                    item={item}
                    query={query}
                    isActive={before + index === at}
                    onHover={() => setActive(before + index)}
                    onChoose={() => run(item)}
                  />
                ))}
              </div>
            )
          })}
        </div>
        {items.length === 0 ? (
          <p className={classes.none} role="status">
            {isSearching ? 'Looking…' : `Nothing matches “${query}”.`}
          </p>
        ) : null}
        <footer className={classes.foot} aria-hidden>
          {items.length === 0 ? null : (
            <>
              <span>
                <IconArrowsUpDown size={16} stroke={1.5} />
                Move
              </span>
              <span>
                <IconCornerDownLeft size={16} stroke={1.5} />
                Open
              </span>
            </>
          )}
          <span>Esc closes</span>
        </footer>
      </Modal.Content>
    </Modal.Root>
  )
}

/** Does what a row stands for; the palette is gone before. */
function useRun(onClose: () => void): (item: PaletteItem) => void {
  const [, navigate] = useLocation()
  const invoke = useInvoke()
  const showJobs = useJobsNotice()
  return ({ run, title }) => {
    onClose()
    if ('go' in run) navigate(run.go)
    else if ('ask' in run) askWindow(run.ask)
    else if ('lookAgain' in run) {
      invoke('stores:scan', run.lookAgain).catch((error: unknown) => showFailure(failureFrom(error)))
    } else {
      const what =
        'storeId' in run.verify
          ? { artifactIds: [], storeId: run.verify.storeId }
          : { artifactIds: [run.verify.artifactId], storeId: null }
      invoke('artifacts:verify', { ...what, level: run.level })
        .then(({ jobId }) =>
          showJobs({
            jobIds: [jobId],
            running: title.replace(/^Verify/, 'Verifying'),
            done: `${title.replace(/^Verify /, '')} verified`,
            message: `${levelWords[run.level].replace(/^\w/, (first) => first.toUpperCase())}.`,
          }),
        )
        .catch((error: unknown) => showFailure(failureFrom(error)))
    }
  }
}

type RowProps = {
  id: string
  item: PaletteItem
  query: string
  isActive: boolean
  onHover: () => void
  onChoose: () => void
}

function Row({ id, item, query, isActive, onHover, onChoose }: RowProps) {
  const Icon = icons[item.icon]
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the field holds the focus and the keys
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      className={classes.row}
      onMouseMove={isActive ? undefined : onHover}
      onClick={onChoose}
    >
      <Icon size={16} stroke={1.5} aria-hidden />
      <span className={classes.title}>
        <Marked text={item.title} query={query} />
      </span>
      <span className={classes.sub} data-mono={item.isPath || undefined}>
        <Marked text={item.sub} query={query} />
      </span>
      {item.state === undefined ? null : <KeyStateBadge {...item.state} />}
    </div>
  )
}

const Marked = ({ text, query }: { text: string; query: string }) =>
  markMatches(safeText(text), query).map(({ text: piece, matches }, index) =>
    matches ? (
      // oxlint-disable-next-line react/no-array-index-key -- pieces of one text, in order
      <mark key={index} className={classes.match}>
        {piece}
      </mark>
    ) : (
      piece
    ),
  )
