/** What an artifact's ciphertext is called in a store, and back (data.md, "Names and ids"). */
import { createHash } from 'node:crypto'
import { encodeId } from '../../shared/ids.ts'
import { byteLength, type NameRules, nameRulesOf, windowsSafe } from '../../shared/name-rules.ts'

/** An extension is a dot and letters or digits with a letter among them, so that `v1.5` and `Llama-3.1-8B` have none. */
const extension = /(?:\.tar)?\.(?=[0-9]*[a-z])[0-9a-z]{1,12}$/i

/** The object name: `name.ext.age`, `name.v2.ext.age`, for folders `name.tar.age`, `name.v2.tar.age`.
 * @param name the artifact's, with its folder
 * @param nameNumber 1, or more for artifacts of the same name: `name-2.ext.age` */
export function objectNameFor(
  {
    name,
    isFolder,
    version,
    nameNumber,
  }: { name: string; isFolder: boolean; version: number; nameNumber: number },
  rules: NameRules = nameRulesOf(process.platform),
): string {
  const parts = name.split('/').map((part) => (rules.windows ? windowsSafe(part) : part))
  const last = parts.pop() ?? ''
  const ext = isFolder ? '' : (extension.exec(last)?.[0] ?? '')
  const isAllExtension = ext.length === last.length
  const stem = isAllExtension ? last : last.slice(0, last.length - ext.length)
  const tail = [
    nameNumber > 1 ? `-${nameNumber}` : '',
    version > 1 ? `.v${version}` : '',
    isAllExtension ? '' : ext,
    isFolder ? '.tar.age' : '.age',
  ].join('')
  const folders = parts.map((part) => shortened(part, '', rules.maxPartBytes))
  return [...folders, shortened(stem, tail, rules.maxPartBytes)].join('/')
}

/** A name that says nothing but which artifact it is: the object name of an artifact that is called by its id. */
export const opaqueObjectName = (artifactId: string, isFolder: boolean, version: number): string =>
  `${artifactId}${version > 1 ? `.v${version}` : ''}${isFolder ? '.tar' : ''}.age`

/** Also where another object had the name, and it was numbered. */
export const isOpaqueName = (objectName: string, artifactId: string): boolean =>
  objectName.startsWith(artifactId)

/** Cuts whole characters and puts 8 characters of a hash in their place. */
function shortened(stem: string, tail: string, maxBytes: number): string {
  if (byteLength(stem + tail) <= maxBytes) return stem + tail
  const digest = createHash('sha256').update(stem).digest()
  const mark = `-${encodeId(digest.subarray(0, 16)).slice(0, 8)}`
  let kept = ''
  let room = maxBytes - byteLength(mark + tail)
  for (const character of stem) {
    room -= byteLength(character)
    if (room < 0) break
    kept += character
  }
  return kept + mark + tail
}

/** What an object's name says about the artifact, for a rebuild. */
export function nameFromObject(objectName: string): { name: string; version: number; isFolder: boolean } {
  const inner = objectName.endsWith('.age') ? objectName.slice(0, -'.age'.length) : objectName
  const isFolder = inner.endsWith('.tar')
  const bare = isFolder ? inner.slice(0, -'.tar'.length) : inner
  const marked = isFolder ? /\.v([1-9][0-9]{0,8})()$/.exec(bare) : markedVersion.exec(bare)
  if (!marked) return { name: bare, version: 1, isFolder }
  return { name: bare.slice(0, marked.index) + (marked[2] ?? ''), version: Number(marked[1]), isFolder }
}

const markedVersion = /\.v([1-9][0-9]{0,8})((?:(?:\.tar)?\.(?=[0-9]*[a-z])[0-9a-z]{1,12})?)$/i
