/** Names that Electron's preload and its host agree on, and nobody else knows. */
export const wire = {
  /** (channel, request) → Result */
  call: 'weightlock:call',
  /** (event, payload), from main to the page */
  event: 'weightlock:event',
  /** (real path) → PathToken; outside the contract, because a page never holds a path */
  path: 'weightlock:path',
} as const

/** Electron's own scheme for the page, instead of `file:`. */
export const pageScheme = 'app'
export const pageUrl = `${pageScheme}://weightlock/`

/** True for an address of the page itself.
 * @param url of a frame */
export function isPageUrl(url: string): boolean {
  const parsed = URL.parse(url)
  return parsed !== null && parsed.protocol === `${pageScheme}:` && parsed.host === 'weightlock'
}
