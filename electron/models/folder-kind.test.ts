import { describe, expect, it } from 'vitest'
import { folderKindOf } from './folder-kind.ts'

describe('folder kind', () => {
  it.each([
    ['hugging-face', 'Hugging Face folder · 3 files', ['config.json', 'model.safetensors', 'tokenizer.json']],
    ['hugging-face', 'Hugging Face folder · 2 files', ['adapter_config.json', 'adapter_model.safetensors']],
    [
      'hugging-face',
      'Hugging Face folder · 2 files',
      ['refs/main', 'snapshots/0123456789abcdef/config.json'],
    ],
    ['saved-model', 'SavedModel folder · 2 files', ['saved_model.pb', 'variables/variables.index']],
    ['mlflow', 'MLflow folder · 2 files', ['MLmodel', 'model.pkl']],
    ['diffusers', 'Diffusers folder · 2 files', ['model_index.json', 'unet/config.json']],
    ['torch-checkpoint', 'PyTorch checkpoint folder · 1 file', ['__0_0.distcp']],
    ['plain', 'folder · 2 files', ['churn.txt', 'config.json']],
    ['plain', 'folder · 0 files', []],
  ] as const)('%s: %s', (folder, label, names) => {
    expect(folderKindOf(names)).toEqual({ folder, label, fileCount: names.length })
  })
})
