import type { Channel } from '../../shared/contract/contract.ts'
import type { ProgramStatus } from '../../shared/contract/program.ts'
import type { Failure } from '../../shared/failure.ts'
import type { JobView } from '../../shared/job.ts'
import type { Answers, FakeBridge } from './fake-bridge.ts'

/** What is done to reach a state. Roles and names as screen readers find them. */
export type Step =
  | { click: [role: string, name: string] }
  | { rightClick: [role: string, name: string] }
  | { press: string }
  | { type: string }
  | { waitFor: string }
  /** In the page: what main would tell it, a drag. */
  | { act: (bridge: FakeBridge) => void }

/** One picture: an address, what main answers, and what is done. */
export type GalleryState = {
  /** Also the picture's file name: `artifacts-many`. */
  name: string
  at: string
  status?: Partial<ProgramStatus>
  jobs?: JobView[]
  answers?: Partial<Answers>
  failures?: [Channel, Failure][]
  hanging?: Channel[]
  steps?: Step[]
}
