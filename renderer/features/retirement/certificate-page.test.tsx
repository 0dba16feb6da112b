import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { jobId } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { CertificatePage } from './certificate-page.tsx'

describe('a certificate', () => {
  it('gives what is not proved the same heading and table as what was checked', async () => {
    renderPart(<CertificatePage id={jobId(61)} />, { bridge: makeFakeBridge({}), at: '/' })
    expect(await screen.findByRole('heading', { name: 'Certificate of cryptographic erase' })).toBeDefined()
    const levels = screen.getAllByRole('heading', { level: 2 }).map(({ textContent }) => textContent)
    expect(levels).toEqual(['Copies checked', 'Not proved', 'Signature'])
    expect(screen.getAllByRole('table')).toHaveLength(2)
    expect(document.body.textContent).toContain('embedder-old.key.txt')
    const command = screen.getByText(/^openssl /).textContent
    expect(command.split(/\s+(?:\\\n)?\s*/).join(' ')).toBe(
      'openssl pkeyutl -verify -rawin -pubin -inkey embedder-old.onnx.erase.pub.pem -in embedder-old.onnx.erase.json -sigfile embedder-old.onnx.erase.sig',
    )
    for (const word of [/certified/i, /\bpurge/i, /nobody/i])
      expect(document.body.textContent).not.toMatch(word)
  })

  it('says so where there is none', async () => {
    const bridge = makeFakeBridge({})
    bridge.fail('certificates:show', { code: 'certificate/not-found', certificateId: jobId(5) })
    renderPart(<CertificatePage id={jobId(5)} />, { bridge, at: '/' })
    expect(await screen.findByRole('alert', { name: 'No such certificate' })).toBeDefined()
  })
})
