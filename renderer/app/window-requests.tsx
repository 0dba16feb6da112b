import { Suspense, useEffect, useSyncExternalStore } from 'react'
import { usePathPicker } from '../components/path-picker/use-path-picker.ts'
import { askWindow, endRequest, windowRequests } from '../lib/window-requests.ts'
import { arriving } from './arriving.tsx'
import { KeyboardHelp } from './keyboard-help.tsx'

const EncryptFlow = arriving(async () => (await import('../features/encrypt/encrypt-flow.tsx')).EncryptFlow)
const DecryptDialog = arriving(
  async () => (await import('../features/artifacts/decrypt-dialog.tsx')).DecryptDialog,
)
const CopyDialog = arriving(async () => (await import('../features/artifacts/copy-dialog.tsx')).CopyDialog)
const DeleteDialog = arriving(
  async () => (await import('../features/artifacts/delete-dialog.tsx')).DeleteDialog,
)
const OpenAgeFileDialog = arriving(
  async () => (await import('../features/artifacts/open-age-file-dialog.tsx')).OpenAgeFileDialog,
)
const Palette = arriving(async () => (await import('../features/palette/palette.tsx')).Palette)
const ImportIdentityDialog = arriving(
  async () => (await import('../features/keys/import-identity-dialog.tsx')).ImportIdentityDialog,
)

const ChosenKit = arriving(async () => (await import('../features/recovery-kit/chosen-kit.tsx')).ChosenKit)

/** Shows what some feature asked the window for. Features do not know each other; this knows them. */
export function WindowRequests() {
  const request = useSyncExternalStore(windowRequests.subscribe, windowRequests.get)
  return (
    <Suspense fallback={null}>
      {request === null ? null : request.ask === 'encrypt' ? (
        <EncryptFlow
          key={request.sources.map(({ token }) => token).join()}
          sources={request.sources}
          onClose={endRequest}
        />
      ) : request.ask === 'decrypt' ? (
        <DecryptDialog
          key={request.artifactIds.join()}
          artifactIds={request.artifactIds}
          version={request.version}
          onClose={endRequest}
        />
      ) : request.ask === 'copy' ? (
        <CopyDialog
          key={JSON.stringify(request)}
          items={request.items}
          move={request.move}
          onClose={endRequest}
        />
      ) : request.ask === 'delete-ciphertext' ? (
        <DeleteDialog key={JSON.stringify(request)} items={request.items} onClose={endRequest} />
      ) : request.ask === 'open-age-file' ? (
        <OpenAgeFileDialog
          key={JSON.stringify(request.source)}
          source={request.source}
          name={request.name}
          onClose={endRequest}
        />
      ) : request.ask === 'make-kit' ? (
        <ChosenKit key={request.keyIds.join()} keyIds={request.keyIds} onClose={endRequest} />
      ) : request.ask === 'import-identity' ? (
        <ImportIdentityDialog
          key={request.source?.token ?? ''}
          source={request.source}
          onClose={endRequest}
        />
      ) : request.ask === 'choose-to-encrypt' ? (
        <ChooseToEncrypt what={request.what} />
      ) : request.ask === 'palette' ? (
        <Palette onClose={endRequest} />
      ) : request.ask === 'keyboard-help' ? (
        <KeyboardHelp onClose={endRequest} />
      ) : null}
    </Suspense>
  )
}

/** The picker, then the sheet. */
function ChooseToEncrypt({ what }: { what: 'files' | 'folder' }) {
  const picker = usePathPicker()
  useEffect(() => {
    void picker.choose(what).then((sources) => {
      if (sources.length > 0) askWindow({ ask: 'encrypt', sources })
      else endRequest()
    })
  }, [picker, what])
  return null
}
