/** Words of the guided pages of a compromise. */
export const incidentStepNames = [
  'Leak and plan',
  'Contain',
  'Re-encrypt',
  'Old versions',
  'Incident report',
] as const
