// The guards of access control as Nest runs them, beside a guard that does nothing and beside casbin.
import 'reflect-metadata';
import {
  AccessControlModule,
  RequirePermission,
  RevocationSet,
  Roles,
  withLowS,
} from '@gatehouse/access-control';
import { BUILT_IN_ROLE_PERMISSIONS } from '@gatehouse/auth-contracts';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { StringAdapter, newCachedEnforcer, newEnforcer, newModelFromString } from 'casbin';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';
import { answer } from '../answers.mjs';

const REVOCATIONS = 1_000;
const ROLE = 'user';
const [RESOURCE, ACTION] = ['providers', 'report'];

class ProvidersController {
  report() {}
}
const report = Object.getOwnPropertyDescriptor(ProvidersController.prototype, 'report');
Roles(ROLE)(ProvidersController.prototype, 'report', report);
RequirePermission(`${RESOURCE}:${ACTION}`)(ProvidersController.prototype, 'report', report);

const { token, options } = await platform();
class AppModule {}
Module({ imports: [AccessControlModule.forRoot(options)] })(AppModule);
const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
await app.init();
// As they were registered: who calls, then the role, then the permissions.
const guards = app.config.getGlobalGuards();
const after = guards.slice(1);
const empty = { canActivate: () => true };

/** A request as a guard sees it. */
const contextOf = (request) => ({
  getType: () => 'http',
  getHandler: () => ProvidersController.prototype.report,
  getClass: () => ProvidersController,
  switchToHttp: () => ({ getRequest: () => request, getResponse: () => ({}) }),
});
const aRequest = () => ({ headers: { authorization: `Bearer ${token}` } });
const known = contextOf(aRequest());
for (const guard of guards) await guard.canActivate(known);

const casbins = { casbin: await policy(newEnforcer), 'casbin-cached': await policy(newCachedEnforcer) };

const runs = {
  /** The token as well: its signature is known, its claims and revocation are looked at. */
  'with-token': async () => run(guards, contextOf(aRequest())),
  /** The role and the permission of a caller who is known. */
  'role-and-permission': async () => run(after, known),
  'empty-guard': async () => run([empty], known),
  casbin: () => casbins.casbin.enforce(ROLE, RESOURCE, ACTION),
  'casbin-cached': () => casbins['casbin-cached'].enforce(ROLE, RESOURCE, ACTION),
};

answer({
  /** Nanoseconds for each of so many calls. */
  async time({ side, calls }) {
    const call = runs[side];
    if ((await call()) !== true) throw new Error(`${side} refuses`);
    const begun = performance.now();
    for (let n = 0; n < calls; n++) await call();
    return ((performance.now() - begun) / calls) * 1e6;
  },
});

/** As Nest does: one after the other, waiting for those that take time. */
async function run(all, context) {
  for (const guard of all) {
    const allowed = guard.canActivate(context);
    if ((typeof allowed === 'boolean' ? allowed : await allowed) !== true) return false;
  }
  return true;
}

async function platform() {
  const [issuer, audience, kid, alg] = ['https://platform.example.com', 'gatehouse', 'k1', 'ES256'];
  const { privateKey, publicKey } = await generateKeyPair(alg);
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }] };
  const claims = { type: 'access', role: ROLE, sid: randomUUID(), client_id: 'gatehouse', epoch: 0 };
  const signed = await new SignJWT(claims)
    .setProtectedHeader({ alg, kid, typ: 'at+jwt' })
    .setSubject(randomUUID())
    .setJti(randomUUID())
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
  return {
    token: withLowS(signed),
    options: { issuer, audience, keys: async () => jwks, revocations: someRevocations() },
  };
}

/** Revocations to look through, as a process knows them. */
function someRevocations() {
  const revoked = new RevocationSet();
  const [revokedAt, expiresAt] = [new Date(), new Date(Date.now() + 3_600_000)].map((time) =>
    time.toISOString(),
  );
  for (let n = 0; n < REVOCATIONS; n++)
    revoked.add({ kind: 'session', id: randomUUID(), revokedAt, expiresAt });
  return {
    size: REVOCATIONS,
    ageMs: () => 0,
    now: () => Date.now(),
    isRevoked: (claims, at) => revoked.isRevoked(claims, at?.getTime()),
    isApiKeyRevoked: (id) => revoked.hasApiKey(id),
    onChange: () => () => undefined,
  };
}

/** The same roles and permissions as a model of casbin: roles that inherit, `*` for every action. */
async function policy(make) {
  const model = newModelFromString(`
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub) && (p.obj == '*' || r.obj == p.obj) && (p.act == '*' || r.act == p.act)`);
  const rules = Object.entries(BUILT_IN_ROLE_PERMISSIONS).flatMap(([role, permissions]) =>
    permissions.map((permission) => {
      const [resource, action = '*'] = permission.split(':');
      return `p, ${role}, ${resource}, ${action}`;
    }),
  );
  const inherits = ['g, admin, user', 'g, user, viewer', 'g, viewer, guest'];
  return make(model, new StringAdapter([...rules, ...inherits].join('\n')));
}
