import { malformed } from './bounds.ts'
import { decodeUtf8 } from './printable.ts'

const quote = 0x22
const backslash = 0x5c

/**
 * Parses JSON whose depth and number of parts are checked first: the parser of the engine takes memory in proportion
 * to both. Keys like `__proto__` come out as ordinary own properties; read them through `Object.entries` only.
 * @throws Malformed
 */
export function parseBoundedJson(bytes: Uint8Array, depthLimit: number, partsLimit: number): unknown {
  let depth = 0
  let parts = 0
  let isInString = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (isInString) {
      if (byte === backslash) at++
      else if (byte === quote) isInString = false
      continue
    }
    if (byte === quote) isInString = true
    else if (byte === 0x7b || byte === 0x5b) {
      parts++
      if (++depth > depthLimit) malformed('its JSON is nested too deeply')
    } else if (byte === 0x7d || byte === 0x5d) depth--
    else if (byte === 0x2c) parts++
  }
  if (parts > partsLimit) malformed('its JSON has too many parts')
  try {
    return JSON.parse(decodeUtf8(bytes))
  } catch {
    return malformed('its JSON cannot be parsed')
  }
}

/** The own entries of a JSON object, null for anything else. */
export const entriesOf = (value: unknown): [string, unknown][] | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : null
