import type { ProxiedReply, S3Proxy } from '../../scripts/test/s3-proxy.ts'

export type HeldUpload = {
  /** What is held, and whatever comes after it, is answered so. */
  release: (answer: ProxiedReply | 'cut') => void
}

/** Lets two parts of an object through, and holds everything after them until it is told what to answer.
 * @param name what its address holds: the first write into a store tries parts of its own */
export function holdUpload(proxy: S3Proxy, name: string): HeldUpload {
  const { promise: released, resolve: release } = Promise.withResolvers<ProxiedReply | 'cut'>()
  let passed = 0
  proxy.meet(async ({ operation, url }, forward) => {
    if (passed === 2) return released
    if (operation === 'UploadPart' && url.includes(name)) passed++
    return forward()
  })
  return { release }
}
