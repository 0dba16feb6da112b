import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { keyId, keyRow, pathToken } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { ImportIdentityDialog } from './import-identity-dialog.tsx'

const source = { token: pathToken(3), name: 'keys.txt' }
const open = (bridge = makeFakeBridge()) =>
  renderPart(<ImportIdentityDialog source={source} onClose={() => {}} />, { bridge })

describe('import', () => {
  it('imports an identity file without asking for a passphrase', async () => {
    const bridge = makeFakeBridge()
    bridge.fail('age-file:show', { code: 'age/not-an-age-file' })
    const { user } = open(bridge)
    await user.click(await screen.findByRole('button', { name: 'Import' }))
    expect(bridge.requestsTo('keys:import')).toEqual([
      { source: { token: pathToken(3) }, passphrase: null, reverseDestroyed: null },
    ])
    expect(await screen.findByRole('dialog', { name: '1 key imported' })).toBeDefined()
  })

  it('asks for the passphrase of an age file first', async () => {
    const bridge = makeFakeBridge({
      'age-file:show': () => ({
        name: 'keys.age',
        sizeBytes: 400,
        headerBytes: 200,
        plaintextBytes: 100,
        armored: false,
        stanzaTypes: ['scrypt'],
        needsPassphrase: true,
        keyId: null,
        artifactId: null,
        keyHere: false,
      }),
    })
    const { user } = open(bridge)
    const field = await screen.findByLabelText('Passphrase of this file')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Import' }).disabled).toBe(true)
    await user.type(field, 'correct horse')
    await user.click(screen.getByRole('button', { name: 'Import' }))
    expect(bridge.requestsTo('keys:import')[0]).toMatchObject({ passphrase: 'correct horse' })
  })

  it('takes a destroyed key back only by its name', async () => {
    const bridge = makeFakeBridge()
    bridge.fail('keys:import', { code: 'key/destroyed', keyId: keyId(1) })
    const { user } = open(bridge)
    await user.click(await screen.findByRole('button', { name: 'Import' }))
    await user.type(await screen.findByRole('textbox'), 'fraud_detector.pkl')
    bridge.answer('keys:import', () => ({ imported: [keyRow()], alreadyKnown: 0 }))
    await user.click(screen.getByRole('button', { name: 'Import' }))
    expect(bridge.requestsTo('keys:import').at(-1)).toMatchObject({ reverseDestroyed: 'fraud_detector.pkl' })
  })

  it('says what is known already', async () => {
    const bridge = makeFakeBridge({ 'keys:import': () => ({ imported: [], alreadyKnown: 2 }) })
    const { user } = open(bridge)
    await user.click(await screen.findByRole('button', { name: 'Import' }))
    expect(await screen.findByText(/2 keys were known already/)).toBeDefined()
  })
})
