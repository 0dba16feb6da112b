/** Entries out of the list and back. */
import { safeText } from '../../shared/safe-text.ts'
import { tell } from './calls.ts'
import type { Command } from './command.ts'
import { findArtifact } from './find.ts'

const command = (words: 'archive' | 'unarchive', summary: string, done: string): Command => ({
  words,
  operands: 'ARTIFACT…',
  operandCount: { min: 1, max: Number.POSITIVE_INFINITY },
  summary,
  options: {},
  run: async (input, context) => {
    const artifacts = []
    for (const name of input.operands) artifacts.push(await findArtifact(context, name))
    const artifactIds = artifacts.map(({ artifactId }) => artifactId)
    const { changed } = await tell(context, 'artifacts:archive', {
      artifactIds,
      isArchived: words === 'archive',
    })
    return {
      value: { artifacts: changed },
      lines: artifacts.map(({ artifactId, name }) =>
        changed.includes(artifactId) ? `${safeText(name)}: ${done}` : `${safeText(name)}: as it was`,
      ),
    }
  },
})

export const archiveCommands: readonly Command[] = [
  command(
    'archive',
    'put entries out of the list; ciphertext and keys are not touched',
    'out of the list; its ciphertext and keys are unchanged',
  ),
  command('unarchive', 'bring archived entries back into the list', 'back in the list'),
]
