// The layers of docs/architecture.md, checked. `npm run check:architecture`.
const role = (names) => `\\.(${names})\\.ts$`;
const packageSources = '^(apps|examples|libs)/[^/]+/src/';
/** `thing.role.ts`, as against `thing.ts`. */
const fileWithRole = '\\.[a-z]+\\.ts$';

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-app-imports-app',
      comment: 'Services are deployed apart: they share libraries and messages, never code of each other.',
      severity: 'error',
      from: { path: '^(apps|examples)/([^/]+)/' },
      to: { path: '^(apps|examples)/', pathNot: '^$1/$2/' },
    },
    {
      name: 'no-library-imports-app',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(apps|examples)/' },
    },
    {
      name: 'library-is-entered-by-its-index',
      severity: 'error',
      from: { path: '^(apps|examples|libs)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/', pathNot: ['^libs/$2/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'one-index-a-library',
      comment: 'src/index.ts of a library is the only index file.',
      severity: 'error',
      from: {},
      to: { path: `${packageSources}.*index\\.ts$`, pathNot: '^libs/[^/]+/src/index\\.ts$' },
    },
    {
      name: 'plain-file-imports-plain-files',
      comment: 'A file without a role holds rules of the domain: no Nest, no driver, no file with a role.',
      severity: 'error',
      from: {
        path: packageSources,
        pathNot: [fileWithRole, '/src/index\\.ts$', '/src/(main|migrate|rotate-keys)\\.ts$', '/migrations/'],
      },
      to: {
        path: [
          `${packageSources}.*${fileWithRole}`,
          'node_modules/(@nestjs|typeorm|pg|ioredis|fastify|@fastify|rxjs)/',
        ],
        // What may go wrong is part of the rules.
        pathNot: role('errors?'),
      },
    },
    {
      name: 'driver-behind-a-repository',
      comment: 'Controllers and consumers ask a manager, service or tracker.',
      severity: 'error',
      from: { path: role('controller|consumer|scheduler') },
      to: { path: role('repository|entity') },
    },
    {
      name: 'no-repository-of-another-feature',
      severity: 'error',
      from: { path: '^(apps|examples)/([^/]+)/src/([^/]+)/', pathNot: '\\.module\\.ts$' },
      to: { path: `^$1/$2/src/.*${role('repository|entity')}`, pathNot: '^$1/$2/src/$3/' },
    },
    {
      name: 'no-undeclared-package',
      comment: 'Each service and library declares what it imports in its own package.json.',
      severity: 'error',
      from: { path: packageSources, pathNot: '\\.spec\\.ts$' },
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev', 'unknown', 'undetermined'],
        // A workspace resolves through its link to a path that is no package; the project references name it.
        pathNot: '^libs/',
      },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        path: packageSources,
        pathNot: ['/src/index\\.ts$', '/src/main\\.ts$', '/src/migrate\\.ts$'],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    combinedDependencies: false,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@gatehouse/source', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
