import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Who names a header `X-Auth-*`, and all of them write it: into an answer, or into what takes it away from a request. */
const WRITERS = [
  'apps/auth-service/src/gateways/gateway-verification.controller.ts',
  'apps/auth-service/src/gateways/identity-headers.ts',
  'libs/access-control/src/access-control-options.ts',
  'libs/access-control/src/guards/access.refusals.ts',
];

/** A look at a header by its name, whatever the case and spelling. */
const READS = /(?:headers?\??\.?\s*[[(]|getHeader\w*\??\.?\()\s*['"`]x[-_.]auth/i;

const sources = ['apps', 'examples', 'libs'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => path.includes('/src/') && path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .filter((path) => !path.includes('node_modules')),
);
const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');

describe('the identity headers of gateways', () => {
  it('are named by those who write them and by nobody else', () => {
    expect(sources.filter((path) => /x[-_.]auth[-_.]/i.test(textOf(path))).sort()).toEqual(WRITERS);
  });

  it('are read by nobody', () => {
    expect("request.headers['X-Auth-Role']").toMatch(READS);
    expect("context.getHeader('x_auth_role')").toMatch(READS);
    expect(
      sources.filter(
        (path) => path !== 'libs/access-control/src/guards/access.refusals.ts' && READS.test(textOf(path)),
      ),
    ).toEqual([]);
  });
});
