/** Before every test file: where `WEIGHTLOCK_SEED` names a seed, fast-check draws from it, so that a round of the soak
 * can be played again. */
const seed = process.env['WEIGHTLOCK_SEED']
if (seed !== undefined) {
  const { default: fc } = await import('fast-check')
  fc.configureGlobal({ seed: Number(seed) })
}

export {}
