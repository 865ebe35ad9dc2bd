export { DomainError, type DomainErrorOptions } from './domain.error.js';
export { DependencyUnavailableError, NotFoundError, ValidationFailedError } from './domain.errors.js';
export type { FieldError, ProblemDetails } from './problem-details.js';
export { DomainErrorFilter, type ErrorTranslator, ProblemFilter } from './problem.filter.js';
export { fromProblem, toProblem } from './to-problem.js';
