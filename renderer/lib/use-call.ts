/** Calls of the contract as hooks. A `Result` is unwrapped: the value is data, the failure a `WeightlockError`. */
import { useMutation, useQuery } from '@tanstack/react-query'
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Bridge } from '../../shared/contract/bridge.ts'
import type { Channel, Request, Response } from '../../shared/contract/contract.ts'
import { WeightlockError } from '../../shared/failure.ts'
import type { Failure } from '../../shared/failure.ts'
import { useProgram } from './program-context.ts'

/** One call, unwrapped.
 * @throws WeightlockError for every expected failure, and `internal/bug` when the wire itself broke */
export async function callMain<C extends Channel>(
  bridge: Bridge,
  channel: C,
  request: Request<C>,
): Promise<Response<C>> {
  const result = await bridge.invoke(channel, request).catch((cause: unknown) => {
    throw new WeightlockError({ code: 'internal/bug', reference: `call ${channel}` }, { cause })
  })
  if (!result.ok) throw new WeightlockError(result.failure)
  return result.value
}

/** What an exception tells a person: its failure, or a bug's. */
export const failureFrom = (error: unknown): Failure =>
  error instanceof WeightlockError ? error.failure : { code: 'internal/bug', reference: 'window' }

/** A call to be made now: `const invoke = useInvoke(); await invoke('jobs:pause', { jobIds })`. */
export function useInvoke(): <C extends Channel>(channel: C, request: Request<C>) => Promise<Response<C>> {
  const { bridge } = useProgram()
  return useCallback((channel, request) => callMain(bridge, channel, request), [bridge])
}

type CallOptions = {
  /** Do not call yet. */
  enabled?: boolean
  /** Show what the last request answered until this one has. */
  keepPrevious?: boolean
  /** Ask again whenever it is shown: for what changes without `catalog:changed` (folders, free space, history). */
  fresh?: boolean
}

/** What main answers to a request, kept until `catalog:changed`. */
export function useCall<C extends Channel>(
  channel: C,
  request: Request<C>,
  { enabled = true, keepPrevious = false, fresh = false }: CallOptions = {},
): UseQueryResult<Response<C>, WeightlockError> {
  const { bridge } = useProgram()
  return useQuery<Response<C>>({
    queryKey: [channel, request],
    queryFn: () => callMain(bridge, channel, request),
    enabled,
    ...(fresh ? { staleTime: 0 } : {}),
    placeholderData: keepPrevious ? (previous: Response<C> | undefined) => previous : undefined,
  } as Parameters<typeof useQuery<Response<C>>>[0])
}

/** A call that changes something: `const destroy = useAction('keys:destroy'); destroy.mutate({ … })`. */
export function useAction<C extends Channel>(
  channel: C,
  options: { onDone?: (response: Response<C>, request: Request<C>) => void } = {},
): UseMutationResult<Response<C>, WeightlockError, Request<C>> {
  const { bridge } = useProgram()
  return useMutation<Response<C>, WeightlockError, Request<C>>({
    mutationFn: (request) => callMain(bridge, channel, request),
    ...(options.onDone ? { onSuccess: options.onDone } : {}),
  })
}
