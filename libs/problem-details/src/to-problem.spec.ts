import { ForbiddenException, HttpException, NotFoundException } from '@nestjs/common';
import { DependencyUnavailableError, ValidationFailedError } from './domain.errors.js';
import { DomainError } from './domain.error.js';
import { fromProblem, toProblem } from './to-problem.js';

class EmailTakenError extends DomainError {
  constructor() {
    super({
      type: 'email-taken',
      status: 409,
      title: 'Taken',
      detail: 'a@b.c has an account',
      cause: new Error('secret'),
    });
  }
}

describe('toProblem', () => {
  it('says what a domain error says, without its cause', () => {
    expect(toProblem(new EmailTakenError())).toEqual({
      type: 'email-taken',
      status: 409,
      title: 'Taken',
      detail: 'a@b.c has an account',
    });
  });

  it('keeps the fields that did not fit', () => {
    const errors = [{ path: 'email', message: 'Invalid' }];
    expect(toProblem(new ValidationFailedError(errors))).toMatchObject({
      type: 'validation-failed',
      status: 400,
      errors,
    });
  });

  it('drops the detail of a 5xx and keeps when to try again', () => {
    expect(toProblem(new DependencyUnavailableError('PostgreSQL', { retryAfterSeconds: 2 }))).toEqual({
      type: 'dependency-unavailable',
      status: 503,
      title: 'A part of the service is away, try again',
      retryAfterSeconds: 2,
    });
  });

  it.each([
    [new NotFoundException('Cannot GET /secret/path'), 'not-found', 404],
    [new ForbiddenException(), 'forbidden', 403],
    [
      Object.assign(new Error('Forbidden resource'), { getError: () => 'Forbidden resource' }),
      'forbidden',
      403,
    ],
    [new HttpException('teapot', 418), 'bad-request', 418],
    [Object.assign(new Error('Body is too large'), { statusCode: 413 }), 'payload-too-large', 413],
    [Object.assign(new Error('boom'), { statusCode: 502 }), 'internal-error', 500],
    [new Error('SELECT password FROM account'), 'internal-error', 500],
    ['a string', 'internal-error', 500],
    [undefined, 'internal-error', 500],
    [Object.assign(new Error('odd'), { statusCode: 200 }), 'internal-error', 500],
  ])('gives %s the type of its status and none of its text', (error, type, status) => {
    const problem = toProblem(error);
    expect(problem).toEqual({ type, status, title: expect.any(String) as string });
    expect(problem.title).not.toMatch(/secret|password|Body is/);
  });

  it('comes back from a message as the same problem', () => {
    const problem = toProblem(new EmailTakenError());
    expect(toProblem(fromProblem(problem))).toEqual(problem);
  });
});
