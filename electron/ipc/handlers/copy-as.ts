/** What can be copied of an artifact: commands that open it elsewhere, quoted for the shell that they are for. */
import type { Response } from '../../../shared/contract/contract.ts'
import type { ArtifactRow } from '../../../shared/domain/artifact.ts'
import { shellCommand } from '../../../shared/shell-quote.ts'

/** A command and its arguments. */
type Words = readonly [string, ...string[]]
type Choices = Response<'artifacts:copy-as'>['choices']

/** The name that plaintext gets: the artifact's own, a folder's as the tar that it is. */
const plaintextName = (artifact: ArtifactRow): string => {
  const last = artifact.name.slice(artifact.name.lastIndexOf('/') + 1)
  return artifact.isFolder ? `${last}.tar` : last
}

export type CopiedObject = {
  /** A path or URI that tools outside understand. */
  location: string
  objectName: string
  /** The command that writes the object to its standard output; null where its path can be read. */
  download: Words | null
}

/** Where its key is destroyed only what names the object, and what a copy of the identity elsewhere would open. */
export function copyChoices(
  artifact: ArtifactRow,
  { location, objectName, download }: CopiedObject,
): Choices {
  const names: Choices = [
    { id: 'path', label: download === null ? 'Path' : 'URI', text: location },
    { id: 'object-name', label: 'Object name', text: objectName },
  ]
  if (artifact.keyState === 'destroyed')
    return artifact.copiesElsewhere === 0 ? names : [...names, ...ageCommands(artifact, location, download)]
  const decrypt = ['weightlock', 'decrypt', artifact.name, '--to', '-']
  return [
    ...names,
    ...ageCommands(artifact, location, download),
    { id: 'python', label: 'Python', text: pythonCall(decrypt) },
  ]
}

const open = ['age', '-d', '-i', 'key.txt'] as const

function ageCommands(artifact: ArtifactRow, location: string, download: Words | null): Choices {
  const name = plaintextName(artifact)
  const [posix, powershell] =
    download === null
      ? [
          posixCommand(artifact, [...open, '-o', name, location], [...open, location]),
          fromPath(name, location),
        ]
      : [
          `${shellCommand(download, 'posix')} | ${posixCommand(artifact, [...open, '-o', name], open)}`,
          fromDownload(name, location, download),
        ]
  const age = { id: 'age', label: 'age command', text: posix } as const
  // Where nothing is to be quoted, one command does for both.
  return posix === powershell
    ? [age]
    : [age, { id: 'age-powershell', label: 'age command, PowerShell', text: powershell }]
}

const posixCommand = (artifact: ArtifactRow, toFile: Words, toPipe: Words): string =>
  artifact.isFolder ? `${shellCommand(toPipe, 'posix')} | tar x` : shellCommand(toFile, 'posix')

const fromPath = (name: string, location: string): string =>
  shellCommand([...open, '-o', name, location], 'powershell')

/** Pipes of older PowerShells break binary data: by way of a file. */
function fromDownload(name: string, location: string, download: Words): string {
  const file = location.slice(location.lastIndexOf('/') + 1)
  const [command, ...words] = download
  const toFile = [command, ...words.map((word) => (word === '-' ? file : word))] as const
  return `${shellCommand(toFile, 'powershell')}; ${shellCommand([...open, '-o', name, file], 'powershell')}`
}

/** Python's string literals are JSON's, for what `JSON.stringify` writes. The key stays in the keychain. */
const pythonCall = (command: string[]): string =>
  `subprocess.run([${command.map((word) => JSON.stringify(word)).join(', ')}], check=True, stdout=subprocess.PIPE).stdout`
