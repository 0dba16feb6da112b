/** Small valid model files, for journeys: what the formats' own tests use. */
export { smallGguf, smallSafetensors } from '../../electron/models/testing/model-files.ts'
