/** Facts of a retirement that ended, from the journal and the catalog, made into a signed certificate. */
import { release, type } from 'node:os'
import type { ErasedObject } from '../../../../shared/domain/certificate.ts'
import type { KeyId } from '../../../../shared/ids.ts'
import type { StoredCertificate } from '../../../catalog/retirement-operations.ts'
import {
  certificateStatement,
  type CertifiedKey,
  type CertifiedVersion,
  statementFile,
} from '../../../keys/certificate.ts'
import type { JobContext } from '../../job-kind.ts'
import type { Services } from '../../services.ts'
import { isSame } from './erase-ciphertext.ts'
import type { RetireJournal, Tried } from './retire-journal.ts'
import { type RetireSpec, versionsOf } from './retire-spec.ts'

type Made = {
  certificate: Omit<StoredCertificate, 'certificateId' | 'artifactId'>
  statement: ReturnType<typeof certificateStatement>
}

/** @throws WeightlockError `keychain/…` where nothing can be signed: a repetition goes on */
export async function certify(
  services: Services,
  context: JobContext,
  spec: RetireSpec,
  keyIds: readonly KeyId[],
  journal: RetireJournal & { tried: Tried & { at: number } },
): Promise<Made> {
  const { catalog, machineName, programVersion } = services
  const { artifactId, name } = spec
  const issuedAt = services.now()
  const keys: CertifiedKey[] = []
  for (const keyId of keyIds) {
    const end = journal.keyEnds.get(keyId)
    if (end === undefined) throw new Error('a key of a retirement has no end in its journal')
    keys.push({ ...(await keyFacts(services, spec, keyId)), end })
  }
  const statement = certificateStatement({
    certificateId: context.jobId,
    issuedAt,
    artifact: { artifactId, name },
    versions: await versionFacts(services, spec, journal),
    keys: keys.toReversed(),
    trial: journal.tried,
    decryptions: await catalog.decryptionsOf(artifactId),
    otherNames: await catalog.otherNames(artifactId),
    by: {
      who: context.by.who,
      via: context.by.via,
      machine: machineName,
      system: `${type()} ${release()}`,
      toolVersion: programVersion,
      installationId: (await catalog.installation()).installationId,
    },
  })
  const file = statementFile(statement)
  const { signature, publicKeyPem } = await services.sign(Buffer.from(file))
  return {
    statement,
    certificate: { artifactName: name, at: issuedAt, statement: file, signature, publicKeyPem },
  }
}

async function keyFacts(
  { catalog }: Services,
  { artifactId }: Pick<RetireSpec, 'artifactId'>,
  keyId: KeyId,
): Promise<Omit<CertifiedKey, 'end'>> {
  const { key, recipient, copies } = await catalog.keyDetails(keyId)
  const { alias, number, algorithm, createdAt } = key
  const isOwn = key.artifactId === artifactId
  return { keyId, name: isOwn ? `key ${number}` : alias, algorithm, recipient, createdAt, copies }
}

async function versionFacts(
  { catalog }: Services,
  spec: RetireSpec,
  { tried, erased }: RetireJournal & { tried: Tried },
): Promise<CertifiedVersion[]> {
  const { artifactId } = spec
  const meant = versionsOf(spec)
  const { versions } = await catalog.artifactDetails(artifactId)
  return Promise.all(
    versions
      .filter(({ version }) => meant.includes(version))
      .toReversed()
      .map(async (each): Promise<CertifiedVersion> => {
        const { version, encryptedAt, ciphertextBytes, rootDigest, digestAlgorithm } = each
        const trial = tried.trials.find((one) => one.version === version)
        const { wraps } = await catalog.versionForOpening(artifactId, version)
        return {
          version,
          encryptedAt,
          ciphertextBytes,
          digest: rootDigest === null ? null : { algorithm: digestAlgorithm, hex: rootDigest },
          fingerprints: [...new Set(wraps.map(({ fingerprint }) => fingerprint))],
          objects: tried.objects
            .filter((object) => object.version === version)
            .map((object): ErasedObject => {
              const { store, location } = object
              const outcome = erased.findLast((one) => isSame(one, object))?.outcome ?? 'kept'
              return { store, location, outcome }
            }),
          objectsTried: trial?.objects ?? 0,
          notTried: trial?.notTried ?? [],
        }
      }),
  )
}
