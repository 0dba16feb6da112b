import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { pathToken, programStatus, storeId, storeInfo } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { bucketInfo, bucketTest, storeTest } from '../../testing/store-builders.ts'
import { StoresPage } from './stores-page.tsx'

const stores = [storeInfo(), storeInfo({ n: 2, name: 'nas-berlin', isDefault: false, artifacts: 0 })]
const open = (item?: string) => {
  const bridge = makeFakeBridge({
    'stores:list': () => ({ stores }),
    'program:status': () => programStatus({ nativeDialogs: true }),
    'files:choose': () => ({ chosen: [{ token: pathToken(4), name: 'models', path: '/srv/here/models' }] }),
  })
  return renderPart(<StoresPage item={item} />, { bridge })
}

describe('stores', () => {
  it('shows the default store first, marked in the list', async () => {
    open()
    expect(await screen.findByRole('heading', { name: 'models-prod', level: 2 })).toBeDefined()
    const current = screen.getByRole('link', { name: /models-prod/, current: 'page' })
    expect(current.textContent).toContain('default')
    expect(screen.queryByRole('button', { name: 'Make default' })).toBeNull()
  })

  it('tests only when asked, and says of each check whether it passed', async () => {
    const { bridge, user } = open()
    const panel = await screen.findByRole('complementary', { name: 'Connection' })
    expect(bridge.requestsTo('stores:test')).toEqual([])
    const check = { isOptional: false, group: 'use', permission: null } as const
    bridge.answer('stores:test', () =>
      storeTest({
        checks: [
          { ...check, name: 'List', passed: true, detail: '' },
          { ...check, name: 'Write', passed: false, detail: 'permission denied' },
        ],
      }),
    )
    await user.click(within(panel).getByRole('button', { name: 'Test' }))
    expect(await within(panel).findByText('The store cannot be used')).toBeDefined()
    expect(within(panel).getAllByLabelText('not run')).toHaveLength(2)
    expect(within(panel).getByText('permission denied')).toBeDefined()
    expect(within(panel).getByText(/in 42 ms/)).toBeDefined()
  })

  it('makes another one the default', async () => {
    const { bridge, user } = open(storeId(2))
    await user.click(await screen.findByRole('button', { name: 'Make default' }))
    expect(bridge.requestsTo('stores:make-default')).toEqual([{ storeId: storeId(2) }])
  })

  it('removes one after a yes, and shows why it was kept', async () => {
    const { bridge, user } = open(storeId(2))
    bridge.fail('stores:remove', { code: 'store/in-use', store: 'nas-berlin', artifacts: 13 })
    await user.click(await screen.findByRole('button', { name: 'Remove…' }))
    const dialog = await screen.findByRole('dialog')
    await user.click(within(dialog).getByRole('button', { name: 'Remove 1 store' }))
    expect(await within(dialog).findByRole('alert')).toBeDefined()
  })

  it('offers no removal of one that holds artifacts', async () => {
    const { bridge, user } = open(storeId(1))
    await user.click(await screen.findByRole('button', { name: 'Remove…' }))
    const dialog = await screen.findByRole('dialog', { name: /holds \d+ artifacts/ })
    expect(within(dialog).queryByRole('button', { name: /^Remove/ })).toBeNull()
    await user.click(within(dialog).getByRole('button', { name: 'Keep it' }))
    expect(bridge.requestsTo('stores:remove')).toEqual([])
  })

  it('does not promise to make the folder of a share that is not there', async () => {
    const away = { isDefault: false, artifacts: 0, exists: false }
    const bridge = makeFakeBridge({
      'stores:list': () => ({ stores: [storeInfo(), storeInfo({ n: 2, name: 'nas-berlin', ...away })] }),
    })
    renderPart(<StoresPage item={storeId(2)} />, { bridge })
    expect(await screen.findByText('Not there now: is the share mounted?')).toBeDefined()
  })

  it('draws the form from the kind’s description, names it like its folder and sends the token', async () => {
    const { bridge, user } = open('add')
    await user.click(await screen.findByRole('button', { name: 'Choose folder…' }))
    await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('models'))
    expect(screen.getByTitle('/srv/here/models')).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Add store' }))
    await waitFor(() =>
      expect(bridge.requestsTo('stores:add')).toEqual([
        {
          name: 'models',
          kind: 'local-folder',
          settings: {},
          paths: { path: { token: pathToken(4) } },
          secrets: {},
        },
      ]),
    )
    await waitFor(() => expect(bridge.requestsTo('stores:test')).toHaveLength(1))
  })

  it('names what is missing and sends nothing', async () => {
    const { bridge, user } = open('add')
    await user.click(await screen.findByRole('button', { name: 'Add store' }))
    expect(await screen.findByText('The name is missing.')).toBeDefined()
    expect(screen.getByText('Choose a folder.')).toBeDefined()
    expect(bridge.requestsTo('stores:add')).toEqual([])
  })

  it('says so when the address names no store', async () => {
    open(storeId(9))
    expect(await screen.findByRole('alert')).toBeDefined()
  })

  const openBuckets = (item: string) => {
    const bridge = makeFakeBridge({ 'stores:list': () => ({ stores: [storeInfo(), bucketInfo({ n: 2 })] }) })
    return renderPart(<StoresPage item={item} />, { bridge })
  }

  it('tests a bucket before it is added, by what is filled in, and keeps the result for the one that is added', async () => {
    const { bridge, user } = openBuckets('add')
    await user.click(await screen.findByRole('combobox', { name: 'Kind' }))
    await user.click(await screen.findByRole('option', { name: 'S3 bucket' }))
    await user.click(screen.getByRole('combobox', { name: 'Service' }))
    await user.click(await screen.findByRole('option', { name: 'MinIO' }))
    await user.type(screen.getByLabelText('Endpoint'), 'http://minio.lab')
    const panel = screen.getByRole('complementary', { name: 'Connection' })
    await user.click(within(panel).getByRole('button', { name: 'Test' }))
    expect(await screen.findByText('The bucket is missing.')).toBeDefined()
    expect(screen.getByText('Only HTTPS is allowed, except to this machine itself.')).toBeDefined()
    expect(bridge.requestsTo('stores:try')).toEqual([])
    await user.clear(screen.getByLabelText('Endpoint'))
    await user.type(screen.getByLabelText('Endpoint'), 'http://127.0.0.1:9000')
    expect(screen.getByText(/does not leave this machine/)).toBeDefined()
    await user.type(screen.getByLabelText('Bucket'), 'models')
    bridge.answer('stores:try', () => bucketTest(['AbortMultipartUpload']))
    await user.click(within(panel).getByRole('button', { name: 'Test' }))
    expect(await within(panel).findByText('1 of 6 needed permissions is missing')).toBeDefined()
    const settings = {
      preset: 'minio',
      bucket: 'models',
      endpoint: 'http://127.0.0.1:9000',
      pathStyle: true,
      credentials: 'chain',
    }
    expect(bridge.requestsTo('stores:try')).toMatchObject([{ kind: 's3', storeId: null, settings }])
    await user.click(within(panel).getByRole('button', { name: 'Copy policy statement' }))
    expect(bridge.requestsTo('program:copy-text')[0]?.text).toContain('AbortMultipartUpload')
    await user.type(screen.getByLabelText('Name'), 'lab')
    expect(within(panel).getByText(/before what you changed/)).toBeDefined()
    await user.click(within(panel).getByRole('button', { name: 'Test again' }))
    await waitFor(() => expect(within(panel).queryByText(/before what you changed/)).toBeNull())
    await user.click(screen.getByRole('button', { name: 'Add store' }))
    await waitFor(() => expect(bridge.requestsTo('stores:add')).toMatchObject([{ name: 'lab', settings }]))
    expect(bridge.requestsTo('stores:test')).toEqual([])
  })

  it('says of one that is being added that it was not tested yet, and verifies one that is kept', async () => {
    const first = openBuckets('add')
    expect(await screen.findByText('Not tested yet')).toBeDefined()
    first.unmount()
    const { bridge, user } = openBuckets(storeId(2))
    await user.click(await screen.findByRole('button', { name: 'Verify' }))
    expect(bridge.requestsTo('artifacts:verify')).toEqual([
      { artifactIds: [], storeId: storeId(2), level: 'full' },
    ])
  })

  it('says what main says of a field at the field', async () => {
    const { bridge, user } = openBuckets(storeId(2))
    bridge.fail('stores:set', {
      code: 'store/settings-invalid',
      field: 'region',
      reason: 'it is no region’s name',
    })
    await user.type(await screen.findByLabelText('Region'), ' x')
    await user.click(screen.getByRole('button', { name: 'Save store' }))
    expect(await screen.findByText('Region: it is no region’s name.')).toBeDefined()
  })

  it('changes the way to a bucket and its credentials, never the bucket, and says why', async () => {
    const { bridge, user } = openBuckets(storeId(2))
    expect(await screen.findByText(/Another bucket or prefix holds other objects/)).toBeDefined()
    expect(screen.queryByRole('textbox', { name: 'Bucket' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Save store' })).toBeNull()
    await user.clear(screen.getByLabelText('Region'))
    await user.click(screen.getByRole('combobox', { name: 'Credentials' }))
    await user.click(await screen.findByRole('option', { name: 'Typed in' }))
    await user.type(screen.getByLabelText('Access key'), 'AKIA')
    await user.click(screen.getByRole('button', { name: 'Save store' }))
    expect(await screen.findByText('The secret access key is missing.')).toBeDefined()
    await user.type(screen.getByLabelText('Secret access key'), 's3cret')
    await user.click(screen.getByRole('button', { name: 'Save store' }))
    await waitFor(() =>
      expect(bridge.requestsTo('stores:set')).toEqual([
        {
          storeId: storeId(2),
          name: 'models-prod',
          settings: {
            preset: 'aws',
            endpoint: '',
            region: '',
            pathStyle: false,
            credentials: 'typed',
            accessKeyId: 'AKIA',
            price: '',
          },
          paths: {},
          secrets: { secretAccessKey: 's3cret' },
        },
      ]),
    )
  })

  it('shows which permissions are missing that are not needed, without alarm', async () => {
    const { bridge, user } = openBuckets(storeId(2))
    bridge.answer('stores:test', () => bucketTest(['ListBucketVersions']))
    await user.click(await screen.findByRole('button', { name: 'Test' }))
    expect(await screen.findByText('1 permission is missing, none that is needed')).toBeDefined()
    expect(screen.queryByRole('alert')).toBeNull()
    expect(screen.getByText('arn:aws:s3:::acme-models-prod')).toBeDefined()
  })
})
