import { taintedWords } from '../../shared/compromise-words.ts'
import { existsSync } from 'node:fs'
import type { ArtifactDetails, ArtifactRow } from '../../shared/domain/artifact.ts'
import { failureOf } from '../../shared/failure.ts'
import {
  formatBytes,
  formatCounted,
  formatDateTime,
  formatExactBytes,
  groupsOfFour,
} from '../../shared/format.ts'
import type { Response } from '../../shared/contract/contract.ts'
import { safeText } from '../../shared/safe-text.ts'
import { keyWords } from './artifact-lines.ts'
import { ask } from './calls.ts'
import type { Command, Context, Outcome } from './command.ts'
import { findArtifact } from './find.ts'
import { insideLines } from './inside-lines.ts'
import { keptBy } from './key-lines.ts'
import { facts, table } from './table.ts'

type Locale = string | undefined

function artifactFacts(row: ArtifactRow, locale: Locale): string[] {
  return facts([
    ['Name', row.name],
    ['Artifact', row.artifactId],
    ...(row.kindLabel === '' ? [] : [['Kind', row.kindLabel] as const]),
    ['Size', `${formatBytes(row.plaintextBytes, locale)} (${formatExactBytes(row.plaintextBytes, locale)})`],
    ['Encrypted', formatDateTime(row.encryptedAt, locale)],
    ['Store', row.store],
    ['Location', row.location],
    ['Fingerprint', groupsOfFour(row.fingerprint)],
    ['Status', row.ownership === 'owner' ? row.status : `${row.status}, owned by another installation`],
    ['Key', `${row.keyId} · ${keyWords(row, row.keyDestroyAt, locale)} · ${row.keyAlgorithm}`],
  ])
}

function versionTable({ versions }: ArtifactDetails, locale: Locale): string[] {
  return table(
    [
      { title: 'Version' },
      { title: 'Encrypted' },
      { title: 'Size', align: 'right' },
      { title: 'Status' },
      { title: 'Object' },
      { title: 'Note' },
    ],
    versions.map((each) => [
      `v${each.version}`,
      formatDateTime(each.encryptedAt, locale),
      formatBytes(each.plaintextBytes, locale),
      each.status,
      each.objects
        .map(
          ({ store, objectName, state }) =>
            `${store}: ${objectName}${state === 'present' ? '' : ` (${state})`}`,
        )
        .join(', '),
      [each.taintedBy.length > 0 ? taintedWords(each.taintedBy) : '', each.note ?? '']
        .filter(Boolean)
        .join('; '),
    ]),
  )
}

const keyTable = ({ keys }: ArtifactDetails, locale: Locale): string[] =>
  table(
    [{ title: 'Key' }, { title: 'Alias' }, { title: 'State' }, { title: 'Made' }, { title: 'Kept by' }],
    keys.map((key) => [
      key.keyId,
      key.alias,
      keyWords({ keyState: key.state, copiesElsewhere: key.copiesElsewhere }, key.destroyAt, locale),
      formatDateTime(key.createdAt, locale),
      keptBy(key),
    ]),
  )

/** Only for show: an artifact whose inside cannot be read is shown all the same. */
async function insideOf(context: Context, { artifactId }: ArtifactRow) {
  const inside = await context.bridge.invoke('artifacts:inside', { artifactId, version: null })
  return inside.ok
    ? { inside: inside.value.inside, insideFailure: null }
    : { inside: null, insideFailure: inside.failure }
}

async function commandsOf(context: Context, { artifactId }: ArtifactRow) {
  const copies = await context.bridge.invoke('artifacts:copy-as', { artifactId, version: null })
  return copies.ok ? copies.value.choices : []
}

const partlyRead =
  'What was read of it for this verified; `weightlock verify --level full` checks every byte of what is stored.'

/** How age opens it; of a destroyed key only what copies elsewhere still open. */
function withoutWeightlock(row: ArtifactRow, command: string | undefined): string[] {
  const isDestroyed = row.keyState === 'destroyed'
  if (isDestroyed && row.copiesElsewhere === 0) return ['', 'No key that is known of opens it any more.']
  if (command === undefined) return []
  const identity = isDestroyed ? 'a copy of the identity elsewhere' : 'the exported identity'
  return ['', `Opens without Weightlock, with ${identity}:`, `  ${safeText(command)}`]
}

async function showArtifact(context: Context, artifact: ArtifactRow): Promise<Outcome> {
  const { artifactId } = artifact
  const details = await ask(context, 'artifacts:show', { artifactId })
  const { inside, insideFailure } = await insideOf(context, artifact)
  const commands = await commandsOf(context, artifact)
  const { locale } = context
  const insideText = inside ? insideLines(inside, locale) : []
  const age = commands.find(({ id }) => id === 'age')
  return {
    value: { ...details, inside, insideFailure, commands },
    lines: [
      ...artifactFacts(details.artifact, locale),
      '',
      ...versionTable(details, locale),
      '',
      ...keyTable(details, locale),
      ...(insideText.length > 0
        ? ['', ...insideText, ...(inside?.kind === 'folder' ? [] : [partlyRead])]
        : []),
      ...withoutWeightlock(details.artifact, age?.text),
    ],
  }
}

function ageFileFacts(shown: Response<'age-file:show'>, locale: Locale): string[] {
  const plain = shown.plaintextBytes === null ? 'not known' : formatExactBytes(shown.plaintextBytes, locale)
  const opens = shown.needsPassphrase
    ? 'a passphrase'
    : shown.keyHere
      ? 'a key held here'
      : 'an identity that is not held here'
  return facts([
    ['File', shown.name],
    ['Size', formatExactBytes(shown.sizeBytes, locale)],
    ['Header', `${formatExactBytes(shown.headerBytes, locale)}${shown.armored ? ', armored' : ''}`],
    ['Plaintext', plain],
    ['Recipients', `${formatCounted(shown.stanzaTypes.length, 'stanza')}: ${shown.stanzaTypes.join(', ')}`],
    ['Opens with', opens],
    ['Key', shown.keyId ?? '—'],
    ['Artifact', shown.artifactId ?? '—'],
  ])
}

async function showFile(context: Context, path: string): Promise<Outcome> {
  const shown = await ask(context, 'age-file:show', { source: { path } })
  return { value: shown, lines: ageFileFacts(shown, context.locale) }
}

const looksLikeFile = (operand: string): boolean => /^\.{0,2}[/\\]|^[A-Za-z]:[/\\]|\.age$/.test(operand)

export const show: Command = {
  words: 'show',
  operands: 'ARTIFACT|F.age',
  operandCount: { min: 1, max: 1 },
  summary: 'show an artifact with its key, versions and contents, or the header of an age file',
  options: {},
  run: async (input, context) => {
    const operand = input.operands[0] ?? ''
    const path = context.path(operand)
    const isFile = existsSync(path)
    if (isFile && looksLikeFile(operand)) return showFile(context, path)
    try {
      return await showArtifact(context, await findArtifact(context, operand))
    } catch (error) {
      if (failureOf(error)?.code !== 'artifact/not-found' || !isFile) throw error
      context.note(`No artifact is called ${safeText(operand)}; this is the file of that name.`)
      return showFile(context, path)
    }
  },
}
