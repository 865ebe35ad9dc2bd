import { StandardSchemaValidationPipe } from '@nestjs/common';
import { type FieldError, ValidationFailedError } from '@gatehouse/problem-details';

type Issue = Parameters<
  NonNullable<NonNullable<ConstructorParameters<typeof StandardSchemaValidationPipe>[0]>['exceptionFactory']>
>[0][number];

/** More than anybody reads; a body of a thousand wrong items does not make an answer of a thousand lines. */
const MOST_ERRORS = 50;

/** Validates whatever names a schema (`@Body({ schema })`, `@Query`, `@Param`, `@Payload`), over HTTP and in messages. */
export const createValidationPipe = () =>
  new StandardSchemaValidationPipe({
    exceptionFactory: (issues) => new ValidationFailedError(issues.slice(0, MOST_ERRORS).map(toFieldError)),
  });

function toFieldError(issue: Issue): FieldError {
  const path = (issue.path ?? [])
    .map((segment) => String(typeof segment === 'object' ? segment.key : segment))
    .join('.');
  return { path, message: issue.message };
}
