import { useLocation } from 'wouter'
import type { Certificate } from '../../../shared/domain/certificate.ts'
import { JobId } from '../../../shared/ids.ts'
import { Button } from '../../components/button.tsx'
import { Crumbs } from '../../components/crumbs.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { showFailure, showNotice } from '../../components/notice.tsx'
import { PaperPage } from '../../components/paper-page.tsx'
import { usePathPicker } from '../../components/path-picker/use-path-picker.ts'
import { ScreenHeader } from '../../components/screen-header.tsx'
import { failureFrom, useAction, useCall } from '../../lib/use-call.ts'
import { CertificateSheet } from './certificate-sheet.tsx'

/** The certificate of a retirement as a sheet of paper, to be printed or saved.
 * @param id from the address */
export function CertificatePage({ id }: { id: string }) {
  const certificateId = JobId.safeParse(id)
  if (!certificateId.success)
    return <FailureAlert failure={{ code: 'certificate/not-found', certificateId: '' }} layout="columns" />
  return <KnownCertificate certificateId={certificateId.data} />
}

function KnownCertificate({ certificateId }: { certificateId: JobId }) {
  const answer = useCall('certificates:show', { certificateId })
  if (answer.isError)
    return (
      <>
        <ScreenHeader title={<Crumbs crumbs={[{ label: 'Artifacts', href: '#/artifacts' }]} />} />
        <FailureAlert
          failure={failureFrom(answer.error)}
          layout="columns"
          actions={<Button onClick={() => void answer.refetch()}>Try again</Button>}
        />
      </>
    )
  return answer.data === undefined ? null : <ShownCertificate certificate={answer.data} />
}

function ShownCertificate({ certificate }: { certificate: Certificate }) {
  const [, navigate] = useLocation()
  const picker = usePathPicker()
  const { row, fileNames } = certificate
  const { certificateId } = row
  const save = useAction('certificates:save', {
    onDone: ({ locations }) => showNotice({ title: 'Certificate saved', message: locations.join('\n') }),
  })
  const pdf = useAction('certificates:pdf', {
    onDone: ({ location }) => showNotice({ title: 'Page saved', message: location }),
  })
  const ask = async (what: typeof save | typeof pdf, name: string): Promise<void> => {
    const target = await picker.chooseTarget(name, 'file')
    if (target === null) return
    await what.mutateAsync({ certificateId, target: { token: target.token } })
  }
  const saveAs = (what: typeof save | typeof pdf, name: string): void =>
    void ask(what, name).catch((error: unknown) => showFailure(failureFrom(error)))
  return (
    <PaperPage
      label="Certificate"
      header={
        <ScreenHeader
          title={
            <Crumbs
              isHeading={false}
              crumbs={[
                { label: 'Artifacts', href: '#/artifacts' },
                { label: row.artifactName },
                { label: 'Certificate' },
              ]}
            />
          }
        >
          <Button onClick={() => window.print()}>Print…</Button>
          <Button
            busy={pdf.isPending}
            onClick={() => saveAs(pdf, fileNames.statement.replace(/\.json$/, '.pdf'))}
          >
            Save as PDF…
          </Button>
          <Button kind="primary" busy={save.isPending} onClick={() => saveAs(save, fileNames.statement)}>
            Save 3 files…
          </Button>
          <Button kind="ghost" onClick={() => navigate('/artifacts')}>
            Close
          </Button>
        </ScreenHeader>
      }
    >
      <CertificateSheet certificate={certificate} />
    </PaperPage>
  )
}
