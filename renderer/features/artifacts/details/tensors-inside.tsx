import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { Inside } from '../../../../shared/model-inspection.ts'
import { Button } from '../../../components/button.tsx'
import { MiddleEllipsis } from '../../../components/middle-ellipsis.tsx'
import { useFormat } from '../../../lib/use-format.ts'
import { FactsList } from './facts-list.tsx'
import { tensorLines } from './tensor-groups.ts'
import type { TensorLine } from './tensor-groups.ts'
import shared from './details.module.css'
import classes from './inside.module.css'

const pageLines = 100
const shapeOf = (shape: number[]): string => (shape.length === 0 ? 'scalar' : shape.join(' × '))

type Tensors = Extract<Inside, { kind: 'tensors' }>

const firstLayer = (tensors: Tensors['tensors']): string[] => {
  const first = tensorLines(tensors, new Set()).find((line) => line.type === 'layer')
  return first === undefined ? [] : [first.name]
}

/** Every tensor by layer; a layer opens and closes. */
export function TensorsInside({ inside }: { inside: Tensors }) {
  const format = useFormat()
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(firstLayer(inside.tensors)))
  const [shown, setShown] = useState(pageLines)
  const lines = useMemo(() => tensorLines(inside.tensors, open), [inside.tensors, open])
  const toggle = (layer: string): void => {
    const next = new Set(open)
    if (!next.delete(layer)) next.add(layer)
    setOpen(next)
  }
  return (
    <>
      <table className={classes.tensors} aria-label="Tensors">
        <thead>
          <tr>
            <th scope="col">Tensor</th>
            <th scope="col">Type</th>
            <th scope="col">Shape</th>
            <th scope="col">Size</th>
          </tr>
        </thead>
        <tbody>
          {lines.slice(0, shown).map((line) => (
            <Line
              key={line.type === 'layer' ? `layer ${line.name}` : line.tensor.name}
              line={line}
              isOpen={line.type === 'layer' && open.has(line.name)}
              onToggle={toggle}
            />
          ))}
        </tbody>
      </table>
      {lines.length > shown ? (
        <Button kind="link" onClick={() => setShown(shown + pageLines)}>
          Show more of {format.count(lines.length)}
        </Button>
      ) : null}
      {inside.truncatedAt === null ? null : (
        <p className={shared.small}>Only the first {format.count(inside.truncatedAt)} are listed.</p>
      )}
      {inside.metadata.length > 0 ? <FactsList facts={inside.metadata} /> : null}
    </>
  )
}

type LineProps = { line: TensorLine; isOpen: boolean; onToggle: (layer: string) => void }

function Line({ line, isOpen, onToggle }: LineProps) {
  const format = useFormat()
  const size = (sizeBytes: number | null): string => (sizeBytes === null ? '—' : format.bytes(sizeBytes))
  if (line.type === 'tensor')
    return (
      <tr data-depth={line.depth}>
        <td>
          <MiddleEllipsis text={line.label} tail={12} />
        </td>
        <td>{line.tensor.dtype}</td>
        <td>{shapeOf(line.tensor.shape)}</td>
        <td>{size(line.tensor.sizeBytes)}</td>
      </tr>
    )
  const Chevron = isOpen ? IconChevronDown : IconChevronRight
  return (
    <tr>
      <td>
        <button type="button" aria-expanded={isOpen} onClick={() => onToggle(line.name)}>
          <Chevron size={14} stroke={1.5} aria-hidden />
          <MiddleEllipsis text={line.name} />
        </button>
      </td>
      <td colSpan={2}>{format.counted(line.tensors.length, 'tensor')}</td>
      <td>{size(line.sizeBytes)}</td>
    </tr>
  )
}
