/** What a source is: a file from its content, a folder from the names in it. Nothing is ever executed. */
import { folderKindOf } from '../../models/folder-kind.ts'
import { identify } from '../../models/inspect.ts'
import type { ModelSummary } from '../../../shared/model-inspection.ts'
import type { PlaintextSource } from './open-source.ts'

/** @param fileName settles only what the content leaves open */
export async function summarise(
  source: PlaintextSource,
  fileName: string,
  signal?: AbortSignal,
): Promise<ModelSummary> {
  if (source.reader) return identify(source.reader, fileName, signal ? { signal } : {})
  return {
    kind: 'folder',
    label: folderKindOf(source.names).label,
    framework: null,
    warning: null,
    malformed: null,
  }
}
