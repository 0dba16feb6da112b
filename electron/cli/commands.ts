/** Every command, in the order of the help. */
import { auditCommands } from './audit.ts'
import { archiveCommands } from './archive.ts'
import { certificateCommands } from './certificates.ts'
import type { Command } from './command.ts'
import { compromiseCommands } from './compromise.ts'
import { decrypt } from './decrypt.ts'
import { encrypt } from './encrypt.ts'
import { jobCommands } from './jobs.ts'
import { keyCommands } from './keys.ts'
import { kitCommands } from './kits.ts'
import { list } from './list.ts'
import { maintenanceCommands } from './maintenance.ts'
import { objectCommands } from './objects.ts'
import { retire } from './retirement.ts'
import { rotationCommands } from './rotation.ts'
import { settingsCommands } from './settings.ts'
import { show } from './show.ts'
import { storeCommands } from './stores.ts'
import { adopt, verify } from './verify.ts'

export const commands: readonly Command[] = [
  encrypt,
  decrypt,
  list,
  show,
  verify,
  ...objectCommands,
  ...keyCommands,
  ...rotationCommands,
  ...compromiseCommands,
  retire,
  ...certificateCommands,
  ...kitCommands,
  ...archiveCommands,
  ...storeCommands,
  ...jobCommands,
  ...auditCommands,
  ...settingsCommands,
  ...maintenanceCommands,
  adopt,
]
