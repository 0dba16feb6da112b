import type { ProxiedReply, ProxiedRequest, S3Proxy } from '../../scripts/test/s3-proxy.ts'

export type HeldUpload = {
  /** What is held, and whatever comes after it, is answered so. */
  release: (answer: ProxiedReply | 'cut') => void
}

/** @param name what its address holds: before a write a store may be tried with parts of its own */
const isPartOf = (name: string, { operation, url }: ProxiedRequest): boolean =>
  operation === 'UploadPart' && url.includes(name)

/** Parts of an object that were sent since the requests were last emptied. */
export const partsSent = (proxy: S3Proxy, name: string): ProxiedRequest[] =>
  proxy.requests.filter((request) => isPartOf(name, request))

/** Lets two parts of an object through, and holds everything after them until it is told what to answer. */
export function holdUpload(proxy: S3Proxy, name: string): HeldUpload {
  const { promise: released, resolve: release } = Promise.withResolvers<ProxiedReply | 'cut'>()
  let passed = 0
  proxy.meet(async (request, forward) => {
    if (passed === 2) return released
    if (isPartOf(name, request)) passed++
    return forward()
  })
  return { release }
}
