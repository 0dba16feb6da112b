import { describe, expect, it } from 'vitest'
import type { TensorInfo } from '../../../../shared/model-inspection.ts'
import { tensorLines } from './tensor-groups.ts'

const tensor = (name: string, sizeBytes: number | null = 8): TensorInfo => ({
  name,
  dtype: 'BF16',
  shape: [2, 2],
  sizeBytes,
})
const tensors = [
  tensor('lm_head.weight'),
  tensor('model.layers.0.input_layernorm.weight'),
  tensor('model.layers.0.mlp.down_proj.weight', 16),
  tensor('model.layers.1.mlp.down_proj.weight'),
  tensor('blk.3.attn.weight'),
  tensor('blk.3.ffn.weight', null),
  tensor('model.norm.weight'),
]
const shape = (open: string[]) =>
  tensorLines(tensors, new Set(open)).map((line) =>
    line.type === 'layer'
      ? `${line.name} (${line.tensors.length}, ${line.sizeBytes})`
      : `${line.depth} ${line.label}`,
  )

describe('tensors by layer', () => {
  it('groups what shares a numbered prefix and leaves a lone tensor as it is', () => {
    expect(shape([])).toEqual([
      '0 lm_head.weight',
      'model.layers.0 (2, 24)',
      '0 model.layers.1.mlp.down_proj.weight',
      'blk.3 (2, null)',
      '0 model.norm.weight',
    ])
  })
  it('lists an open layer’s tensors without the prefix', () => {
    expect(shape(['model.layers.0']).slice(1, 4)).toEqual([
      'model.layers.0 (2, 24)',
      '1 input_layernorm.weight',
      '1 mlp.down_proj.weight',
    ])
  })
  it('groups 20,000 tensors in well under a tenth of a second', () => {
    const many = Array.from({ length: 20_000 }, (_, n) =>
      tensor(`model.layers.${Math.floor(n / 9)}.t${n % 9}.weight`),
    )
    const started = performance.now()
    expect(tensorLines(many, new Set()).length).toBe(Math.ceil(20_000 / 9))
    expect(performance.now() - started).toBeLessThan(500)
  })
})
