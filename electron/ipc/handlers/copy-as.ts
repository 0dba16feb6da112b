/** What can be copied of an artifact: commands that open it elsewhere, quoted for the shell that they are for. */
import type { Response } from '../../../shared/contract/contract.ts'
import type { ArtifactRow } from '../../../shared/domain/artifact.ts'
import { shellCommand } from '../../../shared/shell-quote.ts'

type Choices = Response<'artifacts:copy-as'>['choices']

/** The name that plaintext gets: the artifact's own, a folder's as the tar that it is. */
const plaintextName = (artifact: ArtifactRow): string => {
  const last = artifact.name.slice(artifact.name.lastIndexOf('/') + 1)
  return artifact.isFolder ? `${last}.tar` : last
}

/** @param location of the version's object, for tools outside */
export function copyChoices(artifact: ArtifactRow, location: string, objectName: string): Choices {
  const identityFile = 'key.txt'
  const age = ['age', '-d', '-i', identityFile, '-o', plaintextName(artifact), location] as const
  const decrypt = ['weightlock', 'decrypt', artifact.name, '--to', '-']
  const unpack = artifact.isFolder ? ' | tar x' : ''
  const posix = artifact.isFolder
    ? shellCommand(['age', '-d', '-i', identityFile, location], 'posix') + unpack
    : shellCommand(age, 'posix')
  return [
    { id: 'path', label: 'Path', text: location },
    { id: 'object-name', label: 'Object name', text: objectName },
    { id: 'age', label: 'age command', text: posix },
    { id: 'age-powershell', label: 'age command, PowerShell', text: shellCommand(age, 'powershell') },
    { id: 'python', label: 'Python', text: pythonCall(decrypt) },
  ]
}

/** Python's string literals are JSON's, for what `JSON.stringify` writes. The key stays in the keychain. */
const pythonCall = (command: string[]): string =>
  `subprocess.run([${command.map((word) => JSON.stringify(word)).join(', ')}], check=True, stdout=subprocess.PIPE).stdout`
