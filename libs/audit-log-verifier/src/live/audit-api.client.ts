import {
  formatBundlePath,
  formatTilePath,
  MalformedBundleError,
  parseEntryBundle,
  type TileCoordinates,
} from '@gatehouse/transparency-log';
import type { LogSource } from './log-source.js';
import { ServiceAnswerError } from './service-answer-error.js';

const TIMEOUT_MS = 30_000;
/** Busy, or restarting: a replica behind a gateway. */
const TRY_AGAIN = new Set([429, 502, 503, 504]);
const ATTEMPTS = 5;
const PAUSE_MS = 500;

export interface AuditApiOptions {
  /** Of the gateway or of audit-service, e.g. `https://example.com`. */
  readonly url: string;
  /** An access token or API key that has `audit:read`. */
  readonly token: string | undefined;
}

/** The log over the routes of audit-service. */
export class AuditApiClient implements LogSource {
  private readonly base: string;

  constructor(private readonly options: AuditApiOptions) {
    this.base = `${options.url.replace(/\/+$/, '')}/v1/audit`;
  }

  async checkpoint(): Promise<string> {
    return (await this.demand('/checkpoint')).toString();
  }

  async logKey(): Promise<string> {
    return (await this.demand('/log-key')).toString();
  }

  tile(tile: TileCoordinates): Promise<Buffer | undefined> {
    return this.get(`/${formatTilePath(tile)}`);
  }

  async entries(index: number, width: number): Promise<Buffer[] | undefined> {
    const bundle = await this.get(`/${formatBundlePath({ index, width })}`);
    try {
      return bundle && parseEntryBundle(bundle, width);
    } catch (error) {
      if (!(error instanceof MalformedBundleError)) throw error;
      throw new ServiceAnswerError('The service answers a bundle that is none', { cause: error });
    }
  }

  async columns(from: number, to: number): Promise<{ seq: number }[]> {
    const answer = JSON.parse((await this.demand(`/columns?from=${from}&to=${to}`)).toString()) as {
      items: { seq: number }[];
    };
    return answer.items;
  }

  async consistency(from: number, to: number): Promise<Buffer[] | undefined> {
    const answer = await this.get(`/consistency?from=${from}&to=${to}`);
    if (answer === undefined) return undefined;
    const { path } = JSON.parse(answer.toString()) as { path: string[] };
    return path.map((hash) => Buffer.from(hash, 'base64'));
  }

  private async demand(path: string): Promise<Buffer> {
    const body = await this.get(path);
    if (body === undefined) throw new ServiceAnswerError(`The service does not have ${path}`);
    return body;
  }

  /** @returns undefined when the log has it not */
  private async get(path: string): Promise<Buffer | undefined> {
    for (let attempt = 1; ; attempt++) {
      const { status, body } = await this.ask(path);
      if (status === 200) return body;
      if (status === 404 || status === 400) return undefined;
      if (!TRY_AGAIN.has(status) || attempt === ATTEMPTS) {
        throw new ServiceAnswerError(
          `The service answers ${status} to ${path}: ${body.toString().slice(0, 300)}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
    }
  }

  private async ask(path: string): Promise<{ status: number; body: Buffer }> {
    const { token } = this.options;
    const headers = new Headers(token === undefined ? {} : { authorization: `Bearer ${token}` });
    try {
      const answer = await fetch(`${this.base}${path}`, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
      return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
    } catch (error) {
      const { message, cause } = error as Error;
      const reason = cause instanceof Error && cause.message !== '' ? cause.message : message;
      throw new ServiceAnswerError(`The service does not answer: ${reason}`, { cause: error });
    }
  }
}
