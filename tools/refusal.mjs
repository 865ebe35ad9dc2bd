/** Something that cannot be done, in a sentence for people: printed as it is, without a stack. */
export class Refusal extends Error {}

/** What the file system refuses is more often the machine's state than a fault of the tool. */
const ADVICE = {
  EACCES:
    'It belongs to another user: run as that user, remove it, or choose another folder (GATEHOUSE_HOME).',
  EPERM:
    'It belongs to another user: run as that user, remove it, or choose another folder (GATEHOUSE_HOME).',
  EROFS: 'Choose a folder that can be written to (GATEHOUSE_HOME).',
  ENOSPC: 'The disk is full.',
};

/** Runs the main function of a tool; a Refusal becomes its sentence and exit code 1. */
export async function runTool(main) {
  try {
    await main();
  } catch (error) {
    const advice = error.path && ADVICE[error.code];
    if (!(error instanceof Refusal) && !advice) throw error;
    console.error(`\n${[error.message, advice].filter(Boolean).join('\n')}`);
    process.exitCode = 1;
  }
}
