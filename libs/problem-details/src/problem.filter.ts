import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { type Observable, throwError } from 'rxjs';
import { DomainError } from './domain.error.js';
import type { ProblemDetails } from './problem-details.js';
import { fromProblem, toProblem } from './to-problem.js';

/** What requests of Fastify and of Express have both. */
interface Request {
  id?: unknown;
  url: string;
}

/** What replies of Fastify and of Express have both; `raw` and `sent` are Fastify's. */
interface Reply extends Pick<ServerResponse, 'headersSent' | 'destroy'> {
  raw?: ServerResponse;
  sent?: boolean;
  header(name: string, value: string): unknown;
  status(code: number): unknown;
  type(value: string): unknown;
  send(body: string): unknown;
}

/** Turns errors of a driver into a `DomainError`, e.g. a refused connection into `dependency-unavailable`. */
export type ErrorTranslator = (error: unknown) => DomainError | undefined;

/**
 * The one place where errors become answers: `application/problem+json` over HTTP, the same shape in messages.
 * A 5xx is logged with its cause, unless it was expected, and told to the caller without it.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  /** @param translators asked in order; the first that knows an error decides what it means */
  constructor(private readonly translators: readonly ErrorTranslator[] = []) {}

  catch(thrown: unknown, host: ArgumentsHost): Observable<never> | void {
    const error = this.translate(thrown);
    const problem = toProblem(error);
    const isExpected = error instanceof DomainError && error.isExpected;
    if (problem.status >= 500 && !isExpected)
      this.logger.error({ err: thrown, problem: problem.type }, problem.title);
    if (host.getType() === 'http') return this.answerHttp(error, problem, host);
    return throwError(() =>
      error instanceof DomainError && problem.status < 500 ? error : fromProblem(problem, thrown),
    );
  }

  private translate(thrown: unknown): unknown {
    if (thrown instanceof DomainError) return thrown;
    for (const translate of this.translators) {
      const translated = translate(thrown);
      if (translated !== undefined) return translated;
    }
    return thrown;
  }

  private answerHttp(error: unknown, problem: ProblemDetails, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const reply = host.switchToHttp().getResponse<Reply>();
    const raw = reply.raw ?? reply;
    if (reply.sent === true || raw.headersSent) {
      // The answer has begun (a stream): all that is left is to cut it, so that it is not taken for complete.
      raw.destroy();
      return;
    }
    const { retryAfterSeconds, ...body } = problem;
    const headers = error instanceof DomainError ? error.headers : {};
    for (const [name, value] of Object.entries(headers)) void reply.header(name, value);
    if (retryAfterSeconds !== undefined)
      void reply.header('retry-after', String(Math.ceil(retryAfterSeconds)));
    void reply.status(problem.status);
    void reply.type('application/problem+json');
    const requestId = typeof request.id === 'string' ? request.id : undefined;
    void reply.send(JSON.stringify({ ...body, instance: pathOf(request), requestId }));
  }
}

/** The same for whoever has filters of their own, and wants those answers of the suite that it has words for. */
@Catch(DomainError)
export class DomainErrorFilter extends ProblemFilter {}

/** The path without the query, which may hold what belongs in no answer and no log. */
function pathOf(request: Request): string {
  return request.url.split('?', 1)[0] ?? '/';
}
