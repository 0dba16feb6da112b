/** What a window without Electron asks of the desktop: its trash, file manager, notices and wakefulness. */
import { spawn } from 'node:child_process'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fail } from '../../shared/failure.ts'
import { moveToFreedesktopTrash } from './freedesktop-trash.ts'

const programTimeoutMs = 20_000

/** Runs a program of the desktop; its words are of no use to anybody. @returns whether it says that it succeeded */
function succeeds(command: string, args: string[]): Promise<boolean> {
  return new Promise((settle) => {
    const child = spawn(command, args, { stdio: 'ignore', timeout: programTimeoutMs, windowsHide: true })
    child.on('error', () => settle(false))
    child.on('close', (code) => settle(code === 0))
  })
}

/** Arguments reach an AppleScript as its `argv`, so that no path is ever part of a script. */
const appleScript = (lines: string[], ...args: string[]): string[] => [
  ...['on run argv', ...lines, 'end run'].flatMap((line) => ['-e', line]),
  ...args,
]

const recycle =
  'Add-Type -AssemblyName Microsoft.VisualBasic; $p = $env:WEIGHTLOCK_TRASH; ' +
  "if (Test-Path -LiteralPath $p -PathType Container) { [Microsoft.VisualBasic.FileIO.FileSystem]::DeleteDirectory($p, 'OnlyErrorDialogs', 'SendToRecycleBin') } " +
  "else { [Microsoft.VisualBasic.FileIO.FileSystem]::DeleteFile($p, 'OnlyErrorDialogs', 'SendToRecycleBin') }"

function recycleOnWindows(path: string): Promise<boolean> {
  return new Promise((settle) => {
    const child = spawn('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', recycle], {
      stdio: 'ignore',
      timeout: programTimeoutMs,
      windowsHide: true,
      env: { ...process.env, WEIGHTLOCK_TRASH: path },
    })
    child.on('error', () => settle(false))
    child.on('close', (code) => settle(code === 0))
  })
}

async function trashOnLinux(path: string): Promise<boolean> {
  if (await succeeds('gio', ['trash', '--', path])) return true
  const dataHome = process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local/share')
  return moveToFreedesktopTrash(path, dataHome, new Date()).then(
    () => true,
    () => false,
  )
}

/** What this system's way of doing something is; whatever is neither Windows nor macOS follows freedesktop.org. */
const forSystem = <T>(ways: { darwin: T; win32: T; linux: T }): T =>
  process.platform === 'darwin' || process.platform === 'win32' ? ways[process.platform] : ways.linux

/** Moves a file or folder to the system's trash.
 * @param path absolute
 * @throws host/unsupported where that could not be done; then it is where it was */
export async function moveToTrash(path: string): Promise<void> {
  const inFinder = ['tell application "Finder" to delete (POSIX file (item 1 of argv))']
  const moved = await forSystem({
    darwin: () => succeeds('osascript', appleScript(inFinder, path)),
    win32: () => recycleOnWindows(path),
    linux: () => trashOnLinux(path),
  })()
  if (!moved) fail({ code: 'host/unsupported', action: 'trash' })
}

/** Opens the file manager where a file is. */
export function revealInFileManager(path: string): void {
  const [command, ...args] = forSystem<[string, ...string[]]>({
    darwin: ['open', '-R', path],
    win32: ['explorer.exe', `/select,${path}`],
    linux: ['xdg-open', dirname(path)],
  })
  void succeeds(command, args)
}

/** Shows a notice of the desktop where there is a program for it; Windows has none. */
export function showNotice(title: string, body: string): void {
  const script = ['display notification (item 2 of argv) with title (item 1 of argv)']
  const program = forSystem<[string, ...string[]] | null>({
    darwin: ['osascript', ...appleScript(script, title, body)],
    win32: null,
    linux: ['notify-send', '--app-name=Weightlock', '--', title, body],
  })
  if (program === null) return
  const [command, ...args] = program
  void succeeds(command, args)
}

/** Keeps the machine from going to sleep until the answer is called; on Windows it may still sleep. */
export function keepSystemAwake(): () => void {
  const program = forSystem<[string, ...string[]] | null>({
    darwin: ['caffeinate', '-i', 'cat'],
    win32: null,
    linux: ['systemd-inhibit', '--what=sleep:idle', '--who=Weightlock', '--why=A job runs', 'cat'],
  })
  if (program === null) return () => undefined
  const [command, ...args] = program
  // `cat` ends when its input does, so that the lock goes with this process, however that ends.
  const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'] })
  child.on('error', () => undefined)
  child.unref()
  return () => child.stdin.end()
}
