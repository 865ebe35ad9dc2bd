import { jest } from '@jest/globals';

/** No test asserts a time: on a busy machine a test may take as long as it needs to see what it waits for. */
jest.setTimeout(30_000);
