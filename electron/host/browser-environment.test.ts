import { describe, expect, it } from 'vitest'
import { browserEnvironment } from './browser-environment.ts'

describe('the environment of a browser', () => {
  it.each([
    [{}],
    [{ LANG: 'C' }],
    [{ LANG: 'de_DE.UTF-8', LC_ALL: 'POSIX' }],
    [{ LANG: 'de_DE.UTF-8', LC_CTYPE: 'de_DE.ISO-8859-1' }],
  ])('has UTF-8 where %j has none', (env) => {
    expect(browserEnvironment({ HOME: '/home/ada', ...env }, 'linux')).toEqual({
      HOME: '/home/ada',
      ...env,
      LC_ALL: 'C.UTF-8',
    })
  })

  it.each([
    [{ LANG: 'C.UTF-8' }],
    [{ LANG: 'C', LC_ALL: 'de_DE.utf8' }],
    [{ LANG: '', LC_CTYPE: 'en_US.UTF-8' }],
  ])('stays as it is where %j has it', (env) => {
    expect(browserEnvironment(env, 'linux')).toEqual(env)
  })

  it('stays as it is elsewhere', () => {
    expect(browserEnvironment({ PATH: '/bin', GONE: undefined }, 'darwin')).toEqual({ PATH: '/bin' })
  })
})
