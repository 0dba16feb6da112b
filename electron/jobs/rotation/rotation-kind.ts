/** What both kinds of rotation have in common as jobs; they differ in what they do to a version. */
import type { RotationMethod } from '../../../shared/domain/rotation.ts'
import { inTurn } from '../../keys/in-turn.ts'
import type { JobContext, JobKindDefinition } from '../job-kind.ts'
import type { Services } from '../services.ts'
import { settleReplacing } from './replace-object.ts'
import { rotateArtifact, undoRotation, type Rotation } from './rotate-artifact.ts'
import { RotationSpec } from './rotation-spec.ts'
import { storesOfRotation } from './stores-of-rotation.ts'

/** @param target what the artifact gets, in a few words
 * @param rotating what is done to each of its versions */
export const rotationKind = (
  services: Services,
  kind: RotationMethod,
  target: string,
  rotating: (services: Services, context: JobContext) => Rotation,
): JobKindDefinition<RotationSpec> => ({
  kind,
  spec: RotationSpec,
  describe: ({ name, artifactId, keyId, sizeBytes }) => ({
    title: name,
    target,
    artifactId,
    keyId,
    totalBytes: sizeBytes,
  }),
  canPause: true,
  canReveal: () => null,
  stores: (spec) => storesOfRotation(services, spec),
  safe: () =>
    'Every version opens with the old key or with the new one; both are in the keychain, and no key was destroyed.',
  run: (spec, context) =>
    inTurn(
      spec.artifactId,
      () => rotateArtifact(services, spec, context, rotating(services, context)),
      context.signal,
    ),
  undo: (spec, context) => inTurn(spec.artifactId, () => undoRotation(services, spec, context)),
  settle: (_, context) => settleReplacing(services, context),
})
