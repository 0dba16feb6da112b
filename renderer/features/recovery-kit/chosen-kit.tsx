import { useState } from 'react'
import type { KitRow } from '../../../shared/domain/kit.ts'
import type { KeyId } from '../../../shared/ids.ts'
import { CreateKitDialog } from './create-kit-dialog.tsx'
import { DrillDialog } from './drill-dialog.tsx'

/** A kit of some keys alone, from wherever they were chosen: made, then drilled. */
export function ChosenKit({ keyIds, onClose }: { keyIds: KeyId[]; onClose: () => void }) {
  const [drilled, setDrilled] = useState<KitRow | null>(null)
  if (drilled !== null) return <DrillDialog kit={drilled} onClose={onClose} />
  return <CreateKitDialog keyIds={keyIds} keys={keyIds.length} onClose={onClose} onDrill={setDrilled} />
}
