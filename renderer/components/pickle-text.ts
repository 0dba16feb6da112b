/** What loading a pickle would do, in one sentence. */
import type { PickleDanger, PickleWarning } from '../../shared/model-inspection.ts'

const dangers: Record<PickleDanger, string> = {
  'shell-command': 'Loading this pickle runs a shell command',
  code: 'Loading this pickle runs code of its author’s choosing',
  network: 'Loading this pickle opens a network connection',
  files: 'Loading this pickle reads or writes files',
  'native-library': 'Loading this pickle loads a native library',
  'nested-pickle': 'Loading this pickle loads another pickle, which may run code',
}

export const pickleTitle = (
  severity: PickleWarning['severity'] | 'none',
  danger: PickleDanger | null,
): string => {
  if (severity === 'runs-code') return danger === null ? 'Loading this pickle runs code' : dangers[danger]
  return 'This pickle names code that nobody vouches for'
}
