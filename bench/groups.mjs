import { audit } from './audit/group.mjs';
import { checks } from './checks/group.mjs';
import { login } from './login/group.mjs';
import { providerHealth } from './provider-health/group.mjs';
import { tokens } from './tokens/group.mjs';
import { transport } from './transport/group.mjs';

/**
 * What can be measured. A group is `{ name, title, about, limits(results), run(context), goalOf(result, results) }`;
 * `run` answers its results, `goalOf` the goal of one of them, `{ text, met }`, or undefined.
 */
export const groups = [audit, checks, login, providerHealth, tokens, transport];
