/** What a `MeasuredProcess` was started with. */
export const options = JSON.parse(process.argv[2]);

/** Says that this process is ready, and answers questions by name for as long as somebody is there to ask. */
export function answer(questions) {
  const all = { cpuSeconds, ...questions };
  process.on('message', async ({ id, what, input }) => {
    try {
      process.send({ id, answer: await all[what](input) });
    } catch (error) {
      process.send({ id, error: error.stack });
    }
  });
  process.on('disconnect', () => process.exit());
  process.send({ ready: true });
}

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
