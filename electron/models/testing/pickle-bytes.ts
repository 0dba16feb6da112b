/** Pickles put together opcode by opcode, for tests. */

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')

/** Joins opcodes given as text (one character a byte) and bytes. */
export const pickle = (...parts: readonly (string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? latin1(part) : part)))

export const proto = (version: number): string => `\x80${String.fromCharCode(version)}`
export const global = (module: string, name: string): string => `c${module}\n${name}\n`
export const inst = (module: string, name: string): string => `i${module}\n${name}\n`
/** SHORT_BINUNICODE */
export const text = (value: string): string => {
  const bytes = Buffer.from(value).toString('latin1')
  return `\x8c${String.fromCharCode(bytes.length)}${bytes}`
}
/** BINBYTES */
export const bytes = (value: Uint8Array): Uint8Array => {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(value.length)
  return Buffer.concat([latin1('B'), length, value])
}

export const STACK_GLOBAL = '\x93'
export const MEMOIZE = '\x94'
export const NEWOBJ = '\x81'
export const NEWOBJ_EX = '\x92'
export const TUPLE1 = '\x85'
export const TUPLE2 = '\x86'
