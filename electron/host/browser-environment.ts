/** The environment of a browser in which file names keep their letters. */
type Environment = Record<string, string | undefined>

/** Chromium on Linux reads names in the character set of the locale: without one, as in many containers and services, a
 * file called `modèle.pt` cannot be dropped. */
export function browserEnvironment(env: Environment, platform: string): Record<string, string> {
  const kept = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  const isUtf8 = /utf-?8/i.test(locale)
  return platform !== 'linux' || isUtf8 ? kept : { ...kept, LC_ALL: 'C.UTF-8' }
}
