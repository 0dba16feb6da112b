/** What is typed for a server's address. Main has the last word; this says it while it is typed. */

const loopbackHost = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/

const read = (typed: string): URL | null => {
  const text = typed.trim()
  const address = text.includes('://') ? text : `https://${text}`
  return URL.canParse(address) ? new URL(address) : null
}

/** How a connection to it is protected. Nothing is the provider's own address: HTTPS. */
export function protectionOf(typed: string): 'https' | 'loopback' | 'none' {
  if (typed.trim() === '') return 'https'
  const address = read(typed)
  if (address?.protocol === 'https:') return 'https'
  return address?.protocol === 'http:' && loopbackHost.test(address.hostname) ? 'loopback' : 'none'
}

/** @returns null where it can be used */
export function addressProblem(typed: string): string | null {
  if (typed.trim() === '') return null
  if (read(typed) === null) return 'It is no address, such as s3.example.com.'
  return protectionOf(typed) === 'none' ? 'Only HTTPS is allowed, except to this machine itself.' : null
}

/** What stands in the field: HTTPS has a mark of its own. */
export const withoutScheme = (address: string): string => address.replace(/^https:\/\//, '')
