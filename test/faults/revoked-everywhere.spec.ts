import { eventually } from '../support/eventually.js';
import { AuthFleet } from './auth-fleet.js';
import type { AuthReplica, Tokens } from './auth-replica.js';
import { type Verifier, Verifiers } from './verifiers.js';

/** What is certain of the last 2 s counts as known. */
const KNOWN_MS = 2_000;
/** Past the bound, with room for the answer. */
const PAUSE_MS = 2 * KNOWN_MS;

describe('a session that has ended, in verifiers of which one at a time fails', () => {
  let fleet: AuthFleet;
  let auth: AuthReplica;
  let verifiers: Verifiers;
  let nothing: number;
  let [first, behindDoor, alsoBehindDoor]: Verifier[] = [];

  beforeAll(async () => {
    fleet = await AuthFleet.start();
    nothing = await fleet.redis.mark();
    auth = await fleet.replica();
    verifiers = new Verifiers(fleet, auth);
    const policy = { maxStalenessMs: KNOWN_MS };
    [first, , behindDoor, alsoBehindDoor] = await Promise.all([
      ...[verifiers.start(policy), verifiers.start(policy)],
      ...[verifiers.start(policy, { behindDoor: true }), verifiers.start(policy, { behindDoor: true })],
    ]);
  }, 120_000);

  afterAll(async () => {
    await verifiers.kill();
    await fleet.stop();
  }, 60_000);

  /** Signed in, and let in by each of them. */
  const aSession = async (): Promise<Tokens> => {
    const tokens = await auth.signIn(fleet.anEmail());
    await verifiers.accept(tokens);
    return tokens;
  };
  const end = async (tokens: Tokens) => expect((await auth.logout(tokens.accessToken)).status).toBe(204);

  it('is refused in each of them, and no other is', async () => {
    const [ended, other] = [await aSession(), await aSession()];
    await end(ended);
    await verifiers.refuse(ended);
    await verifiers.accept(other);
  });

  it('is refused where the message of it was lost on the way', async () => {
    const ended = await aSession();
    const lost = Promise.all([
      fleet.doors.redis.cutAt('out', ended.sessionId),
      fleet.doors.redis.cutAt('out', ended.sessionId),
    ]);
    await end(ended);
    await lost;
    await verifiers.refuse(ended, [behindDoor, alsoBehindDoor] as Verifier[]);
  });

  it.each([
    ['paused meanwhile, which decides nothing before it has asked', () => first, () => undefined],
    ['paused and cut off meanwhile', () => behindDoor, () => fleet.doors.redis.cut()],
  ])('is not let in by one that was %s', async (_what, verifier, alsoDo) => {
    const [ended, other] = [await aSession(), await aSession()];
    const paused = verifier() as Verifier;
    paused.child.pause();
    alsoDo();
    await end(ended);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const answers = [paused.status('change', other), paused.status('change', ended)];
    paused.child.resume();
    const [ofOther, ofEnded] = await Promise.all(answers);
    expect(ofOther).toBe(503);
    expect(ofEnded).not.toBe(200);
    expect(await verifiers.refuse(ended, [paused])).not.toContain(200);
    await verifiers.accept(other, [paused]);
  });

  it('is refused after Redis was killed and has lost everything, also by one that starts then', async () => {
    const [ended, other] = [await aSession(), await aSession()];
    await end(ended);
    await verifiers.refuse(ended);
    const atOnce = await aSession();
    // Its end is in PostgreSQL, and Redis forgets it before most can have heard of it.
    await end(atOnce);
    await fleet.redis.loseSince(nothing);
    for (const verifier of verifiers.all) expect(await verifier.status('change', ended)).not.toBe(200);
    await fleet.redis.start();
    await verifiers.start({ maxStalenessMs: KNOWN_MS });
    await verifiers.refuse(atOnce);
    expect(new Set(await verifiers.refuse(ended))).not.toContain(200);
    await verifiers.accept(other);
    const later = await eventually('somebody signs in', () => auth.signIn(fleet.anEmail()));
    await verifiers.accept(later);
    await end(later);
    await verifiers.refuse(later);
  });
});
