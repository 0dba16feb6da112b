import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { Inside } from '../../../../shared/model-inspection.ts'
import { Button } from '../../../components/button.tsx'
import { MiddleEllipsis } from '../../../components/middle-ellipsis.tsx'
import { useFormat } from '../../../lib/use-format.ts'
import { FactsList } from './facts-list.tsx'
import { tensorLines } from './tensor-groups.ts'
import classes from './details.module.css'

const pageLines = 100
const shapeOf = (shape: number[]): string => (shape.length === 0 ? 'scalar' : shape.join(' × '))

/** Every tensor by layer; a layer opens and closes. */
export function TensorsInside({ inside }: { inside: Extract<Inside, { kind: 'tensors' }> }) {
  const format = useFormat()
  const [open, setOpen] = useState<ReadonlySet<string>>(() => {
    const first = tensorLines(inside.tensors, new Set()).find((line) => line.type === 'layer')
    return new Set(first ? [first.name] : [])
  })
  const [shown, setShown] = useState(pageLines)
  const lines = useMemo(() => tensorLines(inside.tensors, open), [inside.tensors, open])
  const toggle = (layer: string): void => {
    const next = new Set(open)
    if (!next.delete(layer)) next.add(layer)
    setOpen(next)
  }
  return (
    <>
      <div role="table" aria-label="Tensors" className={classes.tensors}>
        <div role="row" className={classes.tensorHead}>
          <span role="columnheader">Tensor</span>
          <span role="columnheader">Type</span>
          <span role="columnheader">Shape</span>
          <span role="columnheader">Size</span>
        </div>
        {lines.slice(0, shown).map((line) =>
          line.type === 'layer' ? (
            <div key={`layer ${line.name}`} role="row" className={classes.tensor}>
              <span role="cell">
                <button type="button" aria-expanded={open.has(line.name)} onClick={() => toggle(line.name)}>
                  {open.has(line.name) ? (
                    <IconChevronDown size={14} stroke={1.5} aria-hidden />
                  ) : (
                    <IconChevronRight size={14} stroke={1.5} aria-hidden />
                  )}
                  <MiddleEllipsis text={line.name} />
                </button>
              </span>
              <span role="cell" />
              <span role="cell">{format.counted(line.tensors.length, 'tensor')}</span>
              <span role="cell">{line.sizeBytes === null ? '—' : format.bytes(line.sizeBytes)}</span>
            </div>
          ) : (
            <div key={line.tensor.name} role="row" className={classes.tensor} data-depth={line.depth}>
              <span role="cell">
                <MiddleEllipsis text={line.label} tail={12} />
              </span>
              <span role="cell">{line.tensor.dtype}</span>
              <span role="cell">{shapeOf(line.tensor.shape)}</span>
              <span role="cell">
                {line.tensor.sizeBytes === null ? '—' : format.bytes(line.tensor.sizeBytes)}
              </span>
            </div>
          ),
        )}
      </div>
      {lines.length > shown ? (
        <Button kind="link" onClick={() => setShown(shown + pageLines)}>
          Show more of {format.count(lines.length)}
        </Button>
      ) : null}
      {inside.truncatedAt === null ? null : (
        <p className={classes.small}>Only the first {format.count(inside.truncatedAt)} are listed.</p>
      )}
      {inside.metadata.length > 0 ? <FactsList facts={inside.metadata} /> : null}
    </>
  )
}
