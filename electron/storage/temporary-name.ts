/** What a job's temporary is called, beside its target. */
const temporaryPattern = /^\.weightlock-([a-z2-7]{26})\.tmp$/

export const temporaryName = (jobId: string): string => `.weightlock-${jobId}.tmp`

/** The job of a temporary of ours, or null for any other file. */
export const jobOfTemporary = (fileName: string): string | null =>
  temporaryPattern.exec(fileName)?.[1] ?? null
