import { describe, expect, it } from 'vitest'
import { InstallationId, newId } from '../../shared/ids.ts'
import { defaultSettings } from '../../shared/settings.ts'
import type { FakeHandlers } from './testing/fake-owner.ts'
import { run } from './testing/run.ts'

const handlers: FakeHandlers = {
  'program:status': () => ({
    version: '1.2.3',
    host: 'headless',
    platform: 'linux',
    locale: 'en-GB',
    dataFolder: '/data',
    installationId: newId(InstallationId),
    dataFolderIs: 'mine',
    nativeDialogs: false,
    keychain: {
      state: 'works',
      backend: 'GNOME Keyring',
      testedAt: null,
      writeMs: null,
      readBackMs: null,
      deleteMs: null,
      remedy: '',
    },
    counts: { artifacts: 0, keys: 0, rotationDue: 0, openJobs: 0, archived: 0 },
    checklist: { encrypted: false, opened: false, backedUp: false, dismissed: false },
    sample: null,
    settings: defaultSettings,
  }),
  'program:set': (settings) => ({ ...defaultSettings, ...settings }),
}

describe('weightlock settings', () => {
  it('lists what may be set, and not what the window remembers by itself', async () => {
    const { result } = await run(['settings', 'list', '--json'], handlers)
    expect(result).toEqual({
      ok: true,
      value: {
        settings: {
          'crypto-period-days': 90,
          'default-algorithm': 'X25519',
          'waiting-period-days': 10,
          'automatic-rotation': false,
          appearance: 'system',
          density: 'normal',
        },
      },
    })
  })

  it('gets one as scripts want it', async () => {
    expect((await run(['settings', 'get', 'crypto-period-days'], handlers)).out).toBe('90\n')
    const { code, error } = await run(['settings', 'get', 'last-store'], handlers)
    expect(code).toBe(2)
    expect(error).toContain(
      'crypto-period-days, default-algorithm, waiting-period-days, automatic-rotation, appearance, density',
    )
  })

  it('sets a number or a word, and no other setting', async () => {
    const { owner, out } = await run(['settings', 'set', 'crypto-period-days', '30'], handlers)
    expect(owner.requestsOf('program:set')).toEqual([{ cryptoPeriodDays: 30 }])
    expect(out).toBe('crypto-period-days  30\n')
    const word = await run(['settings', 'set', 'default-algorithm', 'mlkem768x25519'], handlers)
    expect(word.owner.requestsOf('program:set')).toEqual([{ defaultAlgorithm: 'mlkem768x25519' }])
    const { owner: asked } = await run(['settings', 'set', 'automatic-rotation', 'on'], handlers)
    expect(asked.requestsOf('program:set')).toEqual([{ automaticRotation: true }])
  })

  it.each([
    ['crypto-period-days', '0', '1 to 3650'],
    ['crypto-period-days', 'soon', '1 to 3650'],
    ['waiting-period-days', '31', '7 to 30'],
    ['automatic-rotation', 'maybe', 'on or off'],
    ['appearance', 'pink', 'system, light, dark'],
  ])('refuses %s %s before anything is asked', async (name, value, choices) => {
    const { code, error, owner } = await run(['settings', 'set', name, value], handlers)
    expect([code, owner.calls]).toEqual([2, []])
    expect(error).toContain(choices)
  })
})
