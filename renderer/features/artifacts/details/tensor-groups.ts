/** Tensors grouped by layer, their common prefix dropped: `model.layers.0` holds `mlp.down_proj.weight`. */
import type { TensorInfo } from '../../../../shared/model-inspection.ts'

export type TensorLine =
  | { type: 'tensor'; tensor: TensorInfo; label: string; depth: 0 | 1 }
  | { type: 'layer'; name: string; tensors: TensorInfo[]; sizeBytes: number | null }

/** `model.layers.12.mlp.up.weight` → `model.layers.12`: up to and with the first number between dots. */
const layerOf = (name: string): string | null =>
  /^(?:.*?[./])?[^./]*?[./]?\d+(?=[./])/.exec(name)?.[0] ?? null

const sumBytes = (tensors: TensorInfo[]): number | null =>
  tensors.reduce<number | null>(
    (sum, { sizeBytes }) => (sum === null || sizeBytes === null ? null : sum + sizeBytes),
    0,
  )

/** @param open names of the layers whose tensors are listed
 * @returns lines in the file's order; a layer stands where its first tensor does */
export function tensorLines(tensors: TensorInfo[], open: ReadonlySet<string>): TensorLine[] {
  const layers = new Map<string, TensorInfo[]>()
  for (const tensor of tensors) {
    const layer = layerOf(tensor.name)
    if (layer === null) continue
    const members = layers.get(layer)
    if (members) members.push(tensor)
    else layers.set(layer, [tensor])
  }
  const lines: TensorLine[] = []
  const seen = new Set<string>()
  for (const tensor of tensors) {
    const layer = layerOf(tensor.name)
    const members = layer === null ? undefined : layers.get(layer)
    if (layer === null || members === undefined || members.length < 2) {
      lines.push({ type: 'tensor', tensor, label: tensor.name, depth: 0 })
    } else if (!seen.has(layer)) {
      seen.add(layer)
      lines.push({ type: 'layer', name: layer, tensors: members, sizeBytes: sumBytes(members) })
      if (open.has(layer))
        for (const member of members)
          lines.push({
            type: 'tensor',
            tensor: member,
            label: member.name.slice(layer.length + 1),
            depth: 1,
          })
    }
  }
  return lines
}
