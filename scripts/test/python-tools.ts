/** What data scientists read buckets and age files with: boto3, pyrage, and the AWS command line, installed once into a
 * folder of their own where Python and pip are present, and kept. */
import { execFile } from 'node:child_process'
import { access, mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Peer } from './peer-tools.ts'

const run = promisify(execFile)
const packages = ['boto3==1.43.11', 'pyrage==1.4.0', 'awscli==1.45.11']
const folder = resolve(import.meta.dirname, '../../node_modules/.cache/weightlock/python-1')
const installTimeoutMs = 600_000

export type PythonTools = {
  python: string
  /** The command line of AWS: `python -m awscli`. */
  aws: readonly string[]
  /** Where Python finds the packages; to be added to the environment. */
  env: { PYTHONPATH: string }
}

export async function ensurePython(): Promise<Peer<PythonTools>> {
  const python = process.platform === 'win32' ? 'python' : 'python3'
  const tools: PythonTools = { python, aws: ['-m', 'awscli'], env: { PYTHONPATH: folder } }
  const uses = () =>
    run(python, ['-c', 'import boto3, pyrage, awscli'], { env: { ...process.env, ...tools.env } })
  const isInstalled = await access(join(folder, 'pyrage')).then(
    () => true,
    () => false,
  )
  try {
    if (!isInstalled) {
      await mkdir(folder, { recursive: true })
      const quietly = ['--quiet', '--disable-pip-version-check', '--no-warn-script-location']
      await run(python, ['-m', 'pip', 'install', ...quietly, '--target', folder, ...packages], {
        timeout: installTimeoutMs,
      })
    }
    await uses()
    return { tools }
  } catch (error) {
    if (!isInstalled) await rm(folder, { recursive: true, force: true })
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    return { tools: null, reason: `boto3, pyrage and awscli could not be installed with pip: ${reason}` }
  }
}
