/** Object names and the keys that they have in a bucket. */
import { byteLength, checkName, nameProblem, type NameRules } from '../../../../shared/name-rules.ts'
import { fail } from '../../../../shared/failure.ts'
import { jobOfTemporary } from '../../temporary-name.ts'

const maxKeyBytes = 1024
const s3Names: NameRules = { windows: false, maxPartBytes: maxKeyBytes }

export type Names = {
  /** @throws artifact/name-invalid */
  keyOf: (name: string) => string
  /** @returns null for what is no object's name: it has empty parts, ends with a slash, or is a temporary of ours */
  nameOf: (key: string) => string | null
}

/** @param prefix `''`, or ends with a slash */
export const namesBelow = (prefix: string): Names => ({
  keyOf: (name) => {
    checkName(name, s3Names)
    const key = prefix + name
    if (byteLength(key) > maxKeyBytes)
      fail({
        code: 'artifact/name-invalid',
        name,
        reason: `with its prefix it is longer than ${maxKeyBytes} bytes`,
      })
    return key
  },
  nameOf: (key) => {
    if (!key.startsWith(prefix)) return null
    const name = key.slice(prefix.length)
    if (nameProblem(name, s3Names) !== null) return null
    return jobOfTemporary(name.slice(name.lastIndexOf('/') + 1)) === null ? name : null
  },
})

/** A key in a list that was asked for with `encoding-type=url`: XML cannot hold every character.
 * @param encoding what the answer says of itself: some servers ignore the wish */
export function decodedKey(key: string, encoding: string | undefined): string {
  if (encoding !== 'url') return key
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch {
    return key
  }
}

/** `x-amz-copy-source`. */
export const copySource = (bucket: string, key: string): string =>
  `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`
