import { LimitReached, malformed } from '../bounds.ts'
import { createMemo, type Memo } from './memo.ts'
import {
  forgotten,
  isDict,
  isGlobal,
  isMade,
  isTuple,
  opaque,
  tagOf,
  type DictValue,
  type ImportRecord,
  type MadeValue,
  type Value,
} from './values.ts'

const stackLimit = 1_000_000
const importLimit = 20_000
const tupleItemsLimit = 8
const depthLimit = 4
const dictEntriesLimit = 32
const structuresLimit = 1_000_000

/** What all pickles of one file found together. */
export interface Discoveries {
  readonly imports: Map<string, ImportRecord>
  /** Imports whose name is computed, and calls of things that the pickle made itself. */
  hidden: number
  /** Something that could have been known had to be let go. */
  hasForgotten: boolean
  sklearnVersion: string | null
  /** How many more tuples, dictionaries and results may be kept. */
  structuresLeft: number
}

export const createDiscoveries = (): Discoveries => ({
  imports: new Map(),
  hidden: 0,
  hasForgotten: false,
  sklearnVersion: null,
  structuresLeft: structuresLimit,
})

/** The unpickler's stack and memo, over values that are only described: nothing is imported, nothing is called. */
export interface Machine {
  readonly stack: Value[]
  readonly marks: number[]
  readonly memo: Memo
  readonly discoveries: Discoveries
  /** A joblib array whose raw bytes follow at once; whoever walks must step over them. */
  pendingArray: MadeValue | null
}

export const createMachine = (discoveries: Discoveries): Machine => ({
  stack: [],
  marks: [],
  memo: createMemo(),
  discoveries,
  pendingArray: null,
})

export function push(machine: Machine, value: Value): void {
  if (machine.stack.length >= stackLimit) throw new LimitReached()
  machine.stack.push(value)
}

/** The stack's height under which nothing may be popped: that of the last mark. */
const floorOf = (machine: Machine): number => machine.marks.at(-1) ?? 0

export function pop(machine: Machine): Value {
  if (machine.stack.length <= floorOf(machine)) malformed('it takes from an empty stack')
  return machine.stack.pop() ?? null
}

export function top(machine: Machine): Value {
  if (machine.stack.length <= floorOf(machine)) malformed('it takes from an empty stack')
  return machine.stack.at(-1) ?? null
}

export function mark(machine: Machine): void {
  if (machine.marks.length >= stackLimit) throw new LimitReached()
  machine.marks.push(machine.stack.length)
}

export function popToMark(machine: Machine): Value[] {
  const from = machine.marks.pop()
  if (from === undefined) malformed('it looks for a mark that it never set')
  return machine.stack.splice(from)
}

/** POP takes a value, or the mark where that is the topmost thing. */
export function popOrMark(machine: Machine): void {
  if (machine.stack.length > floorOf(machine)) machine.stack.pop()
  else if (machine.marks.length > 0) machine.marks.pop()
  else malformed('it takes from an empty stack')
}

export function replaceTop(machine: Machine, value: Value): void {
  machine.stack[machine.stack.length - 1] = value
}

/** Counts a structured value that is about to be kept. */
function mayKeep(machine: Machine): boolean {
  if (machine.discoveries.structuresLeft <= 0) return false
  machine.discoveries.structuresLeft--
  return true
}

export function tupleOf(machine: Machine, items: readonly Value[]): Value {
  let depth = 1
  for (const item of items) if (isTuple(item)) depth = Math.max(depth, item.depth + 1)
  if (items.length > tupleItemsLimit || depth > depthLimit) return opaque
  return mayKeep(machine) ? { is: 'tuple', items, depth } : forgotten
}

export const emptyDict = (machine: Machine): Value =>
  mayKeep(machine) ? { is: 'dict', entries: null } : forgotten

export function setItem(machine: Machine, target: Value, key: Value, value: Value): void {
  if (key === '_sklearn_version' && typeof value === 'string') {
    machine.discoveries.sklearnVersion ??= value
  }
  if (isDict(target) && typeof key === 'string' && canHold(value)) remember(target, key, value)
}

// Dictionaries hold no dictionaries: enough for what is asked of them, and it keeps what is kept shallow.
const canHold = (value: Value) => !isDict(value)

function remember(dict: DictValue, key: string, value: Value) {
  dict.entries ??= new Map()
  if (dict.entries.size < dictEntriesLimit) dict.entries.set(key, value)
}

export function importGlobal(machine: Machine, module: Value, name: Value): ImportRecord | Value {
  const { discoveries } = machine
  if (typeof module !== 'string' || typeof name !== 'string') {
    if (tagOf(module) === 'forgotten' || tagOf(name) === 'forgotten') discoveries.hasForgotten = true
    else discoveries.hidden++
    return opaque
  }
  const key = `${module}\n${name}`
  const known = discoveries.imports.get(key)
  if (known) return known
  if (discoveries.imports.size >= importLimit) throw new LimitReached()
  const record: ImportRecord = { is: 'global', module, name, isCalled: false }
  discoveries.imports.set(key, record)
  return record
}

const isKeptWhenMade = ({ module, name }: ImportRecord): boolean =>
  (module === 'numpy' && name === 'dtype') ||
  (module.endsWith('numpy_pickle') && name === 'NumpyArrayWrapper')

/** The result of calling `callee`, which is what makes a pickle dangerous: who is called is noted. */
export function call(machine: Machine, callee: Value, args: Value): Value {
  if (!isGlobal(callee)) {
    if (tagOf(callee) === 'forgotten') machine.discoveries.hasForgotten = true
    else machine.discoveries.hidden++
    return opaque
  }
  callee.isCalled = true
  const isRebuild = callee.module === 'copyreg' || callee.module === 'copy_reg'
  const items = isTuple(args) ? args.items : []
  // copyreg's functions call the class that they are given.
  if (isRebuild) for (const item of items) if (isGlobal(item)) item.isCalled = true
  const made = isRebuild && isGlobal(items[0] ?? null) ? (items[0] ?? null) : callee
  if (!isGlobal(made) || !isKeptWhenMade(made) || !mayKeep(machine)) return opaque
  return { is: 'made', callee: made, args: items, state: null }
}

/** BUILD: gives the topmost thing its state. */
export function build(machine: Machine): void {
  const state = pop(machine)
  const target = top(machine)
  // State for an imported thing itself would change it for the whole process; no honest pickle does that.
  if (isGlobal(target)) machine.discoveries.hidden++
  if (!isMade(target)) return
  target.state = state
  if (target.callee.name === 'NumpyArrayWrapper') machine.pendingArray = target
}
