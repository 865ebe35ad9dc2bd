import { DependencyUnavailableError } from '@gatehouse/problem-details';

export interface ServiceTokensOptions {
  /** Token endpoint of auth-service, e.g. `https://…/v1/auth/token`. */
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
}

interface HeldToken {
  value: string;
  /** On the monotonic clock, milliseconds. */
  renewAt: number;
  expiresAt: number;
}

const FETCH_TIMEOUT_MS = 3_000;
/** A token is renewed when this part of its life has gone, so that auth-service may be away for a while unnoticed. */
const RENEW_AFTER = 0.6;
/** A token that ends within this time is not handed out: the message that carries it has yet to travel. */
const MARGIN_MS = 10_000;

/** A service's own access token, by client credentials at auth-service (RFC 6749 §4.4), renewed ahead of its expiry. */
export class ServiceTokens {
  private held?: HeldToken;
  private pending?: Promise<HeldToken>;

  constructor(private readonly options: ServiceTokensOptions) {}

  /**
   * @returns an access token that is good for at least ten more seconds
   * @throws DependencyUnavailableError when there is none and auth-service gives none
   */
  async token(): Promise<string> {
    const now = performance.now();
    if (this.held !== undefined && now < this.held.renewAt) return this.held.value;
    const renewal = this.renew();
    if (this.held !== undefined && now < this.held.expiresAt - MARGIN_MS) {
      // The old one will do: whether the renewal fails is the concern of a later call.
      renewal.catch(() => {});
      return this.held.value;
    }
    return (await renewal).value;
  }

  /**
   * For a token that was refused though it has not expired: somebody has ended it. The next `token()` asks for another; of
   * one that has been replaced already nothing is forgotten.
   *
   * @param token as `token()` gave it
   */
  forget(token: string): void {
    if (this.held?.value === token) this.held = undefined;
  }

  private renew(): Promise<HeldToken> {
    this.pending ??= this.fetchToken()
      .then((token) => (this.held = token))
      .finally(() => (this.pending = undefined));
    return this.pending;
  }

  private async fetchToken(): Promise<HeldToken> {
    const { tokenUrl, clientId, clientSecret } = this.options;
    const asked = performance.now();
    try {
      const response = await fetch(tokenUrl, {
        method: 'POST',
        headers: { authorization: `Basic ${basicCredentials(clientId, clientSecret)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
        redirect: 'error',
        signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
      });
      if (!response.ok) throw new Error(`The token endpoint answered ${response.status}`);
      return readToken(await response.json(), asked);
    } catch (error) {
      throw new DependencyUnavailableError('auth-service', { cause: error });
    }
  }
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
function basicCredentials(id: string, secret: string): string {
  return Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64');
}

function readToken(body: unknown, asked: number): HeldToken {
  const { access_token: value, expires_in: seconds } = (body ?? {}) as Record<string, unknown>;
  if (typeof value !== 'string' || typeof seconds !== 'number')
    throw new Error('The token endpoint answered no token');
  const expiresAt = asked + seconds * 1000;
  return { value, renewAt: Math.min(asked + seconds * 1000 * RENEW_AFTER, expiresAt - MARGIN_MS), expiresAt };
}
