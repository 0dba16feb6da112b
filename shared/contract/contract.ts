/** The whole contract between main and its clients: the window and the terminal. */
import type { z } from 'zod'
import { artifactsContract } from './artifacts.ts'
import { auditContract } from './audit.ts'
import { compromiseContract } from './compromise.ts'
import { decryptContract } from './decrypt.ts'
import { encryptContract } from './encrypt.ts'
import { filesContract } from './files.ts'
import { jobsContract } from './jobs.ts'
import { keysContract } from './keys.ts'
import { kitsContract } from './kits.ts'
import { objectsContract } from './objects.ts'
import { programContract } from './program.ts'
import { retirementContract } from './retirement.ts'
import { rotationContract } from './rotation.ts'
import { storesContract } from './stores.ts'
import type { Result } from '../failure.ts'

export const contract = {
  ...programContract,
  ...filesContract,
  ...storesContract,
  ...artifactsContract,
  ...objectsContract,
  ...encryptContract,
  ...decryptContract,
  ...keysContract,
  ...rotationContract,
  ...retirementContract,
  ...kitsContract,
  ...compromiseContract,
  ...auditContract,
  ...jobsContract,
}

export type Contract = typeof contract
export type Channel = keyof Contract
export type Request<C extends Channel> = z.input<Contract[C]['request']>
export type ParsedRequest<C extends Channel> = z.output<Contract[C]['request']>
export type Response<C extends Channel> = z.output<Contract[C]['response']>

/** A client's way in: makes a call and gets a `Result`; never throws for an expected failure. */
export type Invoke = <C extends Channel>(channel: C, request: Request<C>) => Promise<Result<Response<C>>>
