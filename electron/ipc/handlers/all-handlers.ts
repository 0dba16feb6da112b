/** Every call's handler. A missing one does not compile. */
import type { AgeFileKeys } from '../../jobs/kinds/decrypt/age-file-keys.ts'
import type { Handlers } from '../dispatcher.ts'
import { artifactsHandlers } from './artifacts.ts'
import { auditHandlers } from './audit.ts'
import { compromiseHandlers } from './compromise.ts'
import { decryptHandlers } from './decrypt.ts'
import { encryptHandlers } from './encrypt.ts'
import { filesHandlers } from './files.ts'
import type { HandlerDeps } from './handler-deps.ts'
import { jobsHandlers } from './jobs.ts'
import { keysHandlers } from './keys.ts'
import type { KitSecrets } from '../../jobs/kinds/kit/kit-secrets.ts'
import { kitsHandlers } from './kits.ts'
import { objectsHandlers } from './objects.ts'
import { programHandlers } from './program.ts'
import { retirementHandlers } from './retirement.ts'
import { rotationHandlers } from './rotation.ts'
import { storesHandlers } from './stores.ts'

export const allHandlers = (
  deps: HandlerDeps & { ageFileKeys: AgeFileKeys; kitSecrets: KitSecrets },
): Handlers => ({
  ...programHandlers(deps),
  ...filesHandlers(deps),
  ...storesHandlers(deps),
  ...artifactsHandlers(deps),
  ...objectsHandlers(deps),
  ...encryptHandlers(deps),
  ...decryptHandlers(deps),
  ...keysHandlers(deps),
  ...rotationHandlers(deps),
  ...retirementHandlers(deps),
  ...compromiseHandlers(deps),
  ...kitsHandlers(deps),
  ...auditHandlers(deps),
  ...jobsHandlers(deps),
})
