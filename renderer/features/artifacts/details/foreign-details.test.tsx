import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { storeId } from '../../../testing/builders.ts'
import { makeFakeBridge } from '../../../testing/fake-bridge.ts'
import { renderPart } from '../../../testing/render-app.tsx'
import { ForeignDetails } from './foreign-details.tsx'

const open = (keyHere: boolean) => {
  const bridge = makeFakeBridge({
    'age-file:show': () => ({
      name: 'theirs.pkl.age',
      sizeBytes: 1245,
      headerBytes: 245,
      keyId: null,
      artifactId: null,
      stanzaTypes: ['X25519'],
      plaintextBytes: 1000,
      armored: false,
      needsPassphrase: false,
      keyHere,
    }),
  })
  const entry = {
    type: 'foreign' as const,
    storeId: storeId(1),
    objectName: 'fraud/theirs.pkl.age',
    sizeBytes: 1245,
    modifiedAt: 0,
    isAgeFile: true,
  }
  return renderPart(<ForeignDetails entry={entry} />, { bridge })
}

describe('an age file that is not known here', () => {
  it('is added to the artifacts, read only, where its key is here', async () => {
    const { bridge, user } = open(true)
    await user.click(await screen.findByRole('button', { name: 'Add to the artifacts' }))
    expect(bridge.requestsTo('catalog:rebuild')).toEqual([{ becomeOwner: false }])
  })

  it('is not, where its key is elsewhere', async () => {
    open(false)
    expect(await screen.findByText('Not in this keychain')).toBeDefined()
    expect(screen.queryByRole('button', { name: 'Add to the artifacts' })).toBeNull()
  })
})
