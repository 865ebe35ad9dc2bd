import type { AuthReplica, Tokens } from './auth-replica.js';

/** Statuses that a client has seen which keeps to the rules, and which it may see. */
export interface Seen {
  readonly ok: number;
  readonly refused: number;
  /** What nobody may be answered. */
  readonly odd: readonly unknown[];
}

/** A client that keeps to the rules: it has the newest tokens that it was given and comes again when it is told to. */
export class HonestClient {
  private readonly odd: unknown[] = [];
  private ok = 0;
  private refused = 0;
  private over = false;
  private working: Promise<void> = Promise.resolve();
  /** Sessions whose end was acknowledged to it. */
  readonly ended: Tokens[] = [];

  /** @param signsOut whether it begins sessions of its own and ends them, beside the one that it has */
  constructor(
    private readonly email: string,
    public tokens: Tokens,
    private readonly replicas: readonly AuthReplica[],
    private readonly signsOut: boolean,
  ) {}

  get seen(): Seen {
    return { ok: this.ok, refused: this.refused, odd: this.odd };
  }

  begin(): void {
    this.working = this.work();
  }

  async stop(): Promise<void> {
    this.over = true;
    await this.working;
  }

  private async work(): Promise<void> {
    for (let turn = 0; !this.over; turn++) {
      const replica = this.replicas[turn % this.replicas.length] as AuthReplica;
      if (this.signsOut) await this.signInAndOut(replica);
      await this.noting(replica.me(this.tokens.accessToken));
      const refreshed = await this.noting(replica.refresh(this.tokens.refreshToken, 'node'));
      if (refreshed?.status === 200) this.tokens = refreshed.body;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  private async signInAndOut(replica: AuthReplica): Promise<void> {
    const login = await this.noting(replica.login(this.email));
    if (login?.status !== 200) return;
    const logout = await this.noting(replica.logout(login.body.accessToken), [401]);
    if (logout?.status === 204) this.ended.push(login.body);
  }

  /** @param also statuses that are right too: Redis may have lost a session of the last second */
  private async noting<A extends { status: number; headers: Headers; body: unknown }>(
    call: Promise<A>,
    also: readonly number[] = [],
  ): Promise<A | undefined> {
    try {
      const answer = await call;
      if (answer.status === 503 && answer.headers.get('retry-after') !== null) this.refused++;
      else if (answer.status === 200 || answer.status === 204) this.ok++;
      else if (!also.includes(answer.status)) this.odd.push([answer.status, answer.body]);
      return answer;
    } catch (error) {
      this.odd.push(String(error));
      return undefined;
    }
  }
}
