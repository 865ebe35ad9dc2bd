import { jest } from '@jest/globals';

// Processes start, die, and are waited for.
jest.setTimeout(300_000);
