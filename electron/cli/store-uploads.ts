/** Uploads in parts that nobody completed: listed, and aborted on request. */
import type { StoreUpload } from '../../shared/domain/store-upload.ts'
import { fail } from '../../shared/failure.ts'
import type { StoreId } from '../../shared/ids.ts'
import { formatBytes, formatCounted, formatDateTime } from '../../shared/format.ts'
import { safeText } from '../../shared/safe-text.ts'
import { ask, tell } from './calls.ts'
import type { Command, Context, Outcome } from './command.ts'
import { gravestFailure } from './exit-codes.ts'
import { findStore } from './find.ts'
import { table } from './table.ts'

const whoseWords = (upload: StoreUpload): string => {
  if (upload.whose === 'other') return 'not known here'
  return upload.whose === 'job' ? `job ${upload.job?.state ?? 'open'}` : 'ours, its job is over'
}

const uploadTable = (uploads: readonly StoreUpload[], { locale }: Context): string[] =>
  table(
    [
      { title: 'Upload' },
      { title: 'Object' },
      { title: 'Begun' },
      { title: 'Parts', align: 'right' },
      { title: 'Arrived', align: 'right' },
      { title: 'Whose' },
    ],
    uploads.map((upload) => [
      upload.uploadId,
      safeText(upload.objectName),
      upload.begunAt === null ? '' : formatDateTime(upload.begunAt, locale),
      upload.parts === null ? '' : String(upload.parts),
      upload.sizeBytes === null ? '' : formatBytes(upload.sizeBytes, locale),
      whoseWords(upload),
    ]),
  )

async function list(context: Context, storeId: StoreId): Promise<Outcome> {
  const found = await ask(context, 'stores:uploads', { storeId })
  const { uploads, complete } = found
  const partly =
    'This server tells of uploads by name only: those of names that are not known here are not in this list.'
  return {
    value: found,
    lines: [
      ...(uploads.length === 0 ? ['No unfinished upload.'] : uploadTable(uploads, context)),
      ...(complete ? [] : ['', partly]),
    ],
  }
}

async function abort(
  context: Context,
  storeId: StoreId,
  named: string[],
  ofOthers: boolean,
): Promise<Outcome> {
  const uploadIds = named.length === 0 ? null : named
  const done = await tell(context, 'stores:abort-uploads', { storeId, uploadIds, ofOthers })
  const { aborted, kept } = done
  const failure = gravestFailure(kept.map((each) => each.failure))
  const count = formatCounted(aborted.length, 'upload', context.locale)
  return {
    value: done,
    lines: [
      ...uploadTable(aborted, context),
      aborted.length === 0 ? 'Nothing was aborted.' : `${count} aborted`,
    ],
    failures: kept.map(({ uploadId, failure: each }) => ({ path: uploadId, failure: each })),
    ...(failure ? { failure } : {}),
  }
}

const storesUploads: Command = {
  words: 'stores uploads',
  operands: 'S list|abort [UPLOAD…]',
  operandCount: { min: 2, max: Number.POSITIVE_INFINITY },
  summary: 'list uploads that were begun in a store and never completed, or abort them',
  details: [
    'abort alone: all that were begun here and whose job is over. UPLOAD is an id from the list.',
    'Uploads that an open job goes on with are kept: cancel the job. What was not begun here is aborted only by',
    'its id, with --of-others.',
  ],
  options: {
    'of-others': { help: 'also uploads that were not begun here: nobody goes on with them' },
  },
  run: async (input, context) => {
    const [store = '', verb = '', ...named] = input.operands
    const ofOthers = input.isSet('of-others')
    if (verb !== 'list' && verb !== 'abort')
      fail({ code: 'usage/invalid', detail: `list or abort, not ${JSON.stringify(verb)}` })
    if (verb === 'list' && (ofOthers || named.length > 0))
      fail({ code: 'usage/invalid', detail: 'list takes the store alone' })
    if (ofOthers && named.length === 0)
      fail({ code: 'usage/invalid', detail: '--of-others wants the ids of the uploads' })
    const { storeId } = await findStore(context, store)
    return verb === 'list' ? list(context, storeId) : abort(context, storeId, named, ofOthers)
  },
}

export const storeUploadCommands: readonly Command[] = [storesUploads]
