import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const setUpUrl = pathToFileURL(join(import.meta.dirname, 'set-up.mjs')).href
const canInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'set-up-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the set-up on a machine whose PATH holds nothing but an `apt-get` that writes down what it was asked. */
async function setUpOnBareMachine(env: Record<string, string> = {}) {
  const asked = join(folder, 'asked')
  writeFileSync(join(folder, 'apt-get'), `#!/bin/sh\necho "$*" >> '${asked}'\n`)
  chmodSync(join(folder, 'apt-get'), 0o755)
  const script = `import { setUp } from '${setUpUrl}'\nsetUp('test', (line) => console.log(line))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { PATH: folder, ...env },
  })
  return { said: stdout, asked: existsSync(asked) ? readFileSync(asked, 'utf8') : '' }
}

const packages = ['python3', 'dbus', 'gnome-keyring', 'age', 'libsecret-tools', 'chromium', 'xvfb', 'strace']

describe.skipIf(process.platform !== 'linux')('setUp on a machine that lacks everything', () => {
  it.skipIf(!canInstall)('installs the system packages as root on Debian, and says so', async () => {
    const { said, asked } = await setUpOnBareMachine()
    expect(said).toMatch(/^Installing system packages: /)
    for (const name of packages) expect(asked).toMatch(new RegExp(`install .*\\b${name}\\b`))
  })

  it('names them where it may not install, and installs nothing', async () => {
    const { said, asked } = await setUpOnBareMachine({ WEIGHTLOCK_NO_APT: '1' })
    expect(said).toMatch(/^Missing: .*GNOME Keyring.*age/)
    if (existsSync('/etc/debian_version')) expect(said).toContain('sudo apt-get install python3 dbus')
    expect(asked).toBe('')
  })

  it('asks for Go only where age 1.3 is required', async () => {
    expect((await setUpOnBareMachine({ WEIGHTLOCK_NO_APT: '1' })).said).not.toContain('Go')
    const { said } = await setUpOnBareMachine({ WEIGHTLOCK_NO_APT: '1', WEIGHTLOCK_REQUIRE: 'age,age13' })
    expect(said).toContain('Go, which builds age 1.3')
  })
})
