#!/usr/bin/env node
/**
 * Starts the command line with a Node that can run it. Plain JavaScript, because the Node that runs this may be old.
 * In a checkout it is `electron/cli.ts`, unbundled; where only the built program lies, `dist/main/cli.js`.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const programFolder = dirname(dirname(fileURLToPath(import.meta.url)))
const inProgram = (...parts) => join(programFolder, ...parts)

/** The first version that runs TypeScript without a flag. @param {string} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 18)
}

/** The Node that the lockfile carries, or null. */
function carriedNode() {
  const file = process.platform === 'win32' ? 'node.exe' : 'node'
  const carried = inProgram('node_modules', `node-${process.platform}-${process.arch}`, 'bin', file)
  return existsSync(carried) ? carried : null
}

/** File descriptors that a child must inherit at the same numbers: the standard ones and those of secrets
 * (`--passphrase-fd 3`, `--secret-access-key-fd=4`).
 * @param {string[]} args */
function inheritedDescriptors(args) {
  const numbers = args.flatMap((arg, at) => {
    const found = /^--[a-z-]+-fd(?:=(.*))?$/.exec(arg)
    const number = found ? Number(found[1] ?? args[at + 1]) : 0
    return Number.isInteger(number) && number > 2 && number < 1024 ? [number] : []
  })
  const count = Math.max(2, ...numbers) + 1
  return Array.from({ length: count }, (_, fd) => (fd < 3 || numbers.includes(fd) ? fd : 'ignore'))
}

/** @param {string} node @param {string} cli */
function runIn(node, cli) {
  const args = process.argv.slice(2)
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', cli, ...args], {
    stdio: inheritedDescriptors(args),
    env,
  })
  // A terminal's Ctrl-C reaches the child by itself as well; it counts once there.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`weightlock: ${node} cannot be started: ${error.message}`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}

/** A fresh checkout has no packages yet. @returns {Promise<boolean>} false where they cannot be had */
async function setUpOnce() {
  if (existsSync(inProgram('node_modules', 'zod'))) return true
  const { setUp } = await import('./set-up.mjs')
  try {
    setUp('weightlock', (line) => console.error(line))
    return true
  } catch (error) {
    console.error(`weightlock: ${error.message}`)
    return false
  }
}

/** TypeScript is compiled once, not at each start, and also not in each thread. */
function keepCompiled() {
  process.env.NODE_COMPILE_CACHE ??= inProgram('node_modules', '.cache', 'weightlock', 'compiled')
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE)
}

const source = inProgram('electron', 'cli.ts')
const isCheckout = existsSync(source)
if (isCheckout && !(await setUpOnce())) process.exitCode = 1
else {
  if (isCheckout) keepCompiled()
  const cli = isCheckout ? source : inProgram('dist', 'main', 'cli.js')
  const here = isNewEnough(process.versions.node)
  const node = carriedNode()
  // Options that others set for Node have no business where keys are.
  if (here && process.env.NODE_OPTIONS === undefined) await import(pathToFileURL(cli).href)
  else if (here || node !== null) runIn(node ?? process.execPath, cli)
  else {
    console.error(
      `weightlock: Node ${process.versions.node} is too old: install Node 24 (https://nodejs.org).`,
    )
    process.exitCode = 1
  }
}
