/** An installed browser of the Chromium family: Chrome, Chromium or Edge. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

type Machine = {
  platform: NodeJS.Platform
  env: Partial<Record<string, string>>
  home: string
  exists: (path: string) => boolean
}

const linuxNames = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
]
const macPrograms = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
  (name) => `Applications/${name}.app/Contents/MacOS/${name}`,
)
const windowsPrograms = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
]

function candidates({ platform, env, home }: Machine): string[] {
  if (platform === 'darwin') return macPrograms.flatMap((path) => [join('/', path), join(home, path)])
  if (platform === 'win32') {
    const roots = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']]
    return windowsPrograms.flatMap((parts) =>
      roots.flatMap((root) => (root === undefined ? [] : [join(root, ...parts)])),
    )
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'))
  return linuxNames.flatMap((name) => folders.map((folder) => join(folder, name)))
}

/** @returns the path of its program, or null where there is none */
export function findBrowser(machine: Partial<Machine> = {}): string | null {
  const whole: Machine = {
    platform: process.platform,
    env: process.env,
    home: homedir(),
    exists: existsSync,
    ...machine,
  }
  return candidates(whole).find(whole.exists) ?? null
}
