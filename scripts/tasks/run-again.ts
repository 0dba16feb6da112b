/** Whether a test file that failed is run once more, which `.ci/run` asks for (docs/decisions/0009). Proofs by crash are
 * never: one failure in thousands of kills is what they look for. */
export const runsAgain = (): boolean => process.env['WEIGHTLOCK_RUN_AGAIN'] === '1'
