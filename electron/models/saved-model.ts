import type { MetadataEntry } from '../../shared/model-inspection.ts'
import { malformed, type Budget } from './bounds.ts'
import type { ByteReader } from './byte-reader.ts'
import { createCursor } from './cursor.ts'
import { printable } from './printable.ts'
import { readFieldText, walkMessage } from './protobuf.ts'

const fieldLimit = 500_000
const tagsListed = 32

/**
 * Reads what a TensorFlow SavedModel says of itself: the version that wrote it and its tags. The graph is passed by.
 * @throws Malformed @see tensorflow/core/protobuf/saved_model.proto, meta_graph.proto
 */
export async function readSavedModel(reader: ByteReader, budget: Budget): Promise<MetadataEntry[]> {
  const cursor = createCursor(reader, budget)
  const allowance = { left: fieldLimit }
  const tags: string[] = []
  let schemaVersion: number | null = null
  let writer: string | null = null
  let graphCount = 0
  await walkMessage(cursor, reader.sizeBytes, allowance, async (field) => {
    if (field.number === 1 && field.wire === 'varint') schemaVersion = field.value
    else if (field.number === 2 && field.wire === 'bytes') {
      graphCount++
      await walkMessage(cursor, field.end, allowance, async (part) => {
        if (part.number !== 1 || part.wire !== 'bytes') return
        await walkMessage(cursor, part.end, allowance, async (info) => {
          if (info.wire !== 'bytes') return
          if (info.number === 4 && tags.length < tagsListed) {
            tags.push(printable(await readFieldText(cursor, info), 60))
          } else if (info.number === 5) writer = printable(await readFieldText(cursor, info), 60)
        })
      })
    } else malformed('it holds a field that SavedModel does not have')
  })
  if (graphCount === 0) malformed('it has no graph')
  return [
    ...(writer === null ? [] : [{ key: 'TensorFlow', value: writer }]),
    ...(schemaVersion === null ? [] : [{ key: 'Schema version', value: String(schemaVersion) }]),
    { key: 'Graphs', value: String(graphCount) },
    ...(tags.length > 0 ? [{ key: 'Tags', value: tags.join(', ') }] : []),
  ]
}
