import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const kept = join(import.meta.dirname, '../assets/sample')

describe('the sample model', () => {
  // The last bits of exp and log may differ on other processors.
  it.runIf(process.arch === 'x64')('comes out of its script as it is kept', () => {
    const folder = mkdtempSync(join(tmpdir(), 'weightlock-sample-'))
    execFileSync(process.execPath, [join(import.meta.dirname, 'sample-model.ts'), folder], {
      stdio: 'ignore',
    })
    for (const name of ['digits-mlp.safetensors', 'digits-mlp.pkl']) {
      expect(readFileSync(join(folder, name)).equals(readFileSync(join(kept, name)))).toBe(true)
    }
    rmSync(folder, { recursive: true })
  })
})
