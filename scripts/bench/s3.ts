/** Encrypting into a bucket and back, beside what people put together themselves, on a real S3 server of this machine. */
import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateIdentity, identityText } from '../../electron/age/identity.ts'
import { missingForKeyring, startKeyring } from '../private-keyring.ts'
import { systemAge } from '../test/peer-tools.ts'
import { startS3Server, type S3Server } from '../test/s3-server.ts'
import type { BuiltProgram } from './built-program.ts'
import { groupTable, runAlternating } from './measured-rows.ts'
import type { BenchRow } from './rows.ts'
import { ensureRclone, ensureS5cmd, rcloneSettings } from './s3-peers.ts'

export const s3Group = 's3'
const uploads = 's3: encrypt and upload'
const downloads = 's3: download and decrypt to a file'

type S3Bench = { folder: string; plain: string; sizeBytes: number; runs: number; program: BuiltProgram }

/** Prints a table for each direction.
 * @throws Error where the server, age, aws, rclone, s5cmd or a keyring is missing, or a row fails */
export async function besideS3Tools({ folder, plain, sizeBytes, runs, program }: S3Bench): Promise<void> {
  const age = await systemAge()
  if (age.tools === null) throw new Error(`the bench compares with age: ${age.reason}`)
  if (!hasCommand('aws')) throw new Error('the bench compares with aws: pip install awscli')
  const [rclone, s5cmd] = [await ensureRclone(), await ensureS5cmd()]
  for (const peer of [rclone, s5cmd]) if (peer.tools === null) throw new Error(peer.reason)
  const peers = { rclone: rclone.tools ?? '', s5cmd: s5cmd.tools ?? '' }
  const missing = missingForKeyring()
  if (missing.length > 0) throw new Error(`a throw-away keyring needs ${missing.join(', ')}`)
  const server = await startS3Server()
  const keyring = await startKeyring({ folder: join(folder, 's3-keyring') })
  try {
    const rows = await makeRows({ folder, plain, program, server, peers, env: keyring.env })
    const figures = await runAlternating(rows, runs)
    for (const group of [uploads, downloads]) {
      console.log(`\n${group}: ${sizeBytes} bytes, median of ${runs}`)
      const ofGroup = rows.filter((row) => row.group === group)
      console.log(groupTable(ofGroup, figures, sizeBytes))
    }
  } finally {
    await keyring.stop()
    await server.stop()
  }
}

type Setting = {
  folder: string
  plain: string
  program: BuiltProgram
  server: S3Server
  /** Paths of programs. */
  peers: { rclone: string; s5cmd: string }
  env: Record<string, string>
}

async function makeRows({ folder, plain, program, server, peers, env }: Setting): Promise<BenchRow[]> {
  const bucket = await server.makeBucket()
  const identity = generateIdentity('X25519')
  const identityFile = join(folder, 's3-identity')
  writeFileSync(identityFile, `${identityText(identity)}\n`, { mode: 0o600 })
  const recipient = identity.recipient().text
  const out = join(folder, 's3-out')
  const removeOut = () => rmSync(out, { force: true })
  const shell = (line: string) => ({ command: 'sh', args: () => ['-e', '-c', line] })
  const tools = {
    AWS_ACCESS_KEY_ID: server.root.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.root.secretAccessKey,
    AWS_DEFAULT_REGION: server.region,
    AWS_EC2_METADATA_DISABLED: 'true',
    S3_ENDPOINT_URL: server.endpoint,
    ...rcloneSettings(peers.rclone, bucket, {
      ...server.root,
      endpoint: server.endpoint,
      region: server.region,
    }),
  }
  const aws = `aws --endpoint-url ${server.endpoint} s3 cp --only-show-errors`
  const upload = { group: uploads, env: tools }
  const download = { group: downloads, env: tools, before: removeOut, after: removeOut }

  const commandLine = (args: readonly string[]) => [
    program.commandLine,
    ...args,
    '--data',
    join(folder, 's3-data'),
    '--json',
  ]
  const ours = { command: process.execPath, env: { ...env, ...tools } }
  const run = (args: readonly string[]) =>
    execFileSync(ours.command, commandLine(args), {
      env: { ...process.env, ...ours.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  run(
    `stores add bench --kind s3 --preset other --bucket ${bucket} --endpoint ${server.endpoint} --region ${server.region} --path-style`.split(
      ' ',
    ),
  )
  run(['encrypt', plain, '--store', 'bench', '--name', 'kept'])
  const prepare = (line: string) =>
    execFileSync('sh', ['-e', '-c', line], { env: { ...process.env, ...tools } })
  prepare(`age -r ${recipient} ${plain} | ${aws} - s3://${bucket}/kept-by-age`)
  prepare(`${peers.rclone} copyto ${plain} crypt:kept`)

  return [
    { ...upload, label: 'aws s3 cp, not encrypted', ...shell(`${aws} ${plain} s3://${bucket}/plain`) },
    {
      ...upload,
      label: 'age | aws s3 cp -',
      ...shell(`age -r ${recipient} ${plain} | ${aws} - s3://${bucket}/by-age`),
      isReference: true,
    },
    {
      ...upload,
      label: 'age | s5cmd pipe',
      ...shell(`age -r ${recipient} ${plain} | ${peers.s5cmd} pipe s3://${bucket}/by-s5cmd`),
      isReference: true,
    },
    {
      ...upload,
      label: 'rclone, crypt',
      ...shell(`${peers.rclone} copyto --ignore-times ${plain} crypt:again`),
      isReference: true,
    },
    {
      group: uploads,
      label: 'weightlock encrypt',
      ...ours,
      args: (n) => commandLine(['encrypt', plain, '--store', 'bench', '--name', `run-${n}`]),
      target: 1.4,
    },
    { ...download, label: 'aws s3 cp, not decrypted', ...shell(`${aws} s3://${bucket}/plain ${out}`) },
    {
      ...download,
      label: 'aws s3 cp - | age -d',
      ...shell(`${aws} s3://${bucket}/kept-by-age - | age -d -i ${identityFile} -o ${out}`),
      isReference: true,
    },
    {
      ...download,
      label: 's5cmd cat | age -d',
      ...shell(`${peers.s5cmd} cat s3://${bucket}/kept-by-age | age -d -i ${identityFile} -o ${out}`),
      isReference: true,
    },
    {
      ...download,
      label: 'rclone, crypt',
      ...shell(`${peers.rclone} copyto crypt:kept ${out}`),
      isReference: true,
    },
    {
      group: downloads,
      label: 'weightlock decrypt',
      ...ours,
      args: () => commandLine(['decrypt', 'kept', '--to', out]),
      before: removeOut,
      after: removeOut,
      target: 1.2,
    },
  ]
}

function hasCommand(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
