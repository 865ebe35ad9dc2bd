import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { MalformedVerifierKeyError, parseVerifierKey, type TrustedLog } from '@gatehouse/transparency-log';
import { AuditApiClient } from '../live/audit-api.client.js';
import { ServiceAnswerError } from '../live/service-answer-error.js';
import { VerificationFailedError } from '../verification-failed-error.js';
import { type AuditCommand, type AuditCommandOutput, UsageError } from './audit-command.js';
import { exportLog } from './export.command.js';
import { tail } from './tail.command.js';
import { verify } from './verify.command.js';

export const AUDIT_USAGE = `Usage: gatehouse-audit verify FILE --key VKEY    an export, without any service
       gatehouse-audit verify URL --key VKEY     the log of a service: signature, events, tiles, search columns
       gatehouse-audit export URL --key VKEY     events with their proof, for \`verify FILE\`
       gatehouse-audit tail URL --key VKEY       events as they are signed, each verified, one JSON object a line

URL is that of the gateway or of audit-service. VKEY is the line of GET /v1/audit/log-key, from somebody whom you
trust; give it twice while the key of the log is replaced.
  --token-file FILE    an access token or API key with audit:read; or GATEHOUSE_TOKEN
  --state FILE         remembers the last checkpoint that held: an older or another one is noticed (verify URL, tail)
  --from SEQ           the first event (export, tail); tail begins at the end without it
  --to SEQ             the last event (export)
  --out FILE           where to (export); the output without it
`;

const OPTIONS = {
  key: { type: 'string', multiple: true },
  'token-file': { type: 'string' },
  state: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const COMMANDS: Readonly<Record<string, AuditCommand>> = { verify, export: exportLog, tail };

/**
 * `gatehouse-audit`.
 *
 * @returns the exit code: 0; 1 when something does not hold, which is named; 2 when it was called wrongly; 69 when the service
 * is away or refuses
 */
export async function runAudit(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  output: AuditCommandOutput,
): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    const [name, subject, ...more] = positionals;
    if (values.help || name === undefined) {
      output.out(AUDIT_USAGE);
      return values.help ? 0 : 2;
    }
    const command = COMMANDS[name];
    if (command === undefined) throw new UsageError(`There is no command ${name}.`);
    if (subject === undefined || more.length > 0) throw new UsageError(`${name} takes one file or URL.`);
    const token = tokenOf(values['token-file'], env);
    await command({
      ...{ subject, output, log: trustedLog(values.key ?? []), state: values.state, out: values.out },
      ...{ from: sequence(values.from, 'from'), to: sequence(values.to, 'to') },
      api: () => new AuditApiClient({ url: subject, token }),
    });
    return 0;
  } catch (error) {
    return tell(error, output);
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The name of a key is the name of the log. */
function trustedLog(keys: readonly string[]): TrustedLog {
  try {
    const verifiers = keys.map((key) => parseVerifierKey(key.trim()));
    const [first] = verifiers;
    if (first === undefined) throw new UsageError('--key is missing: the line of GET /v1/audit/log-key.');
    return { origin: first.name, keys: verifiers };
  } catch (error) {
    if (!(error instanceof MalformedVerifierKeyError)) throw error;
    throw new UsageError(`--key is no verifier key: ${error.message}.`);
  }
}

function sequence(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--${name} is no seq.`);
  return Number(text);
}

function tokenOf(file: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  if (file === undefined) return env['GATEHOUSE_TOKEN'];
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new UsageError(`${file} cannot be read.`);
  }
}

function tell(error: unknown, output: AuditCommandOutput): number {
  if (error instanceof UsageError) output.err(`${error.message}\n`);
  else if (error instanceof VerificationFailedError) output.err(`NOT VERIFIED: ${error.message}\n`);
  else if (error instanceof ServiceAnswerError) output.err(`${error.message}\n`);
  else throw error;
  if (error instanceof UsageError) return 2;
  return error instanceof VerificationFailedError ? 1 : 69;
}
