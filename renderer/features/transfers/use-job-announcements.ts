import { useEffect, useRef } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import type { JobView } from '../../../shared/job.ts'
import { announce } from '../../lib/announce.ts'
import { announcement } from './job-groups.ts'

/** Tells screen readers when a job changes its state, and fetches the history again once one has ended. */
export function useJobAnnouncements(jobs: JobView[]): void {
  const queries = useQueryClient()
  const before = useRef<Map<string, JobView>>(new Map())
  useEffect(() => {
    const known = before.current
    const words = jobs.flatMap((job) => announcement(known.get(job.jobId), job) ?? [])
    const changed =
      jobs.some((job) => known.get(job.jobId)?.state !== job.state) || known.size !== jobs.length
    before.current = new Map(jobs.map((job) => [job.jobId, job]))
    if (words.length > 0) announce(words.length > 3 ? `${words.length} jobs changed` : words.join('. '))
    if (changed && known.size > 0) void queries.invalidateQueries({ queryKey: ['jobs:history'] })
  }, [jobs, queries])
}
