/**
 * Makes a checkout ready for a task: npm packages, native modules and, on Debian as root, system packages.
 * Plain JavaScript without dependencies, because it runs before there are any and on Node 20 too.
 * Says each thing that it does; does and says nothing when nothing is missing.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectFolder = dirname(dirname(fileURLToPath(import.meta.url)))
const inProject = (...parts) => join(projectFolder, ...parts)

/** Ends the run with a message for the reader instead of a stack. */
export class SetUpError extends Error {}

/** @param {string} name of a program
 * @returns {string | null} its path */
export function onPath(name) {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name]
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const each of names) if (folder !== '' && existsSync(join(folder, each))) return join(folder, each)
  }
  return null
}

const browsers = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
]
const libraryFolders = () => {
  const triplet = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch] ?? ''
  return [`/usr/lib/${triplet}`, `/lib/${triplet}`, '/usr/lib64', '/usr/lib', '/usr/local/lib']
}
const library = (name) => () => libraryFolders().some((folder) => existsSync(join(folder, name)))
const program =
  (...names) =>
  () =>
    names.some((name) => onPath(name) !== null)
const electronRuntime = () => existsSync(inProject('node_modules/electron/path.txt'))
/** True where tests must not be skipped for want of it. */
const isRequired = (peer) => (process.env.WEIGHTLOCK_REQUIRE ?? '').split(',').includes(peer)
const secretService = (task) => [
  { what: 'D-Bus', debian: 'dbus', tasks: task, found: program('dbus-monitor') },
  { what: 'GNOME Keyring', debian: 'gnome-keyring', tasks: task, found: program('gnome-keyring-daemon') },
]

/** What Linux must have for which task, and how to see that it does. `build` is the building of native modules. */
const linuxNeeds = [
  {
    what: 'make and a C++ compiler',
    debian: 'build-essential',
    tasks: ['build-native'],
    found: program('g++'),
  },
  { what: 'pkg-config', debian: 'pkg-config', tasks: ['build-native'], found: program('pkg-config') },
  {
    what: 'Python 3',
    debian: 'python3',
    tasks: ['build-native', 'test', 'soak'],
    found: program('python3'),
  },
  {
    what: "libsecret's headers",
    debian: 'libsecret-1-dev',
    tasks: ['build-native'],
    found: library('pkgconfig/libsecret-1.pc'),
  },
  {
    what: 'libsecret',
    debian: 'libsecret-1-0',
    tasks: ['start', 'test', 'check', 'soak', 'screenshots', 'bench'],
    found: library('libsecret-1.so.0'),
  },
  ...secretService(['start', 'test', 'soak', 'screenshots', 'bench']),
  { what: 'age', debian: 'age', tasks: ['test', 'soak', 'bench'], found: program('age') },
  { what: 'secret-tool', debian: 'libsecret-tools', tasks: ['test', 'soak'], found: program('secret-tool') },
  {
    what: 'Chrome, Chromium or Edge',
    debian: 'chromium',
    tasks: ['test', 'screenshots'],
    found: program(...browsers),
  },
  {
    what: 'Electron, Chrome, Chromium or Edge',
    debian: 'chromium',
    tasks: ['start'],
    found: () => program(...browsers)() || (process.getuid?.() !== 0 && electronRuntime()),
  },
  { what: 'Xvfb', debian: 'xvfb', tasks: ['test'], found: program('Xvfb') },
  { what: 'strace', debian: 'strace', tasks: ['test'], found: program('strace') },
  {
    what: 'Go, which builds age 1.3',
    debian: 'golang-go',
    tasks: ['test', 'soak'],
    found: () => !isRequired('age13') || program('go')(),
  },
]

/** @param {string} task or `build-native`
 * @returns what is missing on this machine */
export const missingFor = (task) =>
  process.platform === 'linux' ? linuxNeeds.filter((need) => need.tasks.includes(task) && !need.found()) : []

const isDebian = () => existsSync('/etc/debian_version') && onPath('apt-get') !== null

/** Installs what is missing where that is possible without asking; names it elsewhere.
 * @param {ReturnType<typeof missingFor>} missing
 * @param {(line: string) => void} say
 * @returns {boolean} true when nothing is missing any more */
function provideSystemPackages(missing, say) {
  if (missing.length === 0) return true
  const packages = [...new Set(missing.map((need) => need.debian))]
  if (isDebian() && process.getuid?.() === 0 && process.env.WEIGHTLOCK_NO_APT === undefined) {
    say(`Installing system packages: ${packages.join(' ')}`)
    if (installWithApt(packages)) return true
    say('apt-get could not install them.')
  }
  say(`Missing: ${missing.map((need) => need.what).join(', ')}.`)
  if (isDebian()) say(`  sudo apt-get install ${packages.join(' ')}`)
  else say('  Install them with your system’s package manager.')
  return false
}

function installWithApt(packages) {
  const apt = (...args) =>
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=2', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  const install = () => apt('install', '-y', '-qq', '--no-install-recommends', ...packages)
  const lists = '/var/lib/apt/lists'
  const haveLists = existsSync(lists) && readdirSync(lists).some((name) => name.includes('_Packages'))
  return (haveLists && install()) || (apt('update', '-qq') && install())
}

/** True when what npm says it installed is what the lockfile wants (packages for other systems may be absent). */
function packagesAreCurrent() {
  const hidden = inProject('node_modules/.package-lock.json')
  if (!existsSync(hidden)) return false
  const wanted = JSON.parse(readFileSync(inProject('package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(readFileSync(hidden, 'utf8')).packages
  return Object.entries(wanted).every(([path, want]) => {
    if (path === '') return true
    const have = installed[path]
    if (have === undefined) return want.optional === true || want.devOptional === true || want.peer === true
    return have.version === want.version && have.integrity === want.integrity
  })
}

/** Runs npm itself, by the file that runs it, so that no shell stands between. */
function npm(args, env = {}) {
  const cli = process.env.npm_execpath
  const direct = cli !== undefined && /npm-cli\.c?js$/.test(cli)
  const [command, first] = direct ? [process.execPath, [cli]] : ['npm', []]
  return spawnSync(command, [...first, ...args], {
    cwd: projectFolder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: !direct && process.platform === 'win32',
    timeout: 15 * 60_000,
  })
}

/** Where Node's headers are, so that building a native module downloads nothing. */
function headersPrefix() {
  const beside = dirname(dirname(realpathSync(process.execPath)))
  const carried = inProject('node_modules', `node-${process.platform}-${process.arch}`)
  return [beside, carried].find((prefix) => existsSync(join(prefix, 'include/node/node_api.h'))) ?? null
}

const keytarBinary = inProject('node_modules/keytar/build/Release/keytar.node')

function installPackages(say) {
  if (!packagesAreCurrent()) {
    say('Installing npm packages (npm ci)')
    const { status, signal } = npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'])
    if (status !== 0) throw new SetUpError(`npm ci failed (${signal ?? `exit ${status}`}); see above.`)
  }
  if (existsSync(keytarBinary)) return
  const haveTools = provideSystemPackages(missingFor('build-native'), say)
  say('Building the keychain module (keytar)')
  const prefix = headersPrefix()
  const { status } = npm(['rebuild', 'keytar'], {
    ...(prefix === null ? {} : { npm_config_nodedir: prefix }),
    // With the tools at hand it is compiled here: a download that a firewall swallows would wait for ever.
    ...(process.platform === 'linux' && haveTools && prefix !== null
      ? { npm_config_build_from_source: 'true' }
      : {}),
  })
  if (status !== 0 || !existsSync(keytarBinary))
    throw new SetUpError('keytar could not be built or downloaded; see above.')
}

/** Makes the checkout ready.
 * @param {string} task its name, for the system packages that only some tasks need
 * @param {(line: string) => void} say
 * @throws {SetUpError} when npm's packages cannot be installed */
export function setUp(task, say) {
  installPackages(say)
  provideSystemPackages(missingFor(task), say)
}

/** The first version that runs TypeScript files without a flag and has `node:sqlite`. */
const isNewEnough = (version) => {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 18)
}

/** A Node that runs the tasks: the one that the lockfile carries, or the one that runs this.
 * @returns {string} path
 * @throws {SetUpError} where both are missing or too old */
export function findNode() {
  const file = process.platform === 'win32' ? 'node.exe' : 'node'
  const carried = inProject('node_modules', `node-${process.platform}-${process.arch}`, 'bin', file)
  if (existsSync(carried)) return carried
  if (isNewEnough(process.version)) return process.execPath
  throw new SetUpError(`Node ${process.version} is too old here: install Node 24 (https://nodejs.org).`)
}
