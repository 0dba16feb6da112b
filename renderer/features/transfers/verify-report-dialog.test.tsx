import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { jobId, jobView, pathToken, programStatus } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { verifyReport, verifyResult } from '../../testing/verify-builders.ts'
import { VerifyReportDialog } from './verify-report-dialog.tsx'

const job = jobView({ n: 1, kind: 'verify', state: 'failed', title: 'All artifacts', target: 'a sample' })
const report = verifyReport(
  [
    verifyResult(1, {
      result: 'differs',
      code: 'verify/altered',
      failure: { code: 'verify/altered', name: 'fraud/model-1.pkl' },
      checked: ['size', 'header'],
      notChecked: ['stored-checksum', 'payload'],
    }),
    verifyResult(2, { foundAs: 'moved/model-2.pkl.age' }),
  ],
  { stores: [{ storeId: verifyResult(1).storeId, store: 'models-prod', objects: 14, foreign: 3 }] },
)
const open = () => {
  const bridge = makeFakeBridge({
    'artifacts:verify-report': () => report,
    'program:status': () => programStatus({ nativeDialogs: true }),
    'files:choose-target': () => ({ chosen: { token: pathToken(5), path: '/home/ada/check.txt' } }),
  })
  return renderPart(<VerifyReportDialog job={job} onClose={() => undefined} />, { bridge })
}

describe('the report of a check', () => {
  it('says of each object what was found, what was checked and what was not', async () => {
    open()
    const table = await screen.findByRole('table', { name: 'Objects' })
    expect(within(table).getByText('Differs')).toBeDefined()
    expect(
      within(table).getByText('Checked size, header; not checked: stored checksum, all of the payload'),
    ).toBeDefined()
    expect(within(table).getByText('Renamed: found as moved/model-2.pkl.age')).toBeDefined()
    expect(within(table).getByText(/4 of 214 leaves/)).toBeDefined()
    expect(screen.getByText('2 objects looked at: 1 matches, 1 differs, 1 renamed.')).toBeDefined()
    expect(screen.getByText('models-prod holds 14 objects, 3 of them not known here.')).toBeDefined()
  })

  it('is copied', async () => {
    const { bridge, user } = open()
    await screen.findByRole('table', { name: 'Objects' })
    await user.click(screen.getByRole('button', { name: 'Copy' }))
    const [copied] = bridge.requestsTo('program:copy-text')
    expect(copied?.text).toMatch(/^Differs: fraud\/model-1\.pkl v1 in models-prod; /m)
  })

  it('is saved where the person says', async () => {
    const { bridge, user } = open()
    await screen.findByRole('table', { name: 'Objects' })
    await user.click(screen.getByRole('button', { name: 'Save…' }))
    expect(bridge.requestsTo('artifacts:save-verify-report')).toEqual([
      { jobId: jobId(1), target: { token: pathToken(5) } },
    ])
  })
})
