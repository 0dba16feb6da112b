/** Commands about certificates of cryptographic erase. */
import type { Certificate } from '../../shared/domain/certificate.ts'
import { fail } from '../../shared/failure.ts'
import type { ArtifactId } from '../../shared/ids.ts'
import { safeText } from '../../shared/safe-text.ts'
import { ask, tell } from './calls.ts'
import { certificateFiles, checkNewFile, checkSourceFile } from './check-path.ts'
import type { Command, Context } from './command.ts'
import { findArtifact } from './find.ts'

/** Before anything is destroyed: each of its files can be written. */
export async function checkSaveTo(path: string): Promise<void> {
  for (const each of certificateFiles(path)) await checkNewFile(each)
}

const certificateVerify: Command = {
  words: 'certificate verify',
  operands: 'FILE',
  operandCount: { min: 1, max: 1 },
  summary: 'verify a certificate of cryptographic erase against its signature and public key',
  details: [
    'FILE ends in .json; its .sig and .pub.pem lie beside it. No key and no artifact is needed for that.',
    'docs/verify-a-certificate.md says how to do it with standard tools.',
  ],
  examples: ['certificate verify model.erase.json'],
  options: {},
  run: async (input, context) => {
    const source = { path: context.path(input.operands[0] ?? '') }
    for (const each of certificateFiles(source.path)) await checkSourceFile(each)
    const verdict = await ask(context, 'certificates:verify', { source })
    const { statement, publicKeySha256, signedBy } = verdict
    return {
      value: verdict,
      lines: [
        'The signature fits.',
        safeText(statement.claim),
        `Signed with the key ${publicKeySha256}`,
        signerWords[signedBy],
        ...statement.notProved.map(({ what, detail, why }) =>
          safeText(`Not proved: ${what}${detail === '' ? '' : `, ${detail}`}. ${why}`),
        ),
      ],
    }
  },
}

const signerWords = {
  'this-installation': 'That is the key of this installation.',
  'earlier-key-of-this-installation': 'That is an earlier key of this installation.',
  'another-key': 'That key is not known here: compare its digest with one that you got another way.',
} as const

async function newestCertificate(context: Context, artifactId: ArtifactId): Promise<Certificate['row']> {
  const { rows } = await ask(context, 'certificates:list', { artifactId, offset: 0, limit: 1 })
  return rows[0] ?? fail({ code: 'certificate/not-found', certificateId: artifactId })
}

const certificateSave: Command = {
  words: 'certificate save',
  operands: 'ARTIFACT',
  operandCount: { min: 1, max: 1 },
  summary: 'save the newest certificate of a retired artifact: statement, signature and public key',
  examples: ['certificate save model.safetensors --to model.erase.json'],
  options: { to: { value: 'FILE', help: 'where the statement goes; the other two beside it' } },
  needs: ['to'],
  run: async (input, context) => {
    const target = { path: context.path(input.text('to') ?? '') }
    await checkSaveTo(target.path)
    const { artifactId } = await findArtifact(context, input.operands[0] ?? '')
    const { certificateId } = await newestCertificate(context, artifactId)
    const { locations } = await tell(context, 'certificates:save', { certificateId, target })
    return { value: { certificateId, files: locations }, lines: locations.map(safeText) }
  },
}

export const certificateCommands: readonly Command[] = [certificateVerify, certificateSave]
