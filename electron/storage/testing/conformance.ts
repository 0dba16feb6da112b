/** What every storage backend owes its callers (`backend.ts`), as one suite that each of them runs. */
import { describeChanging } from './conformance/changing.ts'
import type { MakeStore } from './conformance/objects.ts'
import { describeParts } from './conformance/parts.ts'
import { describeReading } from './conformance/reading.ts'
import { describeSettings } from './conformance/settings.ts'
import { describeWriting } from './conformance/writing.ts'

export { describeSettings } from './conformance/settings.ts'
export { codeOf, putObject, testBytes } from './conformance/objects.ts'

/** @param make a fresh, empty store for each test */
export function describeStorageBackend(name: string, make: MakeStore): void {
  describeWriting(name, make)
  describeParts(name, make)
  describeReading(name, make)
  describeChanging(name, make)
  describeSettings(name, make)
}
