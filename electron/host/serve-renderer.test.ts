import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveRenderer } from './serve-renderer.ts'

let folder: string
let rendererFolder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serve-renderer-'))
  rendererFolder = join(folder, 'renderer')
  await mkdir(join(rendererFolder, 'assets'), { recursive: true })
  await writeFile(join(folder, 'secret.html'), 'outside')
  await writeFile(join(folder, 'secret.js'), 'outside')
  await writeFile(join(rendererFolder, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__" />')
  await writeFile(join(rendererFolder, 'assets/index-1a.js'), 'script')
  await writeFile(join(rendererFolder, 'notes.txt'), 'not a kind that is served')
  await symlink(rendererFolder, join(folder, 'link'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const at = (path: string) => serveRenderer(rendererFolder, `app://weightlock${path}`)
const text = (body: Uint8Array) => new TextDecoder().decode(body)

describe('serveRenderer', () => {
  it('serves the page with a policy whose nonce is the page’s, new for every load', async () => {
    const first = await at('/')
    const second = await at('/index.html')
    const nonceOf = (body: Uint8Array) => /content="([A-Za-z0-9+/=]{24})"/.exec(text(body))?.[1]
    expect(nonceOf(first.body)).toBeDefined()
    expect(nonceOf(first.body)).not.toBe(nonceOf(second.body))
    expect(first.headers['content-security-policy']).toContain(`'nonce-${nonceOf(first.body)}'`)
    expect(first.headers['content-security-policy']).not.toMatch(/unsafe|\*/)
    expect(first.headers['content-type']).toBe('text/html; charset=utf-8')
  })

  it('serves a script with its type and no sniffing', async () => {
    const script = await at('/assets/index-1a.js')
    expect([script.status, text(script.body)]).toEqual([200, 'script'])
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(script.headers['x-content-type-options']).toBe('nosniff')
  })

  it.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/assets%2f..%2f..%2fsecret.js',
    '/..%5csecret.js',
    '/assets/..%5c..%5csecret.js',
    '//secret.js',
    '/C:%5csecret.js',
    '/index-1a.js%00.html',
    '/.hidden.js',
    '/%',
    '/assets/',
    '/assets',
    '/notes.txt',
    '/missing.js',
  ])('answers 404 to %s', async (path) => {
    const answer = await at(path)
    expect([answer.status, text(answer.body)]).toEqual([404, 'not found'])
  })
})
