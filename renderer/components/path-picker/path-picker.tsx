import { TextInput } from '@mantine/core'
import { IconArrowUp, IconFile, IconFolder } from '@tabler/icons-react'
import { useMemo, useState, useSyncExternalStore } from 'react'
import type { BrowsedFolder } from '../../../shared/contract/files.ts'
import type { PathToken } from '../../../shared/ids.ts'
import { failureFrom, useCall, useInvoke } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import type { Format } from '../../lib/use-format.ts'
import { Button } from '../button.tsx'
import { DataTable, nothingSelected } from '../data-table/data-table.tsx'
import type { Column, Selection } from '../data-table/data-table.tsx'
import { rowsOfArray } from '../data-table/rows-of-array.ts'
import { Dialog } from '../dialog.tsx'
import { FailureAlert } from '../failure-alert.tsx'
import { IconButton } from '../icon-button.tsx'
import { MiddleEllipsis } from '../middle-ellipsis.tsx'
import { pickerRequests } from './picker-requests.ts'
import type { PickerRequest } from './picker-requests.ts'
import classes from './path-picker.module.css'

type Entry = BrowsedFolder['entries'][number]

/** Shows the picker while somebody waits for it. The window has one. */
export function PathPickerHost() {
  const request = useSyncExternalStore(pickerRequests.subscribe, pickerRequests.get)
  if (request === null) return null
  return <Picker key={`${request.to} ${request.what}`} request={request} />
}

const titles = {
  files: 'Choose files',
  folder: 'Choose a folder',
  'age-file': 'Choose an age file',
  identity: 'Choose an identity file',
  'store-folder': 'Choose a folder',
  certificate: 'Choose a certificate',
  'target-folder': 'Choose a folder',
} as const

const purposes = {
  files: 'read',
  folder: 'read',
  'age-file': 'read',
  identity: 'read',
  'store-folder': 'store',
  certificate: 'store',
  'target-folder': 'write-into',
} as const

function Picker({ request }: { request: PickerRequest }) {
  const format = useFormat()
  const invoke = useInvoke()
  const [at, setAt] = useState<PathToken | null>(null)
  const [selection, setSelection] = useState<Selection<Entry>>(nothingSelected)
  const [name, setName] = useState(request.to === 'save' ? request.suggestedName : '')
  const [taken, setTaken] = useState<string | null>(null)
  const wantsFiles =
    request.to === 'open' && ['files', 'age-file', 'identity', 'certificate'].includes(request.what)
  const purpose = request.to === 'open' ? purposes[request.what] : 'write-into'
  const folder = useCall(
    'files:browse',
    { at, files: wantsFiles || request.to === 'save', purpose },
    { keepPrevious: true, fresh: true },
  )
  const columns = useMemo(() => entryColumns(format), [format])

  const goTo = (token: PathToken | null): void => {
    setAt(token)
    setSelection(nothingSelected)
    setTaken(null)
  }
  const chosen = [...selection.rows.values()]
  const answerOpen = (entries: Entry[]): void => {
    if (request.to !== 'open') return
    pickerRequests.end()
    request.answer(
      entries.map(({ token, name: entryName }) => ({
        token,
        name: entryName,
        ...(token === folder.data?.token ? { path: folder.data.path } : {}),
      })),
    )
  }
  const save = async (): Promise<void> => {
    if (request.to !== 'save' || folder.data === undefined) return
    const target = await invoke('files:name-in', { folder: folder.data.token, name })
    if (target.exists) return setTaken(name)
    pickerRequests.end()
    request.answer({ token: target.token, path: target.path })
    return undefined
  }
  const thisFolder = (): void => {
    if (folder.data === undefined) return
    const picked = chosen.filter((entry) => entry.isFolder)
    answerOpen(
      picked.length > 0
        ? picked
        : [
            {
              token: folder.data.token,
              name: folder.data.path.split(/[/\\]/).findLast(Boolean) ?? folder.data.path,
              isFolder: true,
              sizeBytes: null,
            },
          ],
    )
  }
  const files = chosen.filter((entry) => !entry.isFolder)
  const open = (entry: Entry): void => {
    if (entry.isFolder) goTo(entry.token)
    else if (wantsFiles) answerOpen(files.length > 1 ? files : [entry])
    else setName(entry.name)
  }
  const folderName = chosen.find((entry) => entry.isFolder)?.name
  return (
    <Dialog
      title={request.to === 'open' ? titles[request.what] : 'Choose where to write'}
      widthPx={640}
      flush
      onClose={pickerRequests.cancel}
      actions={
        <>
          <Button kind="ghost" onClick={pickerRequests.cancel}>
            Cancel
          </Button>
          {request.to === 'save' ? (
            <Button kind="primary" disabled={name.trim() === ''} onClick={() => void save()}>
              Write here
            </Button>
          ) : wantsFiles ? (
            <Button kind="primary" disabled={files.length === 0} onClick={() => answerOpen(files)}>
              {files.length > 1 ? `Choose ${format.count(files.length)} files` : 'Choose'}
            </Button>
          ) : (
            <Button kind="primary" disabled={folder.data === undefined} onClick={thisFolder}>
              {folderName === undefined ? 'Choose this folder' : `Choose “${folderName}”`}
            </Button>
          )}
        </>
      }
    >
      <div className={classes.picker}>
        <div className={classes.path}>
          <IconButton
            icon={IconArrowUp}
            label="Up one folder"
            disabled={(folder.data?.parent ?? null) === null}
            onClick={() => goTo(folder.data?.parent ?? null)}
          />
          <code>
            <MiddleEllipsis text={folder.data?.path ?? ''} tail={32} />
          </code>
        </div>
        <div className={classes.list}>
          {folder.isError ? (
            <FailureAlert
              failure={failureFrom(folder.error)}
              actions={<Button onClick={() => goTo(null)}>Go to the home folder</Button>}
            />
          ) : (
            <DataTable
              label={folder.data?.path ?? 'Folder'}
              columns={columns}
              rows={rowsOfArray(folder.data?.entries ?? [])}
              getRowId={(entry) => entry.token}
              getRowName={(entry) => entry.name}
              rowTone={(entry) => (request.to === 'save' && !entry.isFolder ? 'foreign' : undefined)}
              selection={selection}
              onSelect={setSelection}
              onOpen={open}
              compact
              empty={<p className={classes.empty}>{folder.isPending ? '' : 'Nothing in this folder.'}</p>}
            />
          )}
        </div>
        {folder.data?.truncated === true ? (
          <p className={classes.more}>This folder holds more than can be listed here.</p>
        ) : null}
        {request.to === 'save' ? (
          <div className={classes.name}>
            <TextInput
              label="Name"
              value={name}
              spellCheck={false}
              error={
                taken === name ? 'This name is taken here. Nothing is overwritten: choose another.' : null
              }
              onChange={(event) => setName(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && name.trim() !== '') void save()
              }}
              data-autofocus
            />
          </div>
        ) : null}
      </div>
    </Dialog>
  )
}

const entryColumns = (format: Format): Column<Entry>[] => [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(0, 1fr)',
    cell: (entry) => (
      <span className={classes.entry}>
        {entry.isFolder ? (
          <IconFolder size={16} stroke={1.5} aria-label="Folder" />
        ) : (
          <IconFile size={16} stroke={1.5} aria-label="File" />
        )}
        <MiddleEllipsis text={entry.name} />
      </span>
    ),
  },
  {
    id: 'size',
    header: 'Size',
    width: '88px',
    align: 'end',
    cell: (entry) => (entry.sizeBytes === null ? '' : format.bytes(entry.sizeBytes)),
  },
]
