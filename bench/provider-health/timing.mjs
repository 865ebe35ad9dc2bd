/** Nanoseconds for each of so many calls, one after the other; a promise is awaited. */
export async function nanosecondsEach(calls, call) {
  const first = call();
  const waits = first instanceof Promise;
  await first;
  const begun = process.hrtime.bigint();
  if (waits) for (let n = 0; n < calls; n++) await call();
  else for (let n = 0; n < calls; n++) call();
  return Number(process.hrtime.bigint() - begun) / calls;
}
