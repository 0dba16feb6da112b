/** The kinds of job. A new one: its file, and one line here. */
import { withParsedSpec, type AnyJobKind } from './job-kind.ts'
import { adoptKind } from './kinds/adopt.ts'
import { copyKind } from './kinds/copy/copy.ts'
import type { AgeFileKeys } from './kinds/decrypt/age-file-keys.ts'
import { decryptKind } from './kinds/decrypt/decrypt.ts'
import { deleteObjectKind } from './kinds/delete-object/delete-object.ts'
import { destroyKeyKind } from './kinds/destroy-key.ts'
import { encryptKind } from './kinds/encrypt/encrypt.ts'
import type { KitSecrets } from './kinds/kit/kit-secrets.ts'
import { makeKitKind } from './kinds/kit/make-kit.ts'
import { restoreKind } from './kinds/kit/restore.ts'
import { rebuildKind } from './kinds/rebuild/rebuild.ts'
import { retireKind } from './kinds/retire/retire.ts'
import { verifyKind } from './kinds/verify/verify.ts'
import { reEncryptKind } from './kinds/re-encrypt/re-encrypt.ts'
import { rewrapKind } from './kinds/rewrap/rewrap.ts'
import type { Services } from './services.ts'

export const jobKinds = (
  services: Services,
  ageFileKeys: AgeFileKeys,
  kitSecrets: KitSecrets,
): AnyJobKind[] => [
  withParsedSpec(encryptKind(services)),
  withParsedSpec(decryptKind(services, ageFileKeys)),
  withParsedSpec(verifyKind(services)),
  withParsedSpec(destroyKeyKind(services)),
  withParsedSpec(rebuildKind(services)),
  withParsedSpec(adoptKind(services)),
  withParsedSpec(copyKind(services)),
  withParsedSpec(deleteObjectKind(services)),
  withParsedSpec(rewrapKind(services)),
  withParsedSpec(reEncryptKind(services)),
  withParsedSpec(retireKind(services)),
  withParsedSpec(makeKitKind(services, kitSecrets)),
  withParsedSpec(restoreKind(services, kitSecrets)),
]
