import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { jobView, keyId, storeId } from '../../testing/builders.ts'
import { compromisePlan, incident, incidentId, oldObjectVersions } from '../../testing/compromise-builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { bucketInfo } from '../../testing/store-builders.ts'
import { CompromisePage } from './compromise-page.tsx'
import { IncidentPage } from './incident-page.tsx'

const continueTo = async (user: ReturnType<typeof renderPart>['user'], times: number) => {
  for (let n = 0; n < times; n++) await user.click(await screen.findByRole('button', { name: 'Continue' }))
}

describe('the report of a compromise', () => {
  it('marks exactly the keys that were counted, with what happened, and leads to the incident', async () => {
    const { user, bridge } = renderPart(<CompromisePage what={`${keyId(1)},${keyId(2)}`} />)
    expect(await screen.findByRole('heading', { name: 'Report 5 leaked keys' })).toBeDefined()
    expect(bridge.requestsTo('keys:compromise-plan')[0]).toEqual({
      keyIds: [keyId(1), keyId(2)],
      since: null,
    })
    const mark = screen.getByRole<HTMLButtonElement>('button', { name: 'Mark 5 keys compromised' })
    expect(mark.disabled).toBe(true)
    await user.type(screen.getByRole('textbox', { name: 'What happened' }), ' stolen ')
    await user.click(mark)
    expect(bridge.requestsTo('keys:revoke')).toEqual([
      { keyIds: [keyId(1), keyId(2)], since: null, reason: 'stolen', count: 5 },
    ])
    await waitFor(() => expect(globalThis.location.hash).toBe(`#/incidents/${incidentId}`))
  })

  it('says what is exposed and how, what follows in order, and what cannot be undone', async () => {
    renderPart(<CompromisePage what={undefined} />)
    const table = await screen.findByRole('table')
    expect(within(table).getByText('key 1 leaked · now key 2')).toBeDefined()
    expect(screen.getByText('10 payloads under new file keys. The only remedy.')).toBeDefined()
    expect(screen.getByRole('region', { name: 'You must revoke these yourself' })).toBeDefined()
    expect(screen.getByRole('region', { name: 'What cannot be undone' })).toBeDefined()
  })

  it('asks again for another date', async () => {
    const { bridge } = renderPart(<CompromisePage what={undefined} />)
    fireEvent.change(await screen.findByLabelText('Since'), { target: { value: '2026-11-03T00:00' } })
    const since = new Date('2026-11-03T00:00').getTime()
    await waitFor(() =>
      expect(bridge.requestsTo('keys:compromise-plan').at(-1)).toEqual({ keyIds: null, since }),
    )
  })

  it('offers nothing where nothing is meant', async () => {
    const nothing = compromisePlan({ keys: [], artifacts: [], payloads: 0, copies: [] })
    const bridge = makeFakeBridge({ 'keys:compromise-plan': () => nothing })
    renderPart(<CompromisePage what={undefined} />, { bridge })
    expect(await screen.findByRole('heading', { name: 'No key was made or used since then' })).toBeDefined()
    const mark = screen.getByRole<HTMLButtonElement>('button', { name: 'Mark 0 keys compromised' })
    expect(mark.disabled).toBe(true)
  })

  it('says why nothing was marked', async () => {
    const bridge = makeFakeBridge()
    bridge.fail('keys:revoke', { code: 'key/leak-grew', confirmed: 5, meant: 6 })
    const { user } = renderPart(<CompromisePage what={keyId(1)} />, { bridge })
    await user.type(await screen.findByRole('textbox', { name: 'What happened' }), 'stolen')
    await user.click(screen.getByRole('button', { name: 'Mark 5 keys compromised' }))
    expect(
      await screen.findByText('5 keys were confirmed, and 6 are meant by now.', { exact: false }),
    ).toBeDefined()
  })
})

describe('an incident', () => {
  it('takes somebody’s word for a copy that it cannot reach', async () => {
    const { user, bridge } = renderPart(<IncidentPage id={incidentId} />)
    await user.click(await screen.findByRole('checkbox', { name: /weightlock-kit-2026-11-02/ }))
    expect(bridge.requestsTo('incidents:settle')).toEqual([
      {
        incidentId,
        decisions: [
          { kind: 'copy-revoked', place: 'kit', where: incident().copies[0]?.where, revoked: true },
        ],
      },
    ])
  })

  it('re-encrypts what is left and not begun, once for each artifact', async () => {
    const [first] = incident().versions
    const job = jobView({ n: 9, kind: 're-encrypt', artifactId: first?.artifactId ?? null })
    const bridge = makeFakeBridge({ 'jobs:snapshot': () => ({ jobs: [job] }) })
    const { user } = renderPart(<IncidentPage id={incidentId} />, { bridge })
    await continueTo(user, 1)
    expect(screen.getByText('Leak and plan').textContent).toBe('Leak and plan, done')
    expect(screen.getByText('Contain').textContent).toBe('Contain')
    await user.click(await screen.findByRole('button', { name: 'Re-encrypt 2 artifacts' }))
    expect(bridge.requestsTo('keys:rotate')).toEqual([
      {
        keyIds: [keyId(2), keyId(3)],
        method: 're-encrypt',
        reason: 'compromise',
        note: 'Laptop stolen from the office',
      },
    ])
  })

  it('gives up and deletes only by the artifact’s name', async () => {
    const { user, bridge } = renderPart(<IncidentPage id={incidentId} />)
    await continueTo(user, 2)
    await user.click(
      await screen.findByRole('button', { name: 'Delete 1 old version of embedder-new.onnx…' }),
    )
    const dialog = await screen.findByRole('dialog')
    const confirm = within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Delete 1 old version' })
    expect(confirm.disabled).toBe(true)
    await user.type(within(dialog).getByRole('textbox'), 'embedder-new.onnx')
    await user.click(confirm)
    const [old] = oldObjectVersions().versions
    expect(bridge.requestsTo('incidents:settle')).toEqual([
      {
        incidentId,
        decisions: [
          { kind: 'delete', storeId: old?.storeId, objectName: old?.objectName, versionId: old?.versionId },
        ],
      },
    ])
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  it('says what kept versions cost where the store has a price, and bytes alone where it has none', async () => {
    const { versions } = oldObjectVersions()
    const [old] = versions
    const priced = {
      ...bucketInfo({ settings: { price: '0.023 USD' } }),
      storeId: old?.storeId ?? storeId(1),
    }
    const bridge = makeFakeBridge({
      'stores:list': () => ({ stores: [priced] }),
      'incidents:old-versions': () => ({
        versions: versions.slice(0, 1).map((each) => ({ ...each, sizeBytes: 100e9 })),
        unasked: [],
      }),
    })
    const { user } = renderPart(<IncidentPage id={incidentId} />, { bridge })
    await continueTo(user, 2)
    expect(await screen.findByText(/100\.00 GB, US\$2\.30 a month in /)).toBeDefined()
  })

  it('offers to destroy a leaked key only once nothing that it opens is undecided', async () => {
    const settled = incident({ keys: incident().keys.map((each) => ({ ...each, stillOpens: 0 })) })
    const bridge = makeFakeBridge({ 'incidents:show': () => settled })
    const { user } = renderPart(<IncidentPage id={incidentId} />, { bridge })
    await continueTo(user, 3)
    const list = await screen.findByRole('list', { name: 'Leaked keys' })
    expect(within(list).getAllByRole('button', { name: /^Destroy / })).toHaveLength(3)
    expect(within(list).getAllByText('1 old version')).toHaveLength(2)
  })

  it('does not call decided what a store did not say', async () => {
    const failure = { code: 'store/unreachable', store: 'models-prod', detail: 'no answer' } as const
    const [old] = oldObjectVersions().versions
    const unasked = old ? [{ storeId: old.storeId, store: old.store, failure }] : []
    const bridge = makeFakeBridge({
      'incidents:old-versions': () => oldObjectVersions({ versions: [], unasked }),
      'incidents:show': () => incident({ keys: incident().keys.map((each) => ({ ...each, stillOpens: 0 })) }),
    })
    const { user } = renderPart(<IncidentPage id={incidentId} />, { bridge })
    await continueTo(user, 2)
    expect(await screen.findByRole('heading', { name: 'What a store keeps is not known' })).toBeDefined()
    await continueTo(user, 1)
    expect(screen.queryByRole('button', { name: /^Destroy / })).toBeNull()
  })

  it('that is not known is said to be so', async () => {
    renderPart(<IncidentPage id="nonsense" />)
    expect(await screen.findByRole('heading', { name: 'The incident cannot be shown' })).toBeDefined()
  })
})
