import { afterEach, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.resetModules()
  vi.restoreAllMocks()
})

const load = async (required: string) => {
  vi.stubEnv('WEIGHTLOCK_REQUIRE', required)
  return (await import('./require-peer.ts')).requirePeer
}

it('a peer that is missing is skipped, with its reason', async () => {
  const printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const requirePeer = await load('age, keyring')
  expect(requirePeer('age13', false, 'no Go')).toBe(false)
  expect(printed).toHaveBeenCalledWith('skipped, no age13: no Go\n')
})

it('a peer that is required and missing fails', async () => {
  const requirePeer = await load('age, keyring')
  expect(() => requirePeer('keyring', false, 'no bus')).toThrow('keyring is required and not there: no bus')
})

it('a peer that is there is used', async () => {
  expect((await load(''))('age', true, '')).toBe(true)
})
