/** Object versions that a bucket keeps: the old header stays in them. */
import { failureOf } from '../../../shared/failure.ts'
import { formatCounted } from '../../../shared/format.ts'
import { safeText } from '../../../shared/safe-text.ts'
import type { FoundVersion } from '../open-version.ts'

/** One line for each store that keeps them. Nothing of them is changed. */
export async function oldVersionsLine(all: readonly FoundVersion[]): Promise<string[]> {
  const lines: string[] = []
  for (const [store, found] of Map.groupBy(all, (each) => each.store)) {
    const { backend, row } = store
    const { versions } = backend
    if (versions === undefined || !(await backend.capabilities()).objectVersions) continue
    try {
      let kept = 0
      for (const { info } of found)
        kept += (await versions(info.name)).filter((each) => !each.isLatest && !each.isDeleteMarker).length
      const counted = formatCounted(kept, 'older object version')
      lines.push(`${safeText(row.name)} keeps ${counted}, which the old keys open`)
    } catch (error) {
      if (failureOf(error) === null) throw error
      lines.push(
        `${safeText(row.name)} keeps object versions, and did not tell how many: the old keys open them`,
      )
    }
  }
  return lines
}
