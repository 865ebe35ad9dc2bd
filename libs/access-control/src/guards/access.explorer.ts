import { Injectable, RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { PATTERN_METADATA } from '@nestjs/microservices/constants.js';
import { requirementOf } from './access.metadata.js';
import type { AccessRequirement } from './access-requirement.js';

/** One route or message handler and what it asks of its callers. */
export interface ExploredHandler {
  kind: 'http' | 'message';
  controller: string;
  handler: string;
  /** What it answers: `GET /v1/projects/:id`, or the pattern of its messages. */
  routes: string[];
  requirement: AccessRequirement;
}

type Handler = (...args: never[]) => unknown;

/** Lists every route and message handler of the application with what it asks, for reviews and for tests. */
@Injectable()
export class AccessExplorer {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  handlers(): ExploredHandler[] {
    return this.discovery.getControllers().flatMap(({ metatype }) => {
      const controller = metatype as Type | null;
      const prototype = controller?.prototype as Record<string, Handler> | undefined;
      if (controller === null || prototype === undefined) return [];
      return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
        const handler = prototype[name];
        const kind = handler === undefined ? undefined : kindOf(handler);
        if (handler === undefined || kind === undefined) return [];
        return [
          {
            kind,
            controller: controller.name,
            handler: name,
            routes: kind === 'http' ? routesOf(controller, handler) : patternsOf(handler),
            requirement: requirementOf(handler, controller),
          },
        ];
      });
    });
  }
}

function kindOf(handler: Handler): ExploredHandler['kind'] | undefined {
  if (Reflect.hasMetadata(PATTERN_METADATA, handler)) return 'message';
  return Reflect.hasMetadata(PATH_METADATA, handler) ? 'http' : undefined;
}

/** A global prefix of the application is not in them. */
function routesOf(controller: Type, handler: Handler): string[] {
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
  return listOf(Reflect.getMetadata(PATH_METADATA, controller)).flatMap((base) =>
    listOf(Reflect.getMetadata(PATH_METADATA, handler)).map((path) => {
      const segments = [base, path]
        .join('/')
        .split('/')
        .filter((segment) => segment !== '');
      return `${method} /${segments.join('/')}`;
    }),
  );
}

const patternsOf = (handler: Handler): string[] =>
  listOf(Reflect.getMetadata(PATTERN_METADATA, handler)).map((pattern) =>
    typeof pattern === 'string' ? pattern : JSON.stringify(pattern),
  );

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value ?? ''];
}
