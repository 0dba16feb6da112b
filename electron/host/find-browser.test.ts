import { describe, expect, it } from 'vitest'
import { findBrowser } from './find-browser.ts'

const only =
  (...paths: string[]) =>
  (path: string) =>
    paths.includes(path)

describe('findBrowser', () => {
  it('prefers Chrome on the PATH of Linux', () => {
    const exists = only('/usr/bin/chromium', '/opt/bin/google-chrome')
    expect(findBrowser({ platform: 'linux', env: { PATH: '/usr/bin:/opt/bin' }, exists })).toBe(
      '/opt/bin/google-chrome',
    )
  })

  it('takes nothing from a relative folder of the PATH', () => {
    const exists = only('bin/chromium', 'chromium')
    expect(findBrowser({ platform: 'linux', env: { PATH: 'bin::.' }, exists })).toBeNull()
  })

  it('looks into the home folder of a Mac', () => {
    const path = '/Users/ada/Applications/Chromium.app/Contents/MacOS/Chromium'
    expect(findBrowser({ platform: 'darwin', home: '/Users/ada', exists: only(path) })).toBe(path)
  })

  it('finds the Edge of every Windows', () => {
    const found = findBrowser({
      platform: 'win32',
      env: { 'PROGRAMFILES(X86)': 'C:\\Programs' },
      exists: (path) => path.includes('msedge.exe'),
    })
    expect(found).toContain('Microsoft')
  })
})
