import { decodeLatin1, printable } from './printable.ts'

/** Formats that are told by the text at a file's start. The content of a file with an identity is never kept. */
export type TextFormat =
  'age' | 'age-armored' | 'age-identity' | 'lightgbm-text' | 'xgboost-json' | 'json' | 'text'

const armorStart = '-----BEGIN AGE ENCRYPTED FILE-----'
const identityStart = /^AGE-(SECRET-KEY|PLUGIN)-[A-Z0-9]/

const utf8 = new TextDecoder('utf-8')

/** The first line that is neither empty nor a comment decides, as when age reads such a file. */
function isIdentity(text: string): boolean {
  for (const line of text.split(/[\r\n]/)) {
    const content = line.replace(/^\xEF\xBB\xBF/, '').trim()
    if (content !== '' && !content.startsWith('#')) return identityStart.test(content)
  }
  return false
}

function isText(head: Uint8Array): boolean {
  if (head.length === 0) return false
  for (const byte of head)
    if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27) || byte === 127) return false
  // A character may be cut at the end of what was read; replaced ones elsewhere mean that this is no text.
  const text = utf8.decode(head)
  const fault = text.indexOf('\uFFFD')
  return fault < 0 || fault >= text.length - 3
}

/** Tells the format of a file from its first bytes (up to 64 KiB). Null where they are no text. */
export function textFormatOf(head: Uint8Array): TextFormat | null {
  const text = decodeLatin1(head)
  const trimmed = text.trimStart()
  if (text.startsWith('age-encryption.org/v1')) return 'age'
  if (trimmed.startsWith(armorStart)) return 'age-armored'
  if (isIdentity(text)) return 'age-identity'
  if (!isText(head)) return null
  if (/^tree\r?\nversion=v\d/.test(text)) return 'lightgbm-text'
  if (/^\{\s*"(learner|version|Config)"/.test(trimmed) && /"learner"/.test(text)) return 'xgboost-json'
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) return 'json'
  return 'text'
}

/** The version of XGBoost that wrote a JSON model, from its last bytes. */
export function xgboostVersionOf(edge: Uint8Array): string | null {
  const match = /"version"\s*:\s*\[\s*(\d{1,4})\s*,\s*(\d{1,4})\s*,\s*(\d{1,4})\s*\]/.exec(decodeLatin1(edge))
  return match ? `${match[1]}.${match[2]}.${match[3]}` : null
}

const lightgbmKeys = ['version', 'num_class', 'max_feature_idx', 'objective']

/** What a LightGBM model says of itself in its first lines. */
export function lightgbmFactsOf(head: Uint8Array): { key: string; value: string }[] {
  const lines = decodeLatin1(head.subarray(0, 8192)).split(/\r?\n/, 20)
  return lightgbmKeys.flatMap((key) => {
    const line = lines.find((candidate) => candidate.startsWith(`${key}=`))
    return line ? [{ key, value: printable(line.slice(key.length + 1), 200) }] : []
  })
}
