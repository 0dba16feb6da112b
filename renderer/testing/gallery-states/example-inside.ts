import type { Inside, TensorInfo } from '../../../shared/model-inspection.ts'

const tensor = (name: string, shape: number[], sizeBytes: number): TensorInfo => ({
  name,
  dtype: 'BF16',
  shape,
  sizeBytes,
})

const layer = (n: number): TensorInfo[] => [
  tensor(`model.layers.${n}.input_layernorm.weight`, [4096], 8192),
  tensor(`model.layers.${n}.mlp.down_proj.weight`, [4096, 11_008], 90_177_536),
  tensor(`model.layers.${n}.mlp.gate_proj.weight`, [11_008, 4096], 90_177_536),
  tensor(`model.layers.${n}.mlp.up_proj.weight`, [11_008, 4096], 90_177_536),
  tensor(`model.layers.${n}.self_attn.q_proj.weight`, [4096, 4096], 33_554_432),
]

/** A language model's tensors. */
export const exampleInside: Inside = {
  kind: 'tensors',
  format: 'safetensors',
  tensors: [
    tensor('lm_head.weight', [32_000, 4096], 262_144_000),
    tensor('model.embed_tokens.weight', [32_000, 4096], 262_144_000),
    ...Array.from({ length: 32 }, (_, n) => layer(n)).flat(),
    tensor('model.norm.weight', [4096], 8192),
  ],
  tensorCount: 291,
  truncatedAt: null,
  metadata: [{ key: 'format', value: 'pt' }],
  parameterCount: 6_738_415_616,
  pickle: null,
}

/** A pickle that would run a command. */
export const pickleInside: Inside = {
  kind: 'pickle',
  severity: 'runs-code',
  danger: 'shell-command',
  imports: [
    { module: 'os', name: 'system', verdict: 'runs-code', isCalled: true },
    { module: 'frauddetect.features.velocity', name: 'VelocityWindow', verdict: 'unknown', isCalled: true },
    { module: 'numpy', name: 'ndarray', verdict: 'known', isCalled: false },
    { module: 'numpy.core.multiarray', name: '_reconstruct', verdict: 'known', isCalled: true },
    { module: 'sklearn.ensemble._forest', name: 'RandomForestClassifier', verdict: 'known', isCalled: false },
  ],
  importCount: 5,
  flagged: ['os.system'],
  flaggedCount: 1,
  hidden: 0,
  streams: [{ where: null, offsetBytes: 0, protocol: 5, isComplete: true }],
  incomplete: false,
  notes: [],
}
