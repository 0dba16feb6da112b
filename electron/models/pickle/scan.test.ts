import { describe, expect, it } from 'vitest'
import type { PickleFindings } from '../../../shared/model-inspection.ts'
import { createBudget } from '../bounds.ts'
import { memoryReader, type ByteReader } from '../byte-reader.ts'
import {
  bytes,
  global,
  inst,
  MEMOIZE,
  NEWOBJ,
  NEWOBJ_EX,
  pickle,
  proto,
  STACK_GLOBAL,
  text,
  TUPLE1,
  TUPLE2,
} from '../testing/pickle-bytes.ts'
import { shellPickle, smallTorch, zipFile } from '../testing/model-files.ts'
import { sparseReader, watchReader } from '../testing/watched-reader.ts'
import { inspectModel } from '../inspect.ts'
import { createScan, findingsOfScan, scanPickles, withinBounds } from './scan.ts'

async function scan(file: Uint8Array | ByteReader, opcodeBytes?: number): Promise<PickleFindings> {
  const reader = file instanceof Uint8Array ? memoryReader(file) : file
  const search = createScan(createBudget(100_000_000), opcodeBytes)
  await withinBounds(search, async () => {
    await scanPickles(search, reader, null)
  })
  return findingsOfScan(search)
}

const importsOf = ({ imports }: PickleFindings) => imports.map(({ module, name }) => `${module}.${name}`)

describe('ways to name a shell command', () => {
  it.each([
    ['GLOBAL', pickle(global('os', 'system'), '(', "S'id'\n", 'tR.')],
    ['STACK_GLOBAL', pickle(proto(4), text('os'), text('system'), STACK_GLOBAL, text('id'), TUPLE1, 'R.')],
    ['the memo', pickle(proto(4), text('system'), MEMOIZE, '0', text('os'), 'h\x00', STACK_GLOBAL, ')R.')],
    [
      'a memo index of its own',
      pickle(
        proto(4),
        text('os'),
        'r\x07\x00\x00\x01',
        '0j\x07\x00\x00\x01',
        text('system'),
        STACK_GLOBAL,
        ')R.',
      ),
    ],
    ['strings of protocol 0', pickle("S'os'\nS'system'\n", STACK_GLOBAL, ')R.')],
    ['an escaped name', pickle('V\\u006fs\nVs\\u0079stem\n', STACK_GLOBAL, ')R.')],
    ['binary strings', pickle('U\x02osT\x06\x00\x00\x00system', STACK_GLOBAL, ')R.')],
    ['INST', pickle('(', "S'id'\n", inst('os', 'system'), '.')],
    ['OBJ', pickle('(', global('os', 'system'), "S'id'\n", 'o.')],
    ['NEWOBJ', pickle(proto(2), global('os', 'system'), ')', NEWOBJ, '.')],
    ['NEWOBJ_EX', pickle(proto(4), global('os', 'system'), ')}', NEWOBJ_EX, '.')],
    ['a copy on the stack', pickle(global('os', 'system'), '2)R.')],
    ['a pickle that breaks off afterwards', pickle(global('os', 'system'), '(', "S'id'\n", 'tR')],
    ['a pickle that fails afterwards', pickle(global('os', 'system'), '(', "S'id'\n", 'tR\xff')],
    ['a last line without an end', pickle('(', "S'id'\n", 'ios\nsystem!')],
    ['a second pickle', pickle('N.', global('os', 'system'), ')R.')],
    [
      'another module that hands it out',
      pickle(proto(4), text('numpy'), text('os.system'), STACK_GLOBAL, ')R.'),
    ],
    ['a pickle in a binary string', pickle(proto(3), bytes(shellPickle()), '.')],
    ['an archive in a binary string', pickle(proto(3), bytes(zipFile({ 'a/data.pkl': shellPickle() })), '.')],
  ])('%s', async (_, file) => {
    const findings = await scan(file)
    expect(findings).toMatchObject({ severity: 'runs-code', danger: 'shell-command' })
    expect(findings.flagged.join()).toMatch(/os\.system/)
  })
})

describe('verdicts', () => {
  it.each([
    ['builtins', 'eval', 'code'],
    ['__builtin__', 'execfile', 'code'],
    ['builtins', 'getattr', 'code'],
    ['operator', 'attrgetter', 'code'],
    ['importlib', 'import_module', 'code'],
    ['runpy', '_run_code', 'code'],
    ['torch.utils.cpp_extension', 'load_inline', 'shell-command'],
    ['numpy.testing._private.utils', 'runstring', 'code'],
    ['posix', 'execv', 'shell-command'],
    ['nt', 'system', 'shell-command'],
    ['subprocess', 'Popen', 'shell-command'],
    ['pandas.io.common', 'urlopen', 'network'],
    ['socket', 'create_connection', 'network'],
    ['webbrowser', 'open', 'network'],
    ['shutil', 'rmtree', 'files'],
    ['builtins', 'open', 'files'],
    ['ctypes', 'CDLL', 'native-library'],
    ['pickle', 'loads', 'nested-pickle'],
    ['torch', 'load', 'nested-pickle'],
    ['sklearn.utils', 'os', 'shell-command'],
  ])('%s.%s runs code', async (module, name, danger) => {
    expect(await scan(pickle(global(module, name), '.'))).toMatchObject({
      severity: 'runs-code',
      danger,
      flagged: [`${module}.${name}`],
    })
  })

  it.each([
    ['collections', 'OrderedDict'],
    ['numpy.core.multiarray', '_reconstruct'],
    ['sklearn.ensemble._forest', 'RandomForestClassifier'],
    ['torch._utils', '_rebuild_tensor_v2'],
    ['torch', 'BFloat16Storage'],
    ['xgboost.core', 'Booster'],
    ['_codecs', 'encode'],
  ])('%s.%s is known', async (module, name) => {
    expect(await scan(pickle(global(module, name), ')R.'))).toMatchObject({ severity: 'none', flagged: [] })
  })

  it.each([
    ['acme.models', 'ChurnModel'],
    ['__main__', 'Net'],
    ['numpy', 'some_function'],
    ['pandas.io.pytables', 'HDFStore'],
    ['sklearn.datasets._base', 'Bunch'],
    ['numpy', 'ndarray.tolist'],
  ])('%s.%s is vouched for by nobody', async (module, name) => {
    expect(await scan(pickle(global(module, name), ')R.'))).toMatchObject({
      severity: 'unknown',
      danger: null,
      flagged: [`${module}.${name}`],
    })
  })

  it('lets a function of a known package be named, but not called', async () => {
    const named = await scan(pickle(global('sklearn.metrics', 'accuracy_score'), '.'))
    const called = await scan(pickle(global('sklearn.metrics', 'accuracy_score'), ')R.'))
    expect([named.severity, called.severity]).toEqual(['none', 'unknown'])
    expect(called.imports[0]?.isCalled).toBe(true)
  })

  it('names the worst first', async () => {
    const file = pickle(
      '(',
      global('collections', 'Counter'),
      global('acme', 'F'),
      global('os', 'system'),
      't.',
    )
    expect(importsOf(await scan(file))).toEqual(['os.system', 'acme.F', 'collections.Counter'])
  })
})

describe('what cannot be read', () => {
  it.each([
    [
      'a name that is computed',
      pickle(
        proto(4),
        text('os'),
        global('_codecs', 'encode'),
        text('fflgrz'),
        text('rot13'),
        TUPLE2,
        'R',
        STACK_GLOBAL,
        '.',
      ),
    ],
    ['a code of the extension registry', pickle(proto(2), '\x82\x01.')],
    ['a call of what a call gave', pickle(global('functools', 'partial'), ')R)R.')],
    ['a change of an imported thing', pickle(global('collections', 'OrderedDict'), '}b.')],
    ['a line across the end of a frame', pickle(proto(4), '\x95\x08\0\0\0\0\0\0\0cnumpy\nnd', 'array\n.')],
    ['a length across the end of a frame', pickle(proto(4), '\x95\x02\0\0\0\0\0\0\0X\xff', '\x01\0\0\0a.')],
    [
      'a frame across the end of another',
      pickle(proto(4), '\x95\x0a\0\0\0\0\0\0\0\x95\x09\0\0\0\0\0\0\0', 'NN.NNNNNN.'),
    ],
    ['a name with undecodable bytes', pickle(proto(4), text('os'), '\x8c\x01\xff', STACK_GLOBAL, '.')],
  ])('%s counts as running code', async (_, file) => {
    expect(await scan(file)).toMatchObject({ severity: 'runs-code', hidden: 1 })
  })

  it('says so when its bound is reached', async () => {
    const findings = await scan(
      pickle(...Array.from({ length: 2000 }, () => 'N0'), global('os', 'system'), '.'),
      1000,
    )
    expect(findings).toMatchObject({ incomplete: true, severity: 'unknown', importCount: 0 })
    expect(findings.streams[0]?.isComplete).toBe(false)
  })

  it('finds an ordinary pickle to be complete', async () => {
    const findings = await scan(pickle(proto(4), '}\x94(', text('a'), 'K\x01', text('b'), ']u.'))
    expect(findings).toMatchObject({ severity: 'none', incomplete: false, hidden: 0, importCount: 0 })
    expect(findings.streams).toEqual([{ where: null, offsetBytes: 0, protocol: 4, isComplete: true }])
  })
})

describe('cost', () => {
  it('steps over a blob of gigabytes', async () => {
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(4_294_967_296n)
    const start = Buffer.concat([pickle(proto(4), global('collections', 'OrderedDict'), '0\x8e'), length])
    const end = start.length + 4_294_967_296
    const inner = sparseReader(start, end + 1)
    const reader = watchReader({
      sizeBytes: inner.sizeBytes,
      read: async (offset, lengthBytes) => {
        const data = await inner.read(offset, lengthBytes)
        if (offset <= end && offset + data.length > end) data[end - offset] = 0x2e
        return data
      },
    })
    expect(await scan(reader)).toMatchObject({ incomplete: false, importCount: 1 })
    expect(reader.totalBytes()).toBeLessThan(20_000)
  })

  it('ends on marks, memo entries and tuples without end', async () => {
    for (const unit of ['(', 'N', ')\x94', '(t\x94', '2', '}\x94']) {
      const file = pickle(proto(4), ')', unit.repeat(1_200_000 / unit.length))
      const findings = await scan(file)
      expect(findings.incomplete).toBe(true)
    }
  }, 60_000)
})

describe('archives of PyTorch', () => {
  it.each([false, true])('are read through their directory (compressed: %s)', async (deflate) => {
    const { summary, inside } = await inspectModel(memoryReader(smallTorch(deflate)), 'net.pt')
    expect(summary).toMatchObject({ kind: 'torch-zip', label: 'pickle · PyTorch', warning: null })
    expect(inside).toMatchObject({ kind: 'pickle', streams: [{ where: 'net/data.pkl', isComplete: true }] })
  })
})
