/** One global that a pickle names, as often as it names it. */
export interface ImportRecord {
  readonly is: 'global'
  readonly module: string
  readonly name: string
  isCalled: boolean
}

/** A thing whose value does not matter here, or cannot be known without running the pickle. */
export interface Opaque {
  readonly is: 'opaque'
}

/** A thing that could have been known, but was let go to bound memory. */
export interface Forgotten {
  readonly is: 'forgotten'
}

export interface TupleValue {
  readonly is: 'tuple'
  readonly items: readonly Value[]
  readonly depth: number
}

export interface DictValue {
  readonly is: 'dict'
  entries: Map<string, Value> | null
}

/** What calling a global gave; kept only for the few whose state is needed to read on. */
export interface MadeValue {
  readonly is: 'made'
  readonly callee: ImportRecord
  readonly args: readonly Value[]
  state: Value
}

/** What the abstract machine keeps on its stack and in its memo. */
export type Value =
  string | number | boolean | null | Opaque | Forgotten | ImportRecord | TupleValue | DictValue | MadeValue

export const opaque: Opaque = { is: 'opaque' }
export const forgotten: Forgotten = { is: 'forgotten' }

/** The tag of a structured value, null for a plain one. */
export const tagOf = (value: Value) => (value !== null && typeof value === 'object' ? value.is : null)

export const isGlobal = (value: Value): value is ImportRecord => tagOf(value) === 'global'
export const isTuple = (value: Value): value is TupleValue => tagOf(value) === 'tuple'
export const isDict = (value: Value): value is DictValue => tagOf(value) === 'dict'
export const isMade = (value: Value): value is MadeValue => tagOf(value) === 'made'
