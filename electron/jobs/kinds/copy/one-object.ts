/** Two stores may lead to one place: a bucket that was added twice, or a folder of it beside the whole. What looks like two
 * objects is then one, and deleting one of them deletes both. */
import type { FoundVersion } from '../../open-version.ts'

type Found = Pick<FoundVersion, 'store' | 'info'>

/** Whether they are one and the same, as far as their stores tell. Two servers may have buckets of one name: these hold
 * one object only where time and tag agree as well. */
export const isOneObject = (one: Found, other: Found): boolean =>
  locationOf(one) === locationOf(other) &&
  one.info.revision === other.info.revision &&
  one.info.modifiedAt === other.info.modifiedAt

const locationOf = ({ store, info }: Found): string => store.backend.location(info.name)
