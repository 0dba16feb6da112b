import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requirePeer } from '../../scripts/test/require-peer.ts'
import { createBudget } from './bounds.ts'
import { memoryReader } from './byte-reader.ts'
import { inspectModel } from './inspect.ts'
import { createScan, findingsOfScan, scanPickles } from './pickle/scan.ts'
import { printable } from './printable.ts'

const hasPython = requirePeer(
  'python',
  spawnSync('python3', ['-c', 'import resource']).status === 0,
  'no python3 on the PATH (Debian: apt-get install python3)',
)

const Line = z.object({
  pickle: z.string(),
  protocol: z.number(),
  isMutated: z.boolean(),
  imports: z.array(z.tuple([z.string(), z.string()])),
  isLoaded: z.boolean(),
})

function picklesByPython(seed: number, count: number): z.infer<typeof Line>[] {
  const script = join(import.meta.dirname, 'testing', 'python-pickles.py')
  const output = execFileSync('python3', [script, String(seed), String(count)], {
    encoding: 'utf8',
    maxBuffer: 1_000_000_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return output
    .trimEnd()
    .split('\n')
    .map((line) => Line.parse(JSON.parse(line)))
}

async function scan(bytes: Uint8Array) {
  const search = createScan(createBudget(100_000_000))
  const walk = await scanPickles(search, memoryReader(bytes), null)
  return { walk, findings: findingsOfScan(search) }
}

/** Another number, another thousand pickles. */
const seed = Number(process.env.WEIGHTLOCK_SEED ?? 20_261_123)

const dotted = (module: string, name: string) => `${printable(module)}.${printable(name)}`

describe.runIf(hasPython)("next to Python's own unpickler", () => {
  const lines = hasPython ? picklesByPython(seed, 1500) : []
  const ours = lines.filter(({ isMutated }) => !isMutated)
  const mutated = lines.filter(({ isMutated }) => isMutated)

  it('finds exactly the imports of ordinary pickles, in every protocol', async () => {
    expect(ours).toHaveLength(1500)
    for (const line of ours) {
      const { walk, findings } = await scan(Buffer.from(line.pickle, 'base64'))
      expect({ pickle: line.pickle, end: walk.end }).toEqual({ pickle: line.pickle, end: 'stopped' })
      // Protocols 2 and 3 make objects that take keywords through getattr, which cannot be followed.
      const usesGetattr = line.imports.some(([, name]) => name === 'getattr')
      if (!usesGetattr) expect({ pickle: line.pickle, hidden: findings.hidden }).toMatchObject({ hidden: 0 })
      const found = findings.imports.map(({ module, name }) => `${module}.${name}`).toSorted()
      expect(found).toEqual(line.imports.map(([module, name]) => dotted(module, name)).toSorted())
    }
  })

  it('misses nothing that damaged pickles import before they fail', async () => {
    const loaded = mutated.filter(({ isLoaded }) => isLoaded)
    expect(loaded.length).toBeGreaterThan(100)
    expect(mutated.length - loaded.length).toBeGreaterThan(100)
    for (const line of mutated) {
      const { findings } = await scan(Buffer.from(line.pickle, 'base64'))
      const found = new Set(findings.imports.map(({ module, name }) => `${module}.${name}`))
      const missed = line.imports.filter(([module, name]) => !found.has(dotted(module, name)))
      // What could not be read is counted as hidden, never left out.
      if (findings.hidden === 0)
        expect({ pickle: line.pickle, missed }).toEqual({ pickle: line.pickle, missed: [] })
    }
  })

  it('follows every damaged pickle to its end that Python loads', async () => {
    const brokenOff: string[] = []
    for (const line of mutated.filter(({ isLoaded }) => isLoaded)) {
      const { walk, findings } = await scan(Buffer.from(line.pickle, 'base64'))
      if (walk.end !== 'stopped' && findings.hidden === 0) brokenOff.push(line.pickle)
    }
    expect(brokenOff).toEqual([])
  })
})

describe('the sample model', () => {
  const folder = join(import.meta.dirname, '../../assets/sample')

  it('is a safetensors file with its facts', async () => {
    const bytes = readFileSync(join(folder, 'digits-mlp.safetensors'))
    const { summary, inside } = await inspectModel(memoryReader(bytes), 'digits-mlp.safetensors')
    expect(summary).toMatchObject({ label: 'safetensors', malformed: null })
    expect(inside).toMatchObject({ tensorCount: 6, parameterCount: 67_914 })
  })

  it('is a pickle without anything to warn of', async () => {
    const bytes = readFileSync(join(folder, 'digits-mlp.pkl'))
    const { summary, inside } = await inspectModel(memoryReader(bytes), 'digits-mlp.pkl')
    expect(summary).toMatchObject({ kind: 'pickle', label: 'pickle', malformed: null, warning: null })
    expect(inside).toMatchObject({ severity: 'none', importCount: 2, incomplete: false })
  })

  it.runIf(hasPython)(
    'reads digits in plain Python, from the pickle and from the safetensors file alike',
    () => {
      const script = join(import.meta.dirname, 'testing', 'load-sample.py')
      const answer: unknown = JSON.parse(execFileSync('python3', [script, folder], { encoding: 'utf8' }))
      expect(answer).toEqual({ isSame: true, parameters: 67_914, read: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] })
    },
  )
})
