/** Something that cannot be done, in a sentence for people: printed as it is, without a stack. */
export class Refusal extends Error {}

/** Runs the main function of a tool; a Refusal becomes its sentence and exit code 1. */
export async function runTool(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}
