import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { pathToken, programStatus } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import type { Answers } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { usualAnswers } from '../../testing/usual-answers.ts'
import { OpenAgeFileDialog } from './open-age-file-dialog.tsx'

const header =
  (over: object): Answers['age-file:show'] =>
  async (request) => ({
    ...(await usualAnswers['age-file:show'](request)),
    ...over,
  })
const open = (answers: Partial<Answers> = {}, name = 'handed-over.pkl.age') => {
  const onClose = vi.fn<() => void>()
  const bridge = makeFakeBridge({
    'program:status': () => programStatus({ nativeDialogs: true }),
    'files:choose-target': () => ({ chosen: { token: pathToken(50), path: '/home/ada/out' } }),
    'files:choose': () => ({ chosen: [{ token: pathToken(60), name: 'key.txt' }] }),
    ...answers,
  })
  const source = { token: pathToken(1) }
  return {
    ...renderPart(<OpenAgeFileDialog source={source} name={name} onClose={onClose} />, { bridge }),
    onClose,
  }
}
const button = () => screen.findByRole<HTMLButtonElement>('button', { name: 'Decrypt to…' })

describe('opening any age file', () => {
  it('takes an identity file', async () => {
    const { user, bridge, onClose } = open()
    expect((await button()).disabled).toBe(true)
    await user.click(await screen.findByRole('button', { name: 'Choose…' }))
    await screen.findByText('key.txt')
    await user.click(await button())
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
    expect(bridge.requestsTo('decrypt:age-file')).toEqual([
      {
        source: { token: pathToken(1) },
        identity: { token: pathToken(60) },
        passphrase: null,
        target: { token: pathToken(50) },
        unpack: false,
      },
    ])
  })

  it('asks for the passphrase where it is encrypted to one', async () => {
    const { user, bridge } = open({
      'age-file:show': header({ needsPassphrase: true, stanzaTypes: ['scrypt'] }),
    })
    await user.type(await screen.findByLabelText('Passphrase'), 'correct horse{Enter}')
    await waitFor(() => expect(bridge.requestsTo('decrypt:age-file')[0]?.passphrase).toBe('correct horse'))
  })

  it('asks for nothing where the key is here', async () => {
    open({ 'age-file:show': header({ keyHere: true }) })
    await waitFor(async () => expect((await button()).disabled).toBe(false))
    expect(screen.queryByLabelText(/Passphrase/)).toBeNull()
  })

  it('asks for the file first when there is none, and goes away when that is cancelled', async () => {
    const onClose = vi.fn<() => void>()
    const bridge = makeFakeBridge({ 'program:status': () => programStatus({ nativeDialogs: true }) })
    renderPart(<OpenAgeFileDialog source={null} name="" onClose={onClose} />, { bridge })
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
    expect(bridge.requestsTo('files:choose')).toEqual([{ what: 'age-file' }])
  })

  it('says what is wrong with a file that is none', async () => {
    const bridge = makeFakeBridge()
    bridge.fail('age-file:show', { code: 'age/not-an-age-file' })
    renderPart(<OpenAgeFileDialog source={{ token: pathToken(1) }} name="x" onClose={() => {}} />, { bridge })
    expect(await screen.findByText('What to do')).toBeTruthy()
  })
})
