/** Writes into stores as the journal knows them, of every job that there ever was. */
import type { StoreId } from '../../shared/ids.ts'
import type { Context } from './context.ts'
import type { JournaledWrite } from './job-operations.ts'

/** Steps of which there are thousands, and which name no write. */
const stepsOfParts = `('begin', 'part-digest', 'part-done', 'arrived')`

export const journaledWrites = (context: Context, storeId: StoreId): JournaledWrite[] =>
  context
    .all<Omit<JournaledWrite, 'isOpen' | 'uploadsBefore'> & { isOpen: number; uploadsBefore: string | null }>(
      `SELECT j.job_id AS jobId, j.title, j.state, j.is_open AS isOpen,
         json_extract(s.facts, '$.writeId') AS writeId, json_extract(s.facts, '$.objectName') AS objectName,
         json_extract(s.facts, '$.machine') AS machine, s.at,
         json_extract(s.facts, '$.uploadsBefore') AS uploadsBefore
       FROM jobs j JOIN job_steps s ON s.job_no = j.job_no
       WHERE (instr(j.spec, $storeId) > 0 OR instr(s.facts, $storeId) > 0) AND s.step NOT IN ${stepsOfParts}
         AND (instr(s.facts, '"writeId"') > 0 OR instr(s.facts, '"objectName"') > 0)
       ORDER BY j.job_no DESC, s.n DESC`,
      { storeId },
    )
    .map((row) => ({
      ...row,
      isOpen: row.isOpen === 1,
      uploadsBefore: row.uploadsBefore === null ? null : (JSON.parse(row.uploadsBefore) as string[]),
    }))
