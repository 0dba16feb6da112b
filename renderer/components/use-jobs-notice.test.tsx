import { act, screen, waitFor } from '@testing-library/react'
import { Notifications } from '@mantine/notifications'
import { describe, expect, it } from 'vitest'
import type { JobState } from '../../shared/job.ts'
import { jobId, jobView } from '../testing/builders.ts'
import { makeFakeBridge } from '../testing/fake-bridge.ts'
import { renderPart } from '../testing/render-app.tsx'
import { Button } from './button.tsx'
import { useJobsNotice } from './use-jobs-notice.ts'

function Begin() {
  const show = useJobsNotice()
  return (
    <Button
      onClick={() =>
        show({ jobIds: [jobId(1), jobId(2)], running: 'Encrypting 2 files', done: '2 files encrypted' })
      }
    >
      Begin
    </Button>
  )
}

const begin = async () => {
  const bridge = makeFakeBridge({ 'jobs:snapshot': () => ({ jobs: [] }) })
  const { user } = renderPart(
    <>
      <Begin />
      <Notifications />
    </>,
    { bridge },
  )
  await user.click(await screen.findByRole('button', { name: 'Begin' }))
  await screen.findByText('Encrypting 2 files')
  return (n: number, state: JobState) =>
    act(() => bridge.emit('jobs:changed', { jobs: [jobView({ jobId: jobId(n), state })], removed: [] }))
}

describe('what a notice says of the jobs that it stands for', () => {
  it('says that they are done once all of them are, and not before', async () => {
    const tell = await begin()
    tell(1, 'running')
    tell(1, 'done')
    tell(2, 'running')
    expect(screen.queryByText('2 files encrypted')).toBeNull()
    tell(2, 'done')
    expect(await screen.findByText('2 files encrypted')).toBeTruthy()
    expect(screen.queryByText('Encrypting 2 files')).toBeNull()
  })

  it('goes when one of them does not end well: its row says more', async () => {
    const tell = await begin()
    tell(1, 'failed')
    await waitFor(() => expect(screen.queryByText('Encrypting 2 files')).toBeNull())
    tell(2, 'done')
    expect(screen.queryByText('2 files encrypted')).toBeNull()
  })
})
